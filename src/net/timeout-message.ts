// What to tell about a step that took too long.
import type { ErrorContext, Stage } from '../base/index.ts';

const CURES: Partial<Record<Stage, string>> = {
  dns: 'check that a name server can be reached',
  connect: "a firewall may drop packets to this port; check 'host' and 'port'",
  proxy: "the proxy did not lead to the server in time; check kind and port in option 'proxy'",
  greeting:
    "the server took the connection but said nothing; if this port wants TLS from the first byte, write security: 'implicit'",
  tls: "the server did not finish the TLS handshake; if this port does not speak TLS from the first byte, write security: 'starttls'",
  content: 'the server stopped reading or the content stopped coming',
  'final-reply': 'the server has the message but has not answered; it may have been delivered',
};

/** Says which step took too long, with whom, what usually cures it and which option moves the bound. */
export function timeoutMessage(
  stage: Stage,
  timeoutMs: number,
  option: string,
  { host, port }: ErrorContext,
): string {
  const peer = host === undefined ? '' : ` with ${host}${port ? `:${port}` : ''}`;
  const cure = CURES[stage] ?? 'the server did not answer in time';
  const lever = option === '' ? '' : `; or raise ${option}`;
  return `Stage '${stage}'${peer} took longer than ${timeoutMs} ms: ${cure}${lever}`;
}
