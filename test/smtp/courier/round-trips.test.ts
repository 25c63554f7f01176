// What leaves when: counted by a server that answers only when nothing more can come.
import { describe, expect, it } from 'vitest';
import { expectTruth, type Mode, type Sending, sendAll } from './kit.ts';

/** What arrived between the server's answers, from the first MAIL on, without QUIT. */
async function flights(mode: Mode, sending: Sending): Promise<readonly string[]> {
  const run = await sendAll(mode, { ...sending, isSlow: true, client: SLOW });
  expectTruth(run, mode);
  expect(run.told.every(({ fate }) => fate === 'sent')).toBe(true);
  expect(run.server.connections).toBe(1);
  const [greeting, hello, ...rest] = run.server.flights;
  // Nothing is said before the greeting, and nothing with EHLO: what is offered is not known yet.
  expect(greeting).toBe('');
  expect(hello).toBe('EHLO client.test\r\n');
  return rest.filter((flight) => flight !== 'QUIT\r\n');
}

const SLOW = { timeoutsMs: { command: 10_000, finalReply: 10_000 } };

/** The commands of a flight; content as what it begins and ends with. */
function told(flight: string): readonly string[] {
  return flight
    .split('\r\n')
    .filter((line) => /^(?:MAIL|RCPT|DATA|BDAT|RSET|\.$|begin|end)/.test(line))
    .map((line) => line.replace(/ (?:FROM|TO):<(\w+).*/, ' $1').replace(/^BDAT \d+/, 'BDAT'));
}

describe('round trips', () => {
  it('a command each without PIPELINING: four for each message', async () => {
    expect(await flights('plain', { count: 3 })).toHaveLength(12);
  });

  it('with PIPELINING one for each message, and one for the first envelope', async () => {
    const seen = await flights('grouped', { count: 12 });
    expect(seen).toHaveLength(13);
    expect(told(seen[0] ?? '')).toEqual(['MAIL m0', 'RCPT r0', 'DATA']);
    // The line with a dot of the text is doubled; the dot alone ends the message, and the next one's commands follow.
    expect(told(seen[1] ?? '')).toEqual(['begin 0', 'end 0', '.', 'MAIL m1', 'RCPT r0', 'DATA']);
    expect(told(seen[12] ?? '')).toEqual(['begin 11', 'end 11', '.']);
  });

  it('with CHUNKING as many, and the content after the replies to its envelope', async () => {
    const seen = await flights('chunked', { count: 12 });
    expect(seen).toHaveLength(13);
    expect(told(seen[0] ?? '')).toEqual(['MAIL m0', 'RCPT r0']);
    expect(told(seen[1] ?? '')).toEqual([
      'BDAT LAST',
      'begin 0',
      '.',
      'end 0',
      'MAIL m1',
      'RCPT r0',
    ]);
    expect(told(seen[12] ?? '')).toEqual(['BDAT LAST', 'begin 11', '.', 'end 11']);
  });

  it('a refusal costs no more: the next commands leave behind RSET', async () => {
    const run = await sendAll('grouped', {
      count: 3,
      isSlow: true,
      client: SLOW,
      deed: (_, step) => (step === 1 ? { kind: 'say', reply: '550 no' } : undefined),
    });
    expect(run.told.map(({ fate }) => fate)).toEqual(['no', 'sent', 'sent']);
    const seen = run.server.flights.slice(2, -1).map(told);
    expect(seen).toHaveLength(4);
    expect(seen[1]).toEqual(['RSET', 'MAIL m1', 'RCPT r0', 'DATA']);
  });

  it('eager: all of them in one', async () => {
    const seen = await flights('eager', { count: 12 });
    expect(seen).toHaveLength(1);
    expect(told(seen[0] ?? '').slice(0, 9)).toEqual([
      'MAIL m0',
      'RCPT r0',
      'BDAT LAST',
      'begin 0',
      '.',
      'end 0',
      'RSET',
      'MAIL m1',
      'RCPT r0',
    ]);
  });

  it('eager: no more on its way than the window takes', async () => {
    const seen = await flights('eager', { count: 12, size: 200_000 });
    expect(seen.length).toBeGreaterThan(1);
    // What is counted is the message; one may begin when the window is not full.
    for (const flight of seen) expect(flight.length).toBeLessThan(1_048_576 + 220_000);
  });

  it.each(['grouped', 'chunked'] as const)(
    'what is large has the next envelope behind it (%s)',
    async (mode) => {
      const seen = await flights(mode, { count: 3, size: 600_000 });
      const last = seen.at(-1) ?? '';
      expect(told(last)).not.toContain('MAIL m2');
      expect(seen.filter((flight) => told(flight).includes('MAIL m1'))).toHaveLength(1);
      const behind = seen.find((flight) => told(flight).includes('MAIL m1')) ?? '';
      expect(told(behind)).toContain('end 0');
    },
  );

  it('LMTP: in groups, and no command behind content, to which several answers will come', async () => {
    const run = await sendAll('grouped', {
      count: 3,
      recipients: 2,
      isLmtp: true,
      isSlow: true,
      client: SLOW,
    });
    expectTruth(run, 'lmtp');
    const seen = run.server.flights.slice(2, -1).map(told);
    expect(seen).toHaveLength(6);
    expect(seen[0]).toEqual(['MAIL m0', 'RCPT r0', 'RCPT r1', 'DATA']);
    expect(seen[1]).toEqual(['begin 0', 'end 0', '.']);
  });

  it('LMTP over chunks has an answer for each recipient', async () => {
    const run = await sendAll('chunked', { count: 3, recipients: 2, isLmtp: true });
    expectTruth(run, 'lmtp');
    expect(run.told.map(({ fates }) => [...fates.values()])).toEqual(
      Array.from({ length: 3 }, () => ['sent', 'sent']),
    );
    expect(run.server.lines.filter((line) => line.endsWith(' LAST'))).toHaveLength(3);
  });
});
