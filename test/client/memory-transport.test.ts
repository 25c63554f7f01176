import { Buffer } from 'node:buffer';
import { MailMessage, MemoryTransport, type Transport } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, letter } from './kit.ts';

describe('MemoryTransport', () => {
  it('keeps what would have been sent', async () => {
    const transport = new MemoryTransport();
    const receipt = await transport.send({ ...letter, bcc: 'hidden@example.com', text: 'Grüße' });
    const [kept] = transport.messages;
    expect(kept?.receipt).toBe(receipt);
    expect(kept?.envelope).toEqual({
      from: 'ann@example.com',
      to: ['bob@example.org', 'hidden@example.com'],
    });
    expect(kept?.message).toBe(kept?.message);
    expect(kept?.message).toMatchObject({ subject: 'Hello', text: 'Grüße\n' });
    expect(Buffer.from(kept!.raw).toString()).not.toMatch(/bcc|hidden/i);
    expect(receipt).toEqual({
      messageId: kept!.message.messageId,
      envelope: kept!.envelope,
      accepted: ['bob@example.org', 'hidden@example.com'],
      rejected: [],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: ['Kept in memory'] },
      size: kept!.raw.length,
      startedAt: receipt.startedAt,
      durationMs: receipt.durationMs,
      server: { host: 'memory', port: 0, security: 'none' },
    });
  });

  it('takes all that a client takes, in order', async () => {
    const transport = new MemoryTransport();
    await transport.send('a@example.com', 'b@example.com', 'One', 'text');
    await transport.send(new MailMessage({ ...letter, subject: 'Two' }), {
      envelope: { from: '' },
    });
    await transport.send(
      MailMessage.parse('From: a@b.example\nTo: c@d.example\nSubject: Three\n\nhi'),
    );
    expect(
      transport.messages.map(({ message, envelope }) => [message.subject, envelope.from]),
    ).toEqual([
      ['One', 'a@example.com'],
      ['Two', ''],
      ['Three', 'a@b.example'],
    ]);
    const { raw } = transport.messages[2]!;
    expect(Buffer.from(raw).toString()).toBe(
      'From: a@b.example\r\nTo: c@d.example\r\nSubject: Three\r\n\r\nhi\r\n',
    );
    transport.clear();
    expect(transport.messages).toEqual([]);
  });

  it('fails as a client does', async () => {
    const transport: Transport = new MemoryTransport();
    const controller = new AbortController();
    controller.abort();
    for (const [call, code] of [
      [() => transport.send({ from: 'a@example.com' }), 'MESSAGE_NO_RECIPIENT'],
      [() => transport.send({ to: 'a@example.com' }), 'MESSAGE_NO_SENDER'],
      [
        () => transport.send({ ...letter, attachments: [{ path: '/nowhere' }] }),
        'MESSAGE_ATTACHMENT_UNREADABLE',
      ],
      [() => transport.send(letter, { foo: 1 } as never), 'OPTION_INVALID'],
      [() => transport.send(letter, { signal: controller.signal }), 'ABORTED'],
    ] as const) {
      expect(await errorOf(call)).toMatchObject({ code, delivered: 'no' });
    }
    expect((transport as MemoryTransport).messages).toEqual([]);
  });

  it('ends with close, and keeps its messages', async () => {
    const seen: number[] = [];
    const transport = new MemoryTransport();
    {
      await using closing = transport;
      await closing.send(letter, { onProgress: ({ bytesSent }) => seen.push(bytesSent) });
    }
    expect(seen).toEqual([transport.messages[0]!.raw.length]);
    expect(await errorOf(() => transport.send(letter))).toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(transport.messages).toHaveLength(1);
  });
});

it('is not disturbed by a listener that throws', async () => {
  const memory = new MemoryTransport();
  await memory.send(letter, {
    onProgress: () => {
      throw new Error('a listener only watches');
    },
  });
  expect(memory.messages).toHaveLength(1);
});
