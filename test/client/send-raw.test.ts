import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { clientOf, errorOf } from './kit.ts';

const to = { from: 'ann@example.com', to: ['bob@example.org'] };
const mail = 'Message-Id:\r\n <raw@example.com>\r\nBcc: kept@example.com\r\n\r\n.dot\r\nlast';

describe('sendRaw', () => {
  it.each<[string, () => Parameters<ReturnType<typeof clientOf>['client']['sendRaw']>[0]]>([
    ['text', () => mail],
    ['bytes', () => Buffer.from(mail)],
    ['an ArrayBuffer', () => Uint8Array.from(Buffer.from(mail)).buffer],
    ['a Blob', () => new Blob([mail])],
    [
      'a Node stream',
      () => Readable.from([Buffer.from(mail.slice(0, 7)), Buffer.from(mail.slice(7))]),
    ],
    ['a web stream', () => new Blob([mail]).stream()],
  ])('sends %s as it is', async (_, content) => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const receipt = await client.sendRaw(content(), to);
    await client.close();
    expect(server.messages[0]).toEqual({
      ...to,
      content: `${mail.replace('\r\n.dot', '\r\n..dot')}\r\n`,
    });
    expect(receipt).toMatchObject({
      messageId: '<raw@example.com>',
      envelope: to,
      size: mail.length + 2,
    });
  });

  it('turns bare CR and LF into CRLF, and changes nothing else', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    for (const text of ['a: b\n\n\n.\nx\ry\r\r\n.\r', 'a: b\r\n\r\n.\r\n', '\n.\n', '.']) {
      await client.sendRaw(text, to);
      const { content } = server.messages.at(-1)!;
      const wire = text.replace(/\r\n?|\n/g, '\r\n').replace(/(?<!\r\n)$/, '\r\n');
      expect(content.replace(/^\./gm, '')).toBe(wire);
      expect(server.lines.filter((line) => line.startsWith('MAIL')).at(-1)).toBe(
        `MAIL FROM:<ann@example.com> SIZE=${wire.length}`,
      );
    }
    await client.close();
  });

  it('tells the server what it must know', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    await client.sendRaw('Subject: ü\n\nhi', to);
    await client.sendRaw(Buffer.from('Subject: \xfc\n\nhi', 'latin1'), to);
    await client.sendRaw(Readable.from(['hi']), to);
    await client.sendRaw('hi', { from: '', to: 'zoë@example.com' });
    await client.close();
    expect(server.lines.filter((line) => line.startsWith('MAIL'))).toEqual([
      'MAIL FROM:<ann@example.com> SIZE=19 BODY=8BITMIME SMTPUTF8',
      'MAIL FROM:<ann@example.com> SIZE=18 BODY=8BITMIME',
      'MAIL FROM:<ann@example.com> BODY=8BITMIME',
      'MAIL FROM:<> SIZE=4 SMTPUTF8',
    ]);
  });

  it('refuses what the server can not take', async () => {
    await using server = await scriptedServer({ EHLO: ehlo() });
    const { client } = clientOf(server);
    expect(await errorOf(() => client.sendRaw('Subject: x\n\nü', to))).toMatchObject({
      code: 'FEATURE_NOT_OFFERED',
    });
    await client.sendRaw(Readable.from(['plain']), to);
    await client.close();
    expect(server.messages).toHaveLength(1);
  });

  it.each<[unknown, object, string, string]>([
    [
      'x',
      { from: 'a@b.example', to: [] },
      'MESSAGE_NO_RECIPIENT',
      'The message names no recipient',
    ],
    [
      'x',
      { to: 'a@b.example' },
      'OPTION_INVALID',
      'sendRaw needs { from, to }: who the message is from and for',
    ],
    [
      'x',
      undefined as never,
      'OPTION_INVALID',
      'sendRaw needs { from, to }: who the message is from and for',
    ],
    [
      'x',
      { ...to, envelope: {} },
      'OPTION_INVALID',
      "'envelope' is not an option of sendRaw; write from and to",
    ],
    [() => 'x', to, 'OPTION_INVALID', 'sendRaw takes text, bytes or a stream; call the function'],
    [5, to, 'MESSAGE_FIELD_INVALID', "the raw message has content that can't be read (5)"],
    [
      undefined,
      to,
      'MESSAGE_FIELD_INVALID',
      "the raw message has content that can't be read (undefined)",
    ],
  ])('refuses %j to %j', async (content, options, code, message) => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const error = await errorOf(() => client.sendRaw(content as never, options as never));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    await client.close();
    expect(server.connections()).toBe(0);
  });

  it('a stream that was read before is found out before the server is asked', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const stream = Readable.from(['x']);
    await stream.toArray();
    expect(await errorOf(() => client.sendRaw(stream, to))).toMatchObject({
      code: 'MESSAGE_ATTACHMENT_UNREADABLE',
    });
    await client.close();
    expect(server.connections()).toBe(0);
  });

  it('a stream that fails midway is not delivered', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const content = Readable.from(
      (async function* () {
        yield Buffer.alloc(100_000, 'x');
        throw new Error('gone');
      })(),
    );
    expect(await errorOf(() => client.sendRaw(content, to))).toMatchObject({
      code: 'MESSAGE_CONTENT_FAILED',
      delivered: 'no',
    });
    await client.close();
    expect(server.messages).toEqual([]);
  });
});

describe('what cannot be known beforehand', () => {
  it('does not make a failure of a message that was delivered', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const fields = `X-Many: y\r\n`.repeat(3000);
    for (const content of [`${fields}\r\nhi\r\n`, Readable.from([`${fields}\r\nhi\r\n`])]) {
      const receipt = await client.sendRaw(content, to);
      expect(receipt).toMatchObject({ messageId: '', accepted: ['bob@example.org'] });
    }
    expect(server.messages).toHaveLength(2);
    await client.close();
  });

  it('arrives whole from an iterable that writes each chunk over the last', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    async function* lines(): AsyncGenerator<Uint8Array> {
      const buffer = Buffer.alloc(8);
      for (let n = 0; n < 5; n += 1) {
        buffer.write(`line ${n}\r\n`);
        yield buffer;
      }
    }
    await client.sendRaw(lines(), to);
    expect(server.messages[0]?.content).toBe('line 0\r\nline 1\r\nline 2\r\nline 3\r\nline 4\r\n');
    await client.close();
  });

  it('is refused midway when the server takes no 8-bit octets', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE') });
    const { client } = clientOf(server);
    const content = Readable.from([Buffer.from('Subject: x\r\n\r\ngr\xfcn\r\n', 'latin1')]);
    expect(await errorOf(() => client.sendRaw(content, to))).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_CONTENT_FAILED',
      message:
        'The raw message holds 8-bit octets, and the server does not offer 8BITMIME; encode it or use another server; the transaction was aborted and nothing is delivered',
      delivered: 'no',
      retryable: false,
    });
    expect(server.messages).toEqual([]);
    await client.close();
  });
});
