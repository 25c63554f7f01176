// What the tests of the inbox share.
import { request } from 'node:http';
import { afterEach } from 'vitest';
import { type Inbox, type InboxOptions, startInbox } from '../../src/inbox/index.ts';
import { sendRaw } from '../support/raw-smtp.ts';

const open: Inbox[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((inbox) => inbox.close()));
});

/** An inbox at any free ports, closed after the test. */
export async function testInbox(options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ smtpPort: 0, httpPort: 0, ...options });
  open.push(inbox);
  return inbox;
}

/** A message with this subject, handed over by SMTP. */
export function deliver(inbox: Inbox, subject: string, to = 'bob@example.com'): Promise<string> {
  const content = `From: ann@example.com\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
  return sendRaw({ port: inbox.smtpPort, from: 'ann@example.com', to: [to], content });
}

/** What a call of the API gave. */
export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what it is like is what the tests ask
  readonly json: any;
}

/** A request with exactly these headers: `fetch` would not let a test lie about Host and Origin. */
export function call(
  inbox: Inbox,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: inbox.httpPort, method, path, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const isJson = response.headers['content-type']?.startsWith('application/json');
          const json: unknown = isJson ? JSON.parse(bytes.toString()) : undefined;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: bytes,
            json,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
