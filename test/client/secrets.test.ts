// No event, no diagnostics channel, no error, no transcript holds a secret, nor anything that was said in a login, in
// whatever form: whatever the mechanism, and whatever the server says back.
import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { type PosthornEvent, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { everythingShown, secretForms } from '../support/fault-matrix.ts';
import { type Answer, ehlo, scriptedServer } from '../support/scripted-server.ts';
import { clear, letter } from './kit.ts';

const LOGIN = { username: 'ann@login.test', password: 'open sesame +42' };
const TOKEN = 'ya29.a0AfH6SMBsecretTokenThatIsLong';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const payloadOf = (line: string): string => line.replace(/^AUTH \S+ ?/, '');

// The server's first message of SCRAM (RFC 5802 section 5) for what the client said.
const scramFirst: Answer = (link) => {
  const first = Buffer.from(payloadOf(link.line), 'base64').toString();
  const nonce = /r=([^,]*)/.exec(first)?.[1] ?? '';
  return `334 ${base64(`r=${nonce}more,s=${base64('salt')},i=4096`)}`;
};
const echo =
  (before: string): Ending =>
  (secret) =>
  (link) =>
    `${before} ${payloadOf(link.line)} ${secret} ${base64(secret)}`;

const prompts = ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6'];
const MECHANISMS: Record<string, readonly Answer[]> = {
  PLAIN: [],
  LOGIN: prompts,
  'CRAM-MD5': [`334 ${base64('<1.2@test.example.com>')}`],
  'SCRAM-SHA-1': [scramFirst],
  'SCRAM-SHA-256': [scramFirst],
  XOAUTH2: [`334 ${base64(JSON.stringify({ status: '400', scope: TOKEN }))}`],
  OAUTHBEARER: [`334 ${base64(JSON.stringify({ status: 'invalid_token', scope: TOKEN }))}`],
};
type Ending = (secret: string) => Answer;
const ENDINGS: Record<string, Ending> = {
  'a welcome that repeats it': echo('235 welcome'),
  'a refusal that repeats it': echo('535 5.7.8 no'),
  'a refusal on two lines': (secret) => (link) =>
    `535-5.7.8 ${payloadOf(link.line)}
535 5.7.8 ${secret}`,
  'a challenge that repeats it': echo('334'),
  'the wrong class': echo('354'),
  'no reply at all': () => (link) => link.write(`${link.line}\r\n`),
  'an end': () => (link) => void link.socket.end(link.line),
};

const TYPES: readonly PosthornEvent['type'][] = [
  'connect',
  'tls',
  'warning',
  'auth',
  'command',
  'reply',
  'sent',
  'failed',
  'retry',
  'discovery',
  'close',
];

describe.each(Object.keys(MECHANISMS))('after AUTH %s', (mechanism) => {
  it.each(Object.keys(ENDINGS))('and %s nothing of it is to be seen', async (ending) => {
    const steps = MECHANISMS[mechanism] ?? [];
    const isToken = /OAUTH/.test(mechanism);
    const secret = isToken ? TOKEN : LOGIN.password;
    const last = ENDINGS[ending]?.(secret) ?? '535 no';
    await using server = await scriptedServer({
      EHLO: ehlo(`AUTH ${mechanism}`),
      AUTH: [...steps, last],
      MAIL: `550 5.7.1 ${secret} ${base64(secret)}`,
    });
    const events: PosthornEvent[] = [];
    const published: unknown[] = [];
    const listen = (message: unknown): unknown => published.push(message);
    for (const type of TYPES) channel(`posthorn:${type}`).subscribe(listen);
    const options: SmtpClientOptions = {
      ...clear(server),
      username: LOGIN.username,
      ...(isToken ? { tokenProvider: async () => TOKEN } : { password: LOGIN.password }),
      ...(isToken ? {} : { authMechanisms: [mechanism] }),
      onEvent: (event) => events.push(event),
    };
    let error: unknown;
    try {
      await using client = new SmtpClient(options);
      await client.send(letter);
    } catch (thrown) {
      error = thrown;
    } finally {
      for (const type of TYPES) channel(`posthorn:${type}`).unsubscribe(listen);
    }
    expect(error).toBeDefined();
    const said = server.lines
      .filter((line) => !/^(?:EHLO|MAIL|RSET|QUIT)/.test(line))
      .map(payloadOf);
    expect(said.length).toBeGreaterThan(0);
    const shown = everythingShown(error, events, published);
    const forms = isToken ? [TOKEN, base64(TOKEN)] : secretForms(LOGIN);
    for (const form of [...forms, ...said]) {
      if (form.length > 3) expect(shown).not.toContain(form);
    }
    // What is seen is seen, masked.
    expect(shown).toContain(`AUTH ${mechanism}`);
    expect(published.length).toBe(events.length);
    expect(events.at(-1)?.type).toMatch(/^(?:failed|close)$/);
  });
});

describe('a client', () => {
  it('shows where it leads, and nothing of what it was given', async () => {
    const client = new SmtpClient({
      host: 'mail.example',
      ...LOGIN,
      proxy: `socks5://ann:${encodeURIComponent(LOGIN.password)}@proxy.example`,
      tls: { passphrase: 'passphrase of a key' },
    });
    const shown = inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client);
    expect(shown.replaceAll(/\s+/g, ' ')).toBe(
      'SmtpClient { name: \'smtp\', host: \'mail.example\', [callsBeforeFinal]: [Getter] }{"name":"smtp","host":"mail.example"}',
    );
    await client.close();
  });
});
