// Just enough IMAP (RFC 9051) to read back every message of an INBOX, octet for octet.
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';

/** Every message of the account's INBOX, oldest first. */
export async function fetchInbox(port: number, user: string, password: string): Promise<Buffer[]> {
  const socket = connect(port, '127.0.0.1');
  const commands = [
    `a1 LOGIN "${user}" "${password}"`,
    'a2 SELECT INBOX',
    'a3 FETCH 1:* BODY.PEEK[]',
    'a4 LOGOUT',
  ];
  socket.write(`${commands.join('\r\n')}\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const all = Buffer.concat(chunks);
  if (!all.includes('a1 OK'))
    throw new Error(`IMAP login failed: ${all.toString('latin1', 0, 500)}`);

  const messages: Buffer[] = [];
  const literal = /BODY\[\] \{(\d+)\}\r\n/g;
  const text = all.toString('latin1');
  for (let match = literal.exec(text); match; match = literal.exec(text)) {
    const size = Number(match[1]);
    messages.push(all.subarray(literal.lastIndex, literal.lastIndex + size));
    literal.lastIndex += size;
  }
  return messages;
}

/** Polls until the INBOX holds `count` messages; delivery through a queue takes a moment. */
export async function waitForInbox(
  port: number,
  user: string,
  password: string,
  count: number,
): Promise<Buffer[]> {
  const end = Date.now() + 20_000;
  for (;;) {
    const messages = await fetchInbox(port, user, password);
    if (messages.length >= count) return messages;
    if (Date.now() > end) throw new Error(`${messages.length} of ${count} messages arrived`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
