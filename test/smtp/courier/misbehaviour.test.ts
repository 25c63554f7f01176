// Random misdeeds of servers, with several messages on their way in every manner: nobody is told a lie, nothing is
// accepted twice, nobody gets what is another's, and it all ends.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deed } from '../../support/ledger-server.ts';
import { expectTruth, type Mode, type Sending, sendAll } from './kit.ts';

const say = (reply: string): Deed => ({ kind: 'say', reply });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('450 no', '550 no', '452 4.5.3 many').map(say) },
  { weight: 4, arbitrary: fc.constantFrom('503 order', '502 what', '500 what').map(say) },
  { weight: 2, arbitrary: fc.constantFrom('354 go', 'nonsense', '250-a\n550 b', '150 x').map(say) },
  { weight: 3, arbitrary: fc.constant<Deed>({ kind: 'close' }) },
  { weight: 3, arbitrary: fc.constant<Deed>({ kind: 'close', words: '421 4.3.2 bye' }) },
  { weight: 2, arbitrary: fc.constant<Deed>({ kind: 'swallow-and-close' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'silence' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'flush' }) },
);

// The ends of streams are heard a little later.
async function immediates(): Promise<void> {
  for (let turns = 0; turns < 6; turns += 1) await new Promise(setImmediate);
}

interface Plan {
  readonly mode: Mode;
  readonly count: number;
  readonly recipients: number;
  readonly isLmtp: boolean;
  readonly isTrusting: boolean;
  readonly forgetsRefusedChunk: boolean;
  readonly size: number;
  readonly deeds: readonly {
    readonly connection: number;
    readonly step: number;
    readonly deed: Deed;
  }[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  mode: fc.constantFrom<Mode>('plain', 'grouped', 'chunked', 'chunked', 'eager', 'eager'),
  count: fc.integer({ min: 1, max: 6 }),
  recipients: fc.integer({ min: 1, max: 3 }),
  isLmtp: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
  isTrusting: fc.boolean(),
  forgetsRefusedChunk: fc.boolean(),
  // Now and then too much for one write.
  size: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(300_000) },
  ),
  deeds: fc.array(
    fc.record({
      connection: fc.integer({ min: 1, max: 3 }),
      step: fc.integer({ min: 1, max: 24 }),
      deed,
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

function sendingOf(plan: Plan): Sending {
  const { deeds, ...rest } = plan;
  return {
    ...rest,
    // Within a message, a reply of success to content that was not taken is a lie that nobody can see.
    deed: (connection, step, verb) =>
      deeds.find(
        (each) => each.connection === connection && each.step === step && fits(each.deed, verb),
      )?.deed,
  };
}

// EHLO tells what is offered, and is not at stake here.
function fits(what: Deed, verb: string): boolean {
  if (verb === 'EHLO' || verb === 'LHLO' || verb === 'QUIT') return false;
  // Said with 354, RCPT or MAIL are of the wrong class; DATA is as good as it can be.
  return !(what.kind === 'say' && what.reply.startsWith('354') && verb === 'DATA');
}

describe('a server that misbehaves', () => {
  it('is survived, whatever it does', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const run = await sendAll(plan.mode, sendingOf(plan));
        expectTruth(run, JSON.stringify(plan));
        await immediates();
        expect(run.server.openConnections).toBe(0);
      }),
      { numRuns: Number(process.env['POSTHORN_FAULT_RUNS'] ?? 200) },
    );
  }, 120_000);

  const modes = ['grouped', 'chunked', 'eager'] as const;

  it.each(modes)('closes on groups: it is spoken to plainly from then on (%s)', async (mode) => {
    // It bears a command at a time, and hangs up on more.
    const run = await sendAll(mode, {
      count: 3,
      deed: (connection, step) => (connection === 1 && step === 1 ? { kind: 'close' } : undefined),
    });
    expectTruth(run, mode);
    if (mode === 'eager') return;
    expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'sent', 'sent']);
    expect(run.server.lines.filter((line) => line.startsWith('BDAT'))).toEqual([]);
    expect(run.server.connections).toBe(2);
  });

  it.each(modes)('answers grouped commands with 503 (%s)', async (mode) => {
    const run = await sendAll(mode, {
      count: 3,
      deed: (_, step) => (step === 2 ? say('503 one by one') : undefined),
    });
    expectTruth(run, mode);
    expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'sent', 'sent']);
  });

  it.each(modes)('throws away what stands behind a command (%s)', async (mode) => {
    const run = await sendAll(mode, {
      count: 2,
      deed: (connection, step) => (connection === 1 && step === 1 ? { kind: 'flush' } : undefined),
    });
    expectTruth(run, mode);
    if (mode !== 'eager') expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'sent']);
  });

  it('takes 250 for DATA as no leave to send', async () => {
    const run = await sendAll('grouped', {
      count: 1,
      deed: (_, __, verb) => (verb === 'DATA' ? say('250 ok') : undefined),
    });
    expectTruth(run, '250 to DATA');
    expect(run.told).toMatchObject([{ fate: 'no', error: { code: 'PROTOCOL_VIOLATION' } }]);
    expect(run.server.flights.join('')).not.toContain('begin 0');
  });

  it.each(modes)(
    'says all of its replies before their time: none counts as delivery (%s)',
    async (mode) => {
      const early = {
        grouped: '250 ok\n250 ok\n354 go\n250 taken',
        chunked: '250 ok\n250 ok\n250 taken',
        // There they come after all of it has left: nobody could see that they are too early, but for the one too many.
        eager: '250 ok\n250 ok\n450 no\n250 taken',
      };
      const run = await sendAll(mode, {
        count: 1,
        deed: (connection, step) => (connection === 1 && step === 1 ? say(early[mode]) : undefined),
      });
      expectTruth(run, mode);
      expect(run.told).toMatchObject([{ fate: 'no' }]);
      if (mode === 'eager') return;
      expect(run.told[0]?.error).toMatchObject({ code: 'PROTOCOL_VIOLATION', retryable: true });
      expect(run.server.lines.join()).not.toContain('BDAT');
    },
  );

  it('gets the dot alone when it asks for a message that nobody is to get', async () => {
    const run = await sendAll('grouped', {
      count: 3,
      isTrusting: true,
      deed: (_, step) => (step === 2 ? say('550 5.1.1 nobody') : undefined),
    });
    expectTruth(run, '354 without a recipient');
    expect(run.told.map(({ fate }) => fate)).toEqual(['no', 'sent', 'sent']);
    expect(run.told[0]?.error).toMatchObject({ code: 'RECIPIENTS_REJECTED' });
    expect(run.server.connections).toBe(1);
  });

  it('offers chunks and does not know them: the content goes after DATA from then on', async () => {
    const run = await sendAll('chunked', {
      count: 3,
      deed: (_, __, verb) => (verb.startsWith('BDAT') ? say('500 what?') : undefined),
    });
    expectTruth(run, 'no BDAT');
    expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'sent', 'sent']);
  });

  it.each([true, false])(
    'refuses a message in chunks with others behind it (forgets it: %s)',
    async (forgets) => {
      for (const mode of ['chunked', 'eager'] as const) {
        for (const verb of ['MAIL', 'RCPT', 'BDAT LAST']) {
          let isDone = false;
          const run = await sendAll(mode, {
            count: 5,
            forgetsRefusedChunk: forgets,
            deed: (_, __, now) => {
              if (now !== verb || isDone) return undefined;
              isDone = true;
              return say('550 5.7.1 no');
            },
          });
          expectTruth(run, `${mode} ${verb}`);
          expect(run.told.map(({ fate }) => fate)).toEqual(['no', 'sent', 'sent', 'sent', 'sent']);
          expect(run.server.connections, `${mode} ${verb}`).toBe(1);
        }
      }
    },
  );

  it('takes content of what it had refused: nobody knows what became of it', async () => {
    const run = await sendAll('eager', {
      count: 2,
      deed: (connection, step, verb) => {
        if (connection > 1) return undefined;
        if (step === 1) return say('550 no');
        return verb === 'BDAT LAST' ? say('250 taken') : undefined;
      },
    });
    expect(run.told[0]).toMatchObject({
      fate: 'unknown',
      error: { code: 'PROTOCOL_VIOLATION', retryable: false },
    });
  });

  it('says 421 to one of several in flight: those behind it are sent over another connection', async () => {
    const run = await sendAll('eager', {
      count: 4,
      deed: (connection, step) =>
        connection === 1 && step === 3 ? { kind: 'close', words: '421 4.3.2 bye' } : undefined,
    });
    expectTruth(run, '421');
    expect(run.told.map(({ fate }) => fate)).toEqual(['no', 'sent', 'sent', 'sent']);
    expect(run.told[0]?.error).toMatchObject({ retryable: true });
  });
});

describe('RSET between content and the commands behind it', () => {
  it('is for servers with BURL, and for one that was lost so before', async () => {
    const burl = await sendAll('grouped', { count: 3, keywords: ['PIPELINING', 'BURL imap'] });
    expectTruth(burl, 'BURL');
    expect(burl.server.lines.filter((line) => line === 'RSET')).toHaveLength(2);
    const lost = await sendAll('grouped', {
      count: 5,
      // The second content, behind which the third message's commands have come.
      deed: (connection, _, verb) =>
        connection === 1 && verb === 'content' ? { kind: 'swallow-and-close' } : undefined,
    });
    expectTruth(lost, 'lost');
    expect(lost.told.map(({ fate }) => fate)).toEqual(['unknown', 'sent', 'sent', 'sent', 'sent']);
    expect(lost.server.lines.filter((line) => line === 'RSET')).toHaveLength(3);
  });
});

describe('content in several chunks', () => {
  it.each(['chunked', 'eager'] as const)('is whole (%s)', async (mode) => {
    const run = await sendAll(mode, { count: 3, size: 700_000 });
    expectTruth(run, mode);
    expect(run.told.map(({ fate }) => fate)).toEqual(['sent', 'sent', 'sent']);
    const chunks = run.server.lines.filter((line) => line.startsWith('BDAT'));
    expect(chunks.length).toBeGreaterThan(6);
    expect(chunks.filter((line) => line.endsWith(' LAST'))).toHaveLength(3);
    expect(run.server.connections).toBe(1);
  });

  it('of which one is refused: no more is sent, and the connection goes on', async () => {
    let chunks = 0;
    const run = await sendAll('chunked', {
      count: 3,
      size: 3_000_000,
      deed: (_, __, verb) => {
        if (verb === 'BDAT') chunks += 1;
        return verb === 'BDAT' && chunks === 2 ? say('452 4.3.1 full') : undefined;
      },
    });
    expectTruth(run, 'a chunk refused');
    expect(run.told.map(({ fate }) => fate)).toEqual(['no', 'sent', 'sent']);
    expect(run.told[0]?.error).toMatchObject({
      code: 'REPLY_NEGATIVE',
      stage: 'content',
      delivered: 'no',
      retryable: true,
    });
    expect(run.told[0]?.error?.message).toContain("answered BDAT with '452 4.3.1 full'");
    const { lines, connections } = run.server;
    const reset = lines.indexOf('RSET');
    expect(reset).toBeGreaterThan(0);
    expect(lines.slice(0, reset).some((line) => line.endsWith(' LAST'))).toBe(false);
    expect(connections).toBe(1);
  });
});
