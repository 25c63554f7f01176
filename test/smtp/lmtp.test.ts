// LMTP (RFC 2033): LHLO, and a reply for each recipient after the dot.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecipientsError } from '../../src/base/index.ts';
import { candidates } from '../../src/smtp/candidates.ts';
import { SmtpConnection, type SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { lastWords } from '../support/faults.ts';
import {
  ehlo,
  type Script,
  type ScriptedServer,
  scriptedServer,
} from '../support/scripted-server.ts';
import { clear, failure, text } from './kit.ts';

const envelope = { from: 'ann@example.com', to: ['a@x', 'b@x', 'c@x'] };
const lmtp = (server: ScriptedServer): SmtpConnectionOptions => ({
  ...clear(server),
  protocol: 'lmtp',
});

async function report(script: Script) {
  await using server = await scriptedServer({ LHLO: ehlo('8BITMIME'), ...script });
  await using connection = await SmtpConnection.connect(lmtp(server));
  return await connection.send(envelope, text());
}

async function refusal(script: Script) {
  await using server = await scriptedServer({ LHLO: ehlo('8BITMIME'), ...script });
  const connection = await SmtpConnection.connect(lmtp(server));
  const error = await failure(connection.send(envelope, text()));
  await connection.quit();
  return { error, lines: server.lines };
}

describe('LMTP', () => {
  it('says LHLO and hears of every recipient', async () => {
    await using server = await scriptedServer({
      content: ['250 2.0.0 a saved\n550 5.2.2 b is full\n250 2.0.0 c saved', '250 2.0.0 a saved'],
    });
    const connection = await SmtpConnection.connect(lmtp(server));
    expect(connection.capabilities.eightBitMime).toBe(true);
    const result = await connection.send(envelope, text());
    expect(result).toMatchObject({
      accepted: ['a@x', 'c@x'],
      rejected: [{ address: 'b@x', reply: { code: 550, enhanced: '5.2.2', lines: ['b is full'] } }],
      unsettled: [],
      reply: { lines: ['a saved'] },
    });
    await connection.send({ ...envelope, to: ['a@x'] }, text());
    await connection.quit();
    expect(server.lines[0]).toBe('LHLO client.test');
    expect(server.lines.at(-1)).toBe('QUIT');
    expect(server.messages).toHaveLength(2);
  });

  it('counts the replies of those that RCPT accepted only', async () => {
    const result = await report({
      RCPT: ['250 ok', '550 5.1.1 No', '250 ok'],
      content: '250 one\n451 4.3.0 Later',
    });
    expect(result.accepted).toEqual(['a@x']);
    expect(result.rejected.map(({ address, reply }) => [address, reply.code])).toEqual([
      ['b@x', 550],
      ['c@x', 451],
    ]);
  });

  it('knows what became of whom when the connection ends midway', async () => {
    const result = await report({ content: lastWords('250 a saved\r\n') });
    expect(result.accepted).toEqual(['a@x']);
    expect(
      result.unsettled.map(({ address, error }) => [address, error.delivered, error.retryable]),
    ).toEqual([
      ['b@x', 'unknown', false],
      ['c@x', 'unknown', false],
    ]);
    expect(result.unsettled[0]?.error).toMatchObject({
      code: 'CONNECTION_CLOSED',
      stage: 'final-reply',
    });
  });

  it('takes a 421 as the answer for one', async () => {
    const result = await report({ content: lastWords('250 a saved\r\n421 4.3.2 Going down\r\n') });
    expect(result.accepted).toEqual(['a@x']);
    expect(result.unsettled.map(({ address, error }) => [address, error.delivered])).toEqual([
      ['b@x', 'no'],
      ['c@x', 'unknown'],
    ]);
  });

  it('fails when nobody was accepted', async () => {
    const { error, lines } = await refusal({ content: '550 5.2.2 Full\n451 Later\n550 No' });
    expect(error).toMatchObject({
      name: 'RecipientsError',
      code: 'RECIPIENTS_REJECTED',
      stage: 'final-reply',
      delivered: 'no',
      retryable: true,
    });
    expect(error.message).toContain(
      "refused every recipient: 'a@x' with '550 5.2.2 Full'; nothing was delivered. See 'rejected' for each reply",
    );
    expect((error as RecipientsError).rejected.map(({ address }) => address)).toEqual(envelope.to);
    // The content has ended the transaction.
    expect(lines).not.toContain('RSET');
  });

  it('does not know when the connection ends before the first reply', async () => {
    const { error } = await refusal({ content: lastWords('') });
    expect(error).toMatchObject({ code: 'CONNECTION_CLOSED', delivered: 'unknown' });
  });

  it('does not take more replies than there are recipients', async () => {
    await using server = await scriptedServer({
      LHLO: ehlo('8BITMIME'),
      content: '250 a\n250 b\n250 c\n250 d',
    });
    const connection = await SmtpConnection.connect(lmtp(server));
    const result = await connection.send(envelope, text());
    expect(result.accepted).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connection.isUsable).toBe(false);
  });

  it('has no HELO', async () => {
    await using server = await scriptedServer({ LHLO: '500 What?' });
    const error = await failure(SmtpConnection.connect(lmtp(server)));
    expect(error).toMatchObject({ code: 'REPLY_NEGATIVE', stage: 'ehlo' });
    expect(error.message).toContain("answered LHLO with '500 What?'");
    expect(server.lines).toEqual(['LHLO client.test']);
  });

  it('goes over a Unix socket', async () => {
    const socketPath = join(tmpdir(), `posthorn-lmtp-${process.pid}.sock`);
    await using server = await scriptedServer({ content: '250 a\n250 b\n250 c' }, { socketPath });
    const connection = await SmtpConnection.connect({ socketPath, protocol: 'lmtp' });
    expect(await connection.send(envelope, text())).toMatchObject({ accepted: envelope.to });
    await connection.quit();
    expect(server.messages).toHaveLength(1);
  });

  it('is at port 24 unless another is given', () => {
    const settings = {
      host: 'x',
      port: undefined,
      security: 'none',
      socketPath: undefined,
    } as const;
    expect(candidates({ ...settings, protocol: 'lmtp' }).rounds).toEqual([
      [{ port: 24, mode: 'none' }],
    ]);
    expect(candidates({ ...settings, port: 26, protocol: 'lmtp' }).rounds[0]?.[0]?.port).toBe(26);
  });
});
