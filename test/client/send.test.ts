import { Buffer } from 'node:buffer';
import {
  MailAddress,
  MailMessage,
  type Sendable,
  type SendOptions,
  type SendReceipt,
  send,
} from 'posthorn';
import { describe, expect, it, vi } from 'vitest';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { clear, clientOf, errorOf, letter } from './kit.ts';

const subjectOf = (content: string): string => MailMessage.parse(content).subject;

describe('a message is sent', () => {
  it('from four strings, fields, and a MailMessage', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    await client.send('ann@example.com', 'bob@example.org, cleo@example.org', 'One', 'Body');
    await client.send({ ...letter, subject: 'Two' });
    await client.send(new MailMessage({ ...letter, subject: 'Three' }));
    await client.send('ann@example.com', [new MailAddress('dan@example.org')], 'Four', '', {
      envelope: { from: '' },
    });
    await client.close();
    expect(server.messages.map(({ from, to, content }) => [subjectOf(content), from, to])).toEqual([
      ['One', 'ann@example.com', ['bob@example.org', 'cleo@example.org']],
      ['Two', 'ann@example.com', ['bob@example.org']],
      ['Three', 'ann@example.com', ['bob@example.org']],
      ['Four', '', ['dan@example.org']],
    ]);
    expect(server.connections()).toBe(1);
    expect(server.lines.at(-1)).toBe('QUIT');
  });

  it('and the receipt says what became of it', async () => {
    await using server = await scriptedServer({ RCPT: ['250 Ok', '550 5.1.1 No such user'] });
    const { client, events } = clientOf(server);
    const before = Date.now();
    const message = new MailMessage({ ...letter, cc: 'nobody@example.org' });
    const receipt = await client.send(message);
    const refusal = { code: 550, enhanced: '5.1.1', lines: ['No such user'] };
    const expected: SendReceipt = {
      messageId: message.messageId,
      envelope: { from: 'ann@example.com', to: ['bob@example.org', 'nobody@example.org'] },
      accepted: ['bob@example.org'],
      rejected: [{ address: 'nobody@example.org', reply: refusal }],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: ['Ok: queued as 4X1Y2Z'] },
      queueId: '4X1Y2Z',
      size: server.messages[0]!.content.length,
      startedAt: receipt.startedAt,
      durationMs: receipt.durationMs,
      server: { host: '127.0.0.1', port: server.port, security: 'none' },
    };
    expect(receipt).toEqual(expected);
    expect(receipt.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(receipt.durationMs).toBeGreaterThan(0);
    expect(receipt.durationMs).toBeLessThan(10_000);
    expect(events.at(-1)).toMatchObject({
      type: 'sent',
      messageId: message.messageId,
      accepted: ['bob@example.org'],
      size: receipt.size,
    });
    await client.close();
  });

  it('with the hidden recipients in the envelope only', async () => {
    await using server = await scriptedServer();
    await send({ ...letter, bcc: 'hidden@example.org' }, clear(server));
    const stored = MailMessage.parse(
      'From: ann@example.com\nTo: bob@example.org\nBcc: hidden@example.org\n\nhi\n',
    );
    await send(stored, clear(server));
    for (const { to, content } of server.messages) {
      expect(to).toEqual(['bob@example.org', 'hidden@example.org']);
      expect(content).not.toMatch(/bcc|hidden/i);
    }
  });

  it('in the encoding that the server takes', async () => {
    const message = new MailMessage({ ...letter, text: 'Grüße' });
    await using modern = await scriptedServer();
    await send(message, clear(modern));
    expect(modern.messages[0]?.content).toContain('\r\nContent-Transfer-Encoding: 8bit\r\n');
    expect(modern.lines[1]).toMatch(/^MAIL FROM:<ann@example\.com> .*BODY=8BITMIME/);
    await using old = await scriptedServer({ EHLO: ehlo() });
    await send(message, clear(old));
    expect(old.messages[0]?.content).toMatch(/\r\nContent-Transfer-Encoding: (?:base64|quoted)/);
    expect(old.lines[1]).toBe('MAIL FROM:<ann@example.com>');
  });

  it('with SMTPUTF8 only when an address needs it', async () => {
    await using server = await scriptedServer();
    await send({ ...letter, subject: 'Grüße', from: 'Zoë <zoe@example.com>' }, clear(server));
    await send({ ...letter, from: 'zoë@example.com' }, clear(server));
    const [plain, utf8] = server.lines.filter((line) => line.startsWith('MAIL'));
    expect(plain).not.toContain('SMTPUTF8');
    expect(utf8).toContain('SMTPUTF8');
    await using old = await scriptedServer({ EHLO: ehlo('8BITMIME') });
    expect(
      await errorOf(() => send({ ...letter, from: 'zoë@example.com' }, clear(old))),
    ).toMatchObject({
      name: 'InvalidAddressError',
      code: 'ADDRESS_NEEDS_SMTPUTF8',
      stage: 'mail',
      host: old.host,
      port: old.port,
    });
    await expect.poll(() => old.lines).toEqual(['EHLO client.test', 'QUIT']);
  });

  it('byte for byte when it was read', async () => {
    await using server = await scriptedServer();
    const text = 'Subject:odd  \r\nTO: a@example.com\r\nfrom: b@example.com\r\n\r\n.\r\n..x\r\n';
    await send(MailMessage.parse(text), clear(server));
    expect(server.messages[0]?.content.replace(/^\./gm, '')).toBe(text);
  });

  it('with progress', async () => {
    await using server = await scriptedServer();
    const seen: number[] = [];
    const content = Buffer.alloc(500_000, 'x');
    const receipt = await send(
      { ...letter, attachments: [{ content }] },
      {
        ...clear(server),
        onProgress: ({ bytesSent, bytesTotal }) => seen.push(bytesSent, bytesTotal!),
      },
    );
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.at(-2)).toBe(receipt.size);
    expect(seen.at(-1)).toBe(receipt.size);
  });
});

describe('an envelope given by hand', () => {
  it.each<[SendOptions['envelope'], string, string[]]>([
    [{ from: 'bounces@example.com' }, 'bounces@example.com', ['bob@example.org']],
    [{ from: '<>' }, '', ['bob@example.org']],
    [
      { to: ['x@example.com', 'Y <y@example.com>', 'x@EXAMPLE.com'] },
      'ann@example.com',
      ['x@example.com', 'y@example.com'],
    ],
    [{ from: 'a@example.com', to: 'b@example.com' }, 'a@example.com', ['b@example.com']],
    [{}, 'ann@example.com', ['bob@example.org']],
  ])('%j', async (envelope, from, to) => {
    await using server = await scriptedServer();
    const receipt = await send(letter, { ...clear(server), envelope });
    expect(receipt.envelope).toEqual({ from, to });
    expect(server.messages[0]).toMatchObject({ from, to });
  });

  it('replaces what the message lacks', async () => {
    await using server = await scriptedServer();
    await send(
      { text: 'hi' },
      { ...clear(server), envelope: { from: 'a@example.com', to: 'b@example.com' } },
    );
    await send({ to: 'b@example.com' }, { ...clear(server), envelope: { from: 'a@example.com' } });
    await send({ from: 'a@example.com' }, { ...clear(server), envelope: { to: 'b@example.com' } });
    expect(server.messages).toHaveLength(3);
  });

  it.each<[SendOptions, string, string]>([
    [
      { envelope: { from: 'a@example.com, b@example.com' } },
      'OPTION_INVALID',
      "Option 'envelope.from' must be one address, or '' for none",
    ],
    [{ envelope: { to: 'a@example.com>\r\nRCPT TO:<b@example.com' } }, 'ADDRESS_INVALID', ''],
    [{ envelope: { from: 'a@b\r\nx' } }, 'ADDRESS_INVALID', ''],
    [{ envelope: { to: [] } }, 'MESSAGE_NO_RECIPIENT', ''],
    [
      { envelope: { cc: 'a@b' } as never },
      'OPTION_INVALID',
      "'cc' is not an option of an envelope; write all recipients in to",
    ],
    [
      { partial: 'some' as never },
      'OPTION_INVALID',
      "Option 'partial' must be 'send-to-accepted' or 'all-or-nothing'",
    ],
    [{ onProgress: 5 as never }, 'OPTION_INVALID', "Option 'onProgress' must be a function"],
    [{ signal: {} as never }, 'OPTION_INVALID', "Option 'signal' must be an AbortSignal"],
    [
      { bounces: {} } as never,
      'OPTION_INVALID',
      "'bounces' is not an option of sending; known are envelope, signal, onProgress, partial, requireTls, deliverBySeconds, holdForSeconds, mtPriority, beforeFinal, tnef",
    ],
  ])('is checked before anything is sent: %j', async (options, code, message) => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const error = await errorOf(() => client.send(letter, options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    await client.close();
    expect(server.connections()).toBe(0);
  });
});

describe('nothing is sent', () => {
  it.each<[string, () => Sendable, string]>([
    ['without a sender', () => ({ to: 'bob@example.org' }), 'MESSAGE_NO_SENDER'],
    ['without a recipient', () => ({ from: 'ann@example.com' }), 'MESSAGE_NO_RECIPIENT'],
    [
      'when a file is missing',
      () => ({ ...letter, attachments: [{ path: '/nowhere/a.pdf' }] }),
      'MESSAGE_ATTACHMENT_UNREADABLE',
    ],
    [
      'with a line break in a header',
      () => ({ ...letter, subject: 'a\r\nBcc: x@example.com' }),
      'MESSAGE_FIELD_INVALID',
    ],
    [
      'with a colon in the name of a header',
      () => ({ ...letter, headers: { 'X:A': 'b' } }),
      'MESSAGE_HEADER_INVALID',
    ],
    ['to an address that is none', () => ({ ...letter, to: 'a@b@c' }), 'ADDRESS_INVALID'],
    [
      'with an option that is not known',
      () => ({ ...letter, txt: 'x' }) as never,
      'OPTION_INVALID',
    ],
    ['that is no message', () => 5 as never, 'MESSAGE_FIELD_INVALID'],
  ])('%s', async (_, message, code) => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const error = await errorOf(() => client.send(message()));
    expect(error).toMatchObject({ code, delivered: 'no', retryable: false });
    await client.close();
    expect(server.connections()).toBe(0);
  });

  it('when only half of the four strings are there', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const call = client.send as (...parts: string[]) => Promise<unknown>;
    expect(
      await errorOf(() => call.call(client, 'a@b.example', 'c@d.example', 'Hi')),
    ).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        'send takes a message, or four strings: from, to, subject and text; the text is undefined',
    });
    await client.close();
  });

  it('over the SIZE of the server', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('SIZE 1000') });
    const { client, events } = clientOf(server);
    const large = { ...letter, attachments: [{ content: Buffer.alloc(1000) }] };
    expect(await errorOf(() => client.send(large))).toMatchObject({
      name: 'InvalidMessageError',
      code: 'MESSAGE_TOO_LARGE',
    });
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'MESSAGE_TOO_LARGE' } });
    await client.send(letter);
    await client.close();
    expect(server.messages).toHaveLength(1);
    expect(server.connections()).toBe(1);
  });
});

describe('recipients that are refused', () => {
  const script = { RCPT: ['250 Ok', '550 5.1.1 No', '250 Ok'] };
  const many = { ...letter, to: ['a@example.com', 'b@example.com', 'c@example.com'] };

  it('do not keep the others from their message, unless asked to', async () => {
    await using server = await scriptedServer(script);
    const { accepted, rejected } = await send(many, clear(server));
    expect(accepted).toEqual(['a@example.com', 'c@example.com']);
    expect(rejected.map(({ address }) => address)).toEqual(['b@example.com']);
    const options = { ...clear(server), partial: 'all-or-nothing' } as const;
    const error = await errorOf(() => send(many, options));
    expect(error).toMatchObject({ name: 'RecipientsError', code: 'RECIPIENTS_REJECTED' });
    expect(error.rejected).toHaveLength(1);
    expect(server.messages).toHaveLength(1);
  });

  it('all of them are an error', async () => {
    await using server = await scriptedServer({ RCPT: '450 4.2.1 Later' });
    expect(await errorOf(() => send(many, clear(server)))).toMatchObject({
      name: 'RecipientsError',
      retryable: true,
      delivered: 'no',
      rejected: [{}, {}, {}],
    });
  });
});

describe('content that fails midway', () => {
  it('is not delivered: the server gets no final dot', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    for (const size of [undefined, 300_000]) {
      const content = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(150_000, 'x');
        if (size === undefined) throw new Error('disk on fire');
      };
      const error = await errorOf(() =>
        client.send({ ...letter, attachments: [{ content, filename: 'a.bin', size }] }),
      );
      expect(error).toMatchObject({
        name: 'InvalidMessageError',
        code: 'MESSAGE_CONTENT_FAILED',
        delivered: 'no',
      });
      expect(error.message).toMatch(
        /^[^;]*a\.bin[^;]*; the transaction was aborted and nothing is delivered$|^The message is not complete: /,
      );
    }
    expect(server.messages).toEqual([]);
    await client.send(letter);
    expect(server.messages).toHaveLength(1);
    await client.close();
  });

  it('a stream can not be sent twice, and says so before the second time', async () => {
    await using server = await scriptedServer();
    const { client } = clientOf(server);
    const content = (async function* () {
      yield 'text';
    })();
    const message = new MailMessage({ ...letter, attachments: [{ content }] });
    await client.send(message);
    const lines = server.lines.length;
    expect(await errorOf(() => client.send(message))).toMatchObject({
      code: 'MESSAGE_ATTACHMENT_UNREADABLE',
    });
    expect(server.lines).toHaveLength(lines);
    await client.close();
  });
});

describe('send(), one call and one connection', () => {
  it('closes it at the end', async () => {
    await using server = await scriptedServer();
    await send(letter, clear(server));
    await send(
      'a@example.com',
      'b@example.com',
      'Hi',
      'there',
      `smtp://127.0.0.1:${server.port}?security=none`,
    );
    expect(server.connections()).toBe(2);
    const goodbyes = () => server.lines.filter((line) => line === 'QUIT').length;
    await expect.poll(goodbyes).toBe(2);
  });

  it('keeps nobody waiting for the answer to its goodbye', async () => {
    await using server = await scriptedServer({ QUIT: '' });
    const startedAt = performance.now();
    await send(letter, clear(server));
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await expect.poll(() => server.lines.at(-1)).toBe('QUIT');
  });

  it('sends while a test pretends the clock', async () => {
    await using server = await scriptedServer();
    vi.useFakeTimers({ toFake: ['setImmediate'] });
    try {
      const receipt = await send(letter, clear(server));
      expect(receipt.reply.code).toBe(250);
    } finally {
      vi.useRealTimers();
    }
  });

  it('also after an error', async () => {
    await using server = await scriptedServer({ MAIL: '451 4.3.0 Later' });
    expect(await errorOf(() => send(letter, clear(server)))).toMatchObject({
      name: 'SmtpReplyError',
      stage: 'mail',
      retryable: true,
      reply: { code: 451 },
    });
    // The goodbye comes after the error.
    await expect.poll(() => server.lines.at(-1)).toBe('QUIT');
  });

  it('refuses a server that is none', async () => {
    expect(await errorOf(() => send(letter, undefined as never))).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        "A client is made from options or a URL: { host: 'smtp.example.com' } or 'smtps://smtp.example.com'",
    });
  });

  it('names the server that is not there', async () => {
    const server = await scriptedServer();
    await server.close();
    expect(await errorOf(() => send(letter, clear(server)))).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_REFUSED',
      host: '127.0.0.1',
      port: server.port,
      delivered: 'no',
    });
  });
});
