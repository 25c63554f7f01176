// sendSync in programs of their own, on the built package: the server is here, where nothing waits.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error A plain script without types.
import { ensureBuilt } from '../../tools/ensure.mjs';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';

const run = promisify(execFile);
const entry = new URL('../../dist/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'posthorn-sync-'));
beforeAll(() => ensureBuilt(), 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program; what it gives to `say`, as JSON. */
async function program(code: string): Promise<unknown[]> {
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import * as posthorn from '${entry}';
const { sendSync, MailMessage, MailAddress } = posthorn;
const letter = { from: 'Ann <ann@example.com>', to: 'bob@example.org', subject: 'Hello', text: 'Hi Bob' };
const say = (value) => console.log(JSON.stringify(value));
const thrown = (call) => {
  try { call(); } catch (error) {
    const { name, code, message, delivered, retryable, stage, cause } = error;
    say({ name, code, message, delivered, retryable, stage, isOurs: error instanceof posthorn[name], isError: error instanceof Error, cause: cause?.name });
    return error;
  }
  say('nothing was thrown');
};
${code}`,
  );
  const { stdout } = await run(process.execPath, [file], { cwd: folder, timeout: 20_000 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

describe('sendSync', () => {
  it('sends, and gives the receipt and the events while it waits', async () => {
    await using server = await scriptedServer({ RCPT: ['250 ok', '550 5.1.1 Nobody', '250 ok'] });
    writeFileSync(join(folder, 'a.txt'), 'attached');
    const url = `{ host: '127.0.0.1', port: ${server.port}, security: 'none' }`;
    const said = await program(`
const events = [], progress = [];
const receipt = sendSync(
  { ...letter, to: [new MailAddress('bob@example.org', 'Bob'), 'eve@example.org'], attachments: [{ path: 'a.txt' }] },
  { ...${url}, onEvent: (event) => { events.push(event.type); throw new Error('only watching'); }, onProgress: ({ bytesSent }) => progress.push(bytesSent) },
);
const { accepted, rejected, messageId, startedAt, server, queueId } = receipt;
say({ accepted, rejected, id: messageId, isDate: startedAt instanceof Date, security: server.security, queueId, size: receipt.size === progress.at(-1) });
say(events);
say(sendSync('ann@example.com', 'bob@example.org', 'Four strings', 'are enough', 'smtp://127.0.0.1:${server.port}').accepted);
say(sendSync(new MailMessage({ ...letter, text: 'Grüße' }), ${url}).accepted);
say(sendSync(MailMessage.parse('From: a@x.example\\r\\nTo: b@x.example\\r\\n\\r\\nas it is\\r\\n'), ${url}).size);
`);
    expect(said).toMatchObject([
      {
        accepted: ['bob@example.org'],
        rejected: [{ address: 'eve@example.org', reply: { code: 550, enhanced: '5.1.1' } }],
        id: expect.stringMatching(/^<.*@example\.com>$/),
        isDate: true,
        security: 'none',
        queueId: '4X1Y2Z',
        size: true,
      },
      expect.arrayContaining(['connect', 'command', 'reply', 'sent', 'close']),
      ['bob@example.org'],
      ['bob@example.org'],
      48,
    ]);
    expect(server.messages.map(({ content }) => content)).toEqual([
      expect.stringContaining('YXR0YWNoZWQ='),
      expect.stringContaining('are enough'),
      expect.stringMatching(/Gr=C3=BC=C3=9Fe|R3LDvMOfZQ==/),
      'From: a@x.example\r\nTo: b@x.example\r\n\r\nas it is\r\n',
    ]);
  });

  it('packs messages for Outlook', async () => {
    await using server = await scriptedServer({});
    const to = `{ host: '127.0.0.1', port: ${server.port}, security: 'none', tnef: true }`;
    const said = await program(`
say(sendSync({ ...letter, messageId: '<1@example.com>' }, ${to}).messageId);
say(sendSync(new MailMessage({ ...letter, messageId: '<2@example.com>', bcc: 'eve@example.org' }), ${to}).accepted);
`);
    expect(said).toEqual(['<1@example.com>', ['bob@example.org', 'eve@example.org']]);
    expect(server.messages.map(({ content }) => content)).toEqual([
      expect.stringMatching(/X-MS-TNEF-Correlator: <1@example\.com>.*application\/ms-tnef/s),
      expect.stringMatching(/X-MS-TNEF-Correlator: <2@example\.com>.*application\/ms-tnef/s),
    ]);
  });

  it('throws what send throws', async () => {
    await using server = await scriptedServer({
      EHLO: ehlo('AUTH PLAIN'),
      AUTH: '535 5.7.8 no',
      RCPT: '550 5.1.1 Nobody',
      content: (link) => link.reset(),
    });
    const to = `host: '127.0.0.1', port: ${server.port}, security: 'none'`;
    const said = await program(`
const failed = thrown(() => sendSync(letter, { ${to} }));
say([failed.rejected, failed.transcript.length > 3]);
thrown(() => sendSync(letter, { ${to}, username: 'ann', password: 'sesame' }));
thrown(() => sendSync(letter, { host: '127.0.0.1', port: 1, security: 'none' }));
thrown(() => sendSync({ ...letter, to: 'not an address' }, { ${to} }));
thrown(() => sendSync(letter, { ${to}, prot: 1 }));
`);
    expect(said).toMatchObject([
      {
        name: 'RecipientsError',
        code: 'RECIPIENTS_REJECTED',
        delivered: 'no',
        stage: 'rcpt',
        isOurs: true,
        isError: true,
      },
      [[{ address: 'bob@example.org', reply: { code: 550 } }], true],
      { name: 'AuthenticationError', code: 'AUTH_FAILED', stage: 'auth', isOurs: true },
      {
        name: 'ConnectionError',
        code: 'CONNECTION_REFUSED',
        retryable: true,
        isOurs: true,
        cause: 'AggregateError',
      },
      { name: 'InvalidAddressError', code: 'ADDRESS_INVALID', isOurs: true },
      { name: 'OptionError', code: 'OPTION_INVALID', isOurs: true },
    ]);
  });

  it('says what belongs to the thread that waits', async () => {
    const to = "host: '127.0.0.1', port: 1, security: 'none'";
    const said = await program(`
import { Readable } from 'node:stream';
const message = ({ option, message }) => say([option, message]);
thrown(() => sendSync({ ...letter, attachments: [{ content: Readable.from(['x']) }] }, { ${to} }));
thrown(() => sendSync(letter, { ${to}, signal: AbortSignal.timeout(9) }));
thrown(() => sendSync(letter, { ${to}, signal: AbortSignal.abort() }));
thrown(() => sendSync(letter, { ${to}, connect: async () => { } }));
thrown(() => sendSync(letter, { ${to}, tokenProvider: async () => 'x', username: 'a' }));
thrown(() => sendSync(letter, { ${to}, tls: { checkServerIdentity() {} } }));
`);
    expect(said).toMatchObject([
      {
        code: 'OPTION_INVALID',
        message:
          "sendSync can't use 'message': its parts are not all in memory: give the fields, with attachments as paths or bytes, or use await send(…) instead",
      },
      {
        message:
          "sendSync can't use 'signal': the thread that could abort it waits; use timeoutsMs, or use await send(…) instead",
      },
      { code: 'ABORTED' },
      {
        message:
          "sendSync can't use 'connect': it belongs to the thread that waits, or use await send(…) instead",
      },
      { code: 'OPTION_INVALID' },
      {
        message:
          "sendSync can't use 'tls': functions belong to the thread that waits, or use await send(…) instead",
      },
    ]);
  });
});
