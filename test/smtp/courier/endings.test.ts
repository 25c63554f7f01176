// The caller's signal, the caller's close and the clock, at every state of the dialogue with others on the way.
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpConnection } from 'posthorn/smtp';
import { describe, expect, it } from 'vitest';
import { LedgerServer } from '../../support/ledger-server.ts';
import { expectTruth, MODES, type Mode, sendAll } from './kit.ts';

const modes = Object.keys(MODES) as Mode[];

describe('a signal', () => {
  it.each(modes)('ends its own message at any step, and no other (%s)', async (mode) => {
    for (let at = 1; at <= 12; at += 1) {
      for (const index of [0, 1, 2]) {
        const controller = new AbortController();
        const run = await sendAll(mode, {
          count: 4,
          deed: (connection, step) => {
            if (connection === 1 && step === at) controller.abort();
            return undefined;
          },
          sendOptions: (each) => (each === index ? { signal: controller.signal } : {}),
        });
        const note = `${mode}: message ${index} at step ${at}`;
        expectTruth(run, note);
        const fate = run.told[index];
        if (fate?.error) expect(fate.error.code, note).toBe('ABORTED');
        // A connection that ends for one of them leaves those whose content is at the server in the dark.
        for (const [other, { error }] of run.told.entries()) {
          if (other === index || !error) continue;
          expect(error.delivered, `${note}, ${other}: ${error.message}`).toBe('unknown');
        }
        expect(getEventListeners(controller.signal, 'abort'), note).toEqual([]);
      }
    }
  });

  it('that ends one of many leaves the others alone', async () => {
    for (const mode of modes.filter((each) => each !== 'eager')) {
      const controller = new AbortController();
      const run = await sendAll(mode, {
        count: 5,
        // The content of the first has come; the third waits or is behind it.
        deed: (_, __, verb) => {
          if (verb === 'content' || verb === 'BDAT LAST') controller.abort();
          return undefined;
        },
        sendOptions: (each) => (each === 2 ? { signal: controller.signal } : {}),
      });
      expectTruth(run, mode);
      expect(run.told.map(({ error }) => error?.code)).toEqual([
        undefined,
        undefined,
        'ABORTED',
        undefined,
        undefined,
      ]);
    }
  });

  it('that has been aborted before ends it at once', async () => {
    const run = await sendAll('grouped', {
      count: 2,
      sendOptions: (each) => (each === 0 ? { signal: AbortSignal.abort() } : {}),
    });
    expect(run.told.map(({ fate, error }) => [fate, error?.code])).toEqual([
      ['no', 'ABORTED'],
      ['sent', undefined],
    ]);
  });
});

describe('the clock', () => {
  it.each(modes)('ends a silence at any step, and the truth is told (%s)', async (mode) => {
    // Silent at this step and at every one after it, on the first connection.
    for (let at = 1; at <= 9; at += 2) {
      const run = await sendAll(mode, {
        count: 3,
        client: { timeoutsMs: { command: 60, finalReply: 60, data: 60 } },
        deed: (connection, step) =>
          connection === 1 && step === at ? { kind: 'silence' } : undefined,
      });
      expectTruth(run, `${mode}, silent from ${at}`);
      for (const { error } of run.told) if (error) expect(error.code).toBe('TIMEOUT');
    }
  });
});

describe('closing', () => {
  it.each(modes)('a connection at any step ends what it has with the truth (%s)', async (mode) => {
    for (let at = 1; at <= 6; at += 1) {
      let close = (): void => undefined;
      const server = new LedgerServer({
        keywords: MODES[mode].keywords,
        deed: (_, step) => {
          if (step === at) close();
          return undefined;
        },
      });
      const connection = await SmtpConnection.connect({
        host: 'ledger.test',
        port: 25,
        security: 'none',
        clientName: 'client.test',
        connect: server.connect,
        ...MODES[mode].options,
      });
      close = () => connection.close();
      const bytes = Buffer.from('Subject: x\r\n\r\nbegin 0\r\n');
      const content = { size: bytes.length, eightBit: false, utf8: false, isCanonical: true };
      const outcome = await connection
        .send({ from: 'm0@example.com', to: ['r0-0@example.org'] }, () => ({
          ...content,
          chunks: () => [bytes],
        }))
        .then(
          () => 'sent',
          (error: { code: string; delivered: string }) => `${error.code} ${error.delivered}`,
        );
      const note = `${mode} at ${at}`;
      if (outcome === 'sent') expect(server.accepted, note).toHaveLength(1);
      else expect(outcome, note).toMatch(/^CLIENT_CLOSED (no|unknown)$/);
      if (outcome.endsWith(' no')) expect(server.accepted, note).toEqual([]);
      // Never hangs, however the connection ended.
      await connection.quit();
      await connection.settled();
    }
  });

  it('does not wait for a server that was to forget a message and has gone', async () => {
    const server = new LedgerServer({
      keywords: ['PIPELINING'],
      deed: (_, step, verb) => {
        if (verb === 'RSET') return { kind: 'close' };
        return step === 1 ? { kind: 'say', reply: '550 no' } : undefined;
      },
    });
    const connection = await SmtpConnection.connect({
      host: 'ledger.test',
      port: 25,
      security: 'none',
      clientName: 'client.test',
      connect: server.connect,
    });
    const bytes = Buffer.from('Subject: x\r\n\r\n');
    const content = { size: bytes.length, eightBit: false, utf8: false, chunks: () => [bytes] };
    await expect(
      connection.send({ from: 'a@example.com', to: ['b@example.org'] }, () => content),
    ).rejects.toMatchObject({ code: 'REPLY_NEGATIVE', stage: 'mail', delivered: 'no' });
    await sleep(5);
    await connection.settled();
    await connection.quit();
    expect(connection.isUsable).toBe(false);
  });
});
