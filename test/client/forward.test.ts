// Sending stored messages on: byte for byte, without Bcc, with a Resent block when asked.
import { createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { MailMessage, SmtpClient } from 'posthorn';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ehlo,
  type Script,
  type ScriptedServer,
  scriptedServer,
} from '../support/scripted-server.ts';
import { clear, clientOf, errorOf, letter } from './kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'posthorn-forward-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FROM = 'Me <me@example.com>';
const TO = ['x@example.org', 'Y <y@example.org>'];
const STORED =
  'Received: from a by b\r\nSubject: old =\r\nBcc: Eve <eve@example.com>,\r\n\tmallory@example.com\r\nMessage-ID: <1@example.com>\r\nX-Bcc: stays\r\n\r\n.dot\r\nBcc: body\r\nbye';
const SENT = STORED.replace(/^Bcc: Eve.*\r\n.*\r\n/m, '');

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const contentOf = (server: ScriptedServer, index = 0): string =>
  (server.messages[index]?.content ?? '').replace(/^\./gm, '');

async function forwarded(
  content: Parameters<SmtpClient['forward']>[2],
  options?: Parameters<SmtpClient['forward']>[3],
  script: Script = {},
) {
  await using server = await scriptedServer(script);
  await using client = new SmtpClient(clear(server));
  const receipt = await client.forward(FROM, TO, content, options);
  return { receipt, server, text: contentOf(server) };
}

describe('forward', () => {
  const stored = file('stored.eml', STORED);
  it.each<[string, () => Parameters<SmtpClient['forward']>[2]]>([
    ['a path', () => stored],
    ['a URL', () => pathToFileURL(stored)],
    ['bytes', () => Buffer.from(STORED)],
    ['an ArrayBuffer', () => Uint8Array.from(Buffer.from(STORED)).buffer],
    ['a Blob', () => new Blob([STORED])],
    ['a stream', () => Readable.from([Buffer.from(STORED)])],
    ['a file stream', () => createReadStream(stored)],
    ['part of a file stream', () => createReadStream(file('two.eml', `xx${STORED}`), { start: 2 })],
    ['a file stream in use', openedStream],
    ['a stream in pieces', () => Readable.from([...STORED].map((char) => Buffer.from(char)))],
    ['a web stream', () => new Blob([STORED]).stream()],
    ['a generator that uses its memory again', generate],
    ['a message', () => MailMessage.parse(STORED)],
  ])('of %s sends it byte for byte, without Bcc', async (_, content) => {
    const { receipt, text, server } = await forwarded(content());
    expect(text).toBe(`${SENT}\r\n`);
    expect(receipt).toMatchObject({
      messageId: '<1@example.com>',
      envelope: { from: 'me@example.com', to: ['x@example.org', 'y@example.org'] },
      accepted: ['x@example.org', 'y@example.org'],
      size: SENT.length + 2,
    });
    expect(server.messages[0]?.from).toBe('me@example.com');
  });

  it.each(['\n', '\r', '\r\n'])('of lines that end in %j', async (end) => {
    const odd = STORED.replaceAll('\r\n', end);
    const path = file('odd.eml', odd);
    for (const content of [path, Buffer.from(odd), Readable.from([Buffer.from(odd)])]) {
      const { text, receipt } = await forwarded(content);
      expect(text).toBe(`${SENT}\r\n`);
      expect(receipt.size).toBe(SENT.length + 2);
    }
  });

  it('of a file larger than memory is kept for', async () => {
    const lines = `${'0123456789'.repeat(7)}\r\n.${'x'.repeat(60)}\r\n`;
    const whole = `Subject: large\r\n\r\n${lines.repeat(40_000)}`;
    const path = file('large.eml', whole);
    for (const content of [
      path,
      await MailMessage.load(path),
      Readable.from([Buffer.from(whole)]),
    ]) {
      const seen: number[] = [];
      const { text, receipt } = await forwarded(content, {
        onProgress: ({ bytesSent }) => seen.push(bytesSent),
      });
      expect(text === whole).toBe(true);
      expect(receipt.size).toBe(whole.length);
      expect(seen.at(-1)).toBe(whole.length);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    }
  });

  it('declares the size of a file that has CRLF, and none where line ends change it', async () => {
    const crlf = await forwarded(file('crlf.eml', `A: b\r\n\r\n${'x\r\n'.repeat(1000)}`));
    expect(crlf.server.lines[1]).toBe('MAIL FROM:<me@example.com> SIZE=3008');
    const lf = await forwarded(file('lf.eml', `A: b\n\n${'x\n'.repeat(2_500_000)}`));
    expect(lf.server.lines[1]).toBe('MAIL FROM:<me@example.com> BODY=8BITMIME');
  });

  it('asks for SMTPUTF8 when the header holds UTF-8, of whatever kind it is', async () => {
    const utf8 = Buffer.from('Subject: gr\u00fcn\r\n\r\nx\r\n');
    for (const content of [utf8, Readable.from([utf8]), file('utf8.eml', utf8)]) {
      const { server } = await forwarded(content);
      expect(server.lines[1]).toContain(' BODY=8BITMIME SMTPUTF8');
    }
    const old = { EHLO: ehlo('8BITMIME') };
    const error = await errorOf(() => forwarded(Readable.from([utf8]), {}, old));
    expect(error).toMatchObject({ code: 'FEATURE_NOT_OFFERED', delivered: 'no', stage: 'mail' });
  });

  it('can have no sender', async () => {
    await using server = await scriptedServer();
    await using client = new SmtpClient(clear(server));
    await client.forward('', 'x@example.org', Buffer.from('A: b\r\n\r\n'));
    expect(server.lines[1]).toMatch(/^MAIL FROM:<>/);
  });
});

describe('forward with resent', () => {
  const BLOCK =
    /^Resent-From: Me <me@example\.com>\r\nResent-To: x@example\.org, Y <y@example\.org>\r\nResent-Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r\nResent-Message-ID: <[\w-]+@example\.com>\r\n/;

  it.each<[string, () => Parameters<SmtpClient['forward']>[2]]>([
    ['bytes', () => Buffer.from(STORED)],
    ['a path', () => file('resent.eml', STORED)],
    ['a stream', () => Readable.from([Buffer.from(STORED)])],
    ['a message', () => MailMessage.parse(STORED)],
  ])('puts the block before the header of %s', async (_, content) => {
    const { text, receipt } = await forwarded(content(), { resent: true });
    expect(text).toMatch(BLOCK);
    expect(text.replace(BLOCK, '')).toBe(`${SENT}\r\n`);
    expect(receipt).toMatchObject({ messageId: '<1@example.com>', size: text.length });
  });

  it('is one resending over several transactions, and another each time', async () => {
    const script = { EHLO: ehlo('LIMITS RCPTMAX=1') };
    const first = await forwarded(file('twice.eml', STORED), { resent: true }, script);
    const { messages } = first.server;
    expect(messages.map(({ to }) => to)).toEqual([['x@example.org'], ['y@example.org']]);
    expect(messages[0]?.content).toBe(messages[1]?.content);
    const again = await forwarded(Buffer.from(STORED), { resent: true });
    const idOf = (text: string) => /^Resent-Message-ID: (.*)$/m.exec(text)?.[1];
    expect(idOf(again.text)).not.toBe(idOf(first.text));
  });

  it('writes names as the server can take them', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('8BITMIME') });
    await using client = new SmtpClient(clear(server));
    await client.forward('Zoë <zoe@x.example>', 'x@example.org', Buffer.from('A: b\r\n\r\nx'), {
      resent: true,
    });
    expect(contentOf(server)).toMatch(
      /^Resent-From: =\?utf-8\?Q\?Zo=C3=AB\?= <zoe@x\.example>\r\n/i,
    );
  });

  it('needs a sender', async () => {
    await using server = await scriptedServer();
    await using client = new SmtpClient(clear(server));
    const error = await errorOf(() =>
      client.forward('', 'x@example.org', Buffer.from('A: b'), { resent: true }),
    );
    expect(error).toMatchObject({
      code: 'OPTION_INVALID',
      message: "A message that is resent needs a sender: give an address as 'from'",
    });
    expect(server.connections()).toBe(0);
  });
});

describe('a forward that fails', () => {
  it.each<[unknown, string, string]>([
    ['no-such.eml', 'FILE_INACCESSIBLE', "can't be read (ENOENT"],
    [
      () => Buffer.from(''),
      'OPTION_INVALID',
      'forward takes a message, a path, bytes or a stream; call the function',
    ],
    [42, 'OPTION_INVALID', 'forward takes a message, a path, bytes or a stream'],
  ])('because of %j, before it connects', async (content, code, said) => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const error = await errorOf(() => client.forward(FROM, TO, content as never));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
    expect(server.connections()).toBe(0);
    await client.close();
  });

  it('because a file stream finds no file', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const error = await errorOf(() => client.forward(FROM, TO, createReadStream('no-such.eml')));
    expect(error).toMatchObject({ code: 'FILE_INACCESSIBLE', delivered: 'no' });
    await client.close();
  });

  it('lets go of the stream', async () => {
    await using server = await scriptedServer({ MAIL: '550 No' });
    await using client = new SmtpClient(clear(server));
    const stream = new Readable({
      read() {
        this.push('A: b\r\n\r\nx\r\n');
      },
    });
    expect(await errorOf(() => client.forward(FROM, TO, stream))).toMatchObject({ stage: 'mail' });
    await expect.poll(() => stream.destroyed).toBe(true);
  });

  it('because the file changed on the way is not delivered', async () => {
    const path = file('changing.eml', `A: b\r\n\r\n${'x'.repeat(70)}\r\n`.repeat(80_000));
    await using server = await scriptedServer({
      DATA: async (link) => {
        writeFileSync(path, 'A: other\r\n\r\n');
        await link.say('354 go on');
      },
    });
    const { client } = clientOf(server);
    const error = await errorOf(() => client.forward(FROM, TO, path));
    expect(error).toMatchObject({ delivered: 'no', stage: 'content' });
    expect(server.messages).toEqual([]);
    await client.close();
  });

  it('is refused with an option that it does not have', async () => {
    await using server = await scriptedServer();
    await using client = new SmtpClient(clear(server));
    const error = await errorOf(() =>
      client.forward(FROM, TO, Buffer.from('A: b'), { envelope: {} } as never),
    );
    expect(error.message).toContain("'envelope' is not an option of forward; give from and to");
  });
});

describe('sendRaw', () => {
  it('changes line ends only', async () => {
    await using server = await scriptedServer();
    await using client = new SmtpClient(clear(server));
    await client.sendRaw(STORED.replaceAll('\r\n', '\n'), { from: FROM, to: TO });
    expect(contentOf(server)).toBe(`${STORED}\r\n`);
    await client.sendRaw(Readable.from([Buffer.from('no header\rat all')]), { from: '', to: TO });
    expect(contentOf(server, 1)).toBe('no header\r\nat all\r\n');
  });
});

describe('a message and its reports', () => {
  const lines = async (
    options: object,
    message: object,
    envelope: object | undefined,
    offered: string,
  ): Promise<string[]> => {
    await using server = await scriptedServer({ EHLO: ehlo(...offered.split(' ')) });
    await using client = new SmtpClient({ ...clear(server), ...options });
    await client.send({ ...letter, ...message }, envelope ? { envelope } : {});
    return server.lines.slice(1, 3).map((line) => line.replace(/ SIZE=\d+/, ''));
  };

  it.each<[string, object, object, object | undefined, string, string]>([
    ['nothing', {}, {}, undefined, '', ''],
    ['a receipt', {}, { deliveryReceipt: true }, undefined, '', ' NOTIFY=SUCCESS,FAILURE,DELAY'],
    [
      'a default',
      { dsn: { ret: 'headers', notify: 'failure' } },
      {},
      undefined,
      ' RET=HDRS',
      ' NOTIFY=FAILURE',
    ],
    [
      'a default and a receipt',
      { dsn: { ret: 'headers' } },
      { deliveryReceipt: true },
      undefined,
      ' RET=HDRS',
      ' NOTIFY=SUCCESS,FAILURE,DELAY',
    ],
    [
      'the call before the default',
      { dsn: { ret: 'headers' } },
      {},
      { dsn: { envid: 'x' } },
      ' ENVID=x',
      '',
    ],
    [
      'a recipient by name',
      {},
      {},
      { dsn: { recipients: { 'Bob <bob@EXAMPLE.org>': { notify: 'never' } } } },
      '',
      ' NOTIFY=NEVER',
    ],
  ])('%s', async (_, options, message, envelope, mail, rcpt) => {
    const said = await lines(options, message, envelope, 'DSN');
    expect(said).toEqual([
      `MAIL FROM:<ann@example.com>${mail}`,
      `RCPT TO:<bob@example.org>${rcpt}`,
    ]);
  });

  it('go without where they need not be', async () => {
    const options = { dsn: { ret: 'full' }, priority: 'high' };
    const said = await lines(options, { deliveryReceipt: true }, undefined, 'SIZE');
    expect(said).toEqual(['MAIL FROM:<ann@example.com>', 'RCPT TO:<bob@example.org>']);
    const error = await errorOf(() => lines({}, {}, { dsn: { ret: 'full' } }, 'SIZE'));
    expect(error.code).toBe('FEATURE_NOT_OFFERED');
  });

  it.each([
    ['low', -4],
    ['high', 4],
    [7, 7],
    ['normal', undefined],
  ])('a priority of %s', async (priority, said) => {
    const [mail] = await lines({ priority }, {}, undefined, 'MT-PRIORITY');
    expect(mail).toBe(
      `MAIL FROM:<ann@example.com>${said === undefined ? '' : ` MT-PRIORITY=${said}`}`,
    );
  });

  it.each<[object, string]>([
    [
      { priority: 'urgent' },
      "Option 'priority' must be 'low', 'normal', 'high' or an integer from -9 to 9",
    ],
    [{ priority: 12 }, "Option 'mtPriority' must be an integer from -9 to 9"],
    [{ dsn: { ret: 'some' } }, "Option 'dsn.ret' must be 'full' or 'headers', got 'some'"],
    [{ dsn: { id: 'x' } }, "'id' is not an option of dsn; write envid"],
    [{ requireTls: 1 }, "Option 'requireTls' must be true or false"],
  ])('%j is refused when the client is made', async (options, said) => {
    const error = await errorOf(() => new SmtpClient({ host: 'x', ...options } as never));
    expect(error.message).toBe(said);
  });
});

describe('a server that takes few messages over one connection', () => {
  it('gets the rest of the recipients over others', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('LIMITS MAILMAX=2 RCPTMAX=2') });
    await using client = new SmtpClient(clear(server));
    const to = Array.from({ length: 9 }, (_, index) => `r${index}@example.org`);
    const receipt = await client.send({ ...letter, to });
    expect(receipt).toMatchObject({ accepted: to, rejected: [], unsettled: [], envelope: { to } });
    expect(server.messages.map((message) => message.to.length)).toEqual([2, 2, 2, 2, 1]);
    expect(server.connections()).toBe(3);
    await client.send(letter);
    expect(server.connections()).toBe(3);
    await client.send(letter);
    expect(server.connections()).toBe(4);
  });

  it('and then fails leaves them unsettled', async () => {
    await using server = await scriptedServer({
      EHLO: [ehlo('LIMITS MAILMAX=1 RCPTMAX=1'), ehlo('LIMITS MAILMAX=1 RCPTMAX=1')],
      MAIL: '250 ok',
    });
    await using client = new SmtpClient(clear(server));
    const content = Readable.from([Buffer.from('A: b\r\n\r\nx')]);
    // A stream that can be read once stops before the first transaction.
    expect(await errorOf(() => client.forward(FROM, TO, content))).toMatchObject({
      code: 'FEATURE_NOT_OFFERED',
      delivered: 'no',
    });
    expect(server.messages).toEqual([]);
  });
});

// Held by its descriptor: the name may be gone by now.
function openedStream(): Readable {
  const path = file('opened.eml', STORED);
  const stream = createReadStream(path, { fd: openSync(path, 'r') });
  rmSync(path);
  return stream;
}

function* bytesAgain(): Generator<Uint8Array> {
  const memory = Buffer.alloc(7);
  const bytes = Buffer.from(STORED);
  for (let at = 0; at < bytes.length; at += memory.length) {
    const length = bytes.copy(memory, 0, at, at + memory.length);
    yield memory.subarray(0, length);
  }
}

async function* generate(): AsyncGenerator<Uint8Array> {
  yield* bytesAgain();
}
