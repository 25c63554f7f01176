// The fault matrix for a message that goes over a connection that was used before: the first message must not be harmed,
// the second is tried again only where nothing of it can have been taken.
import { type PosthornError, type PosthornEvent, SmtpClient } from 'posthorn';
import { describe, expect, it } from 'vitest';
import {
  everythingShown,
  FAULTS,
  type Fault,
  type Mode,
  no,
  type Outcome,
  secretForms,
} from '../support/fault-matrix.ts';
import { ehlo, type Script, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { letter } from './kit.ts';

const LOGIN = { username: 'ann@login.test', password: 'open sesame' };
const PLACES = ['mail', 'rcpt', 'data', 'content', 'rset'] as const;
type Place = (typeof PLACES)[number];

const GOOD = { mail: '250 ok', rcpt: '250 ok', data: '354 go', content: '250 ok', rset: '250 ok' };
const TURNS = {
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  content: 'content',
  rset: 'RSET',
} as const;
const SHORT_MS = 250;
// More at once would keep a busy machine from answering within such a bound.
const AT_ONCE = 10;

// RFC 5321 section 3.8: a server may leave at any time. At the first command of a message nothing of it is lost.
const LEAVING = /^(?:FIN|RST|half a line, then FIN|421)/;

function scriptFor(mode: Mode, place: Place, { answer }: Fault): Script {
  const hello = [...(mode === 'starttls' ? [ehlo('STARTTLS')] : []), ehlo('AUTH PLAIN')];
  if (place === 'rset') {
    return { EHLO: hello, RCPT: ['250 ok', '550 5.1.1 Nobody', '250 ok'], RSET: answer };
  }
  return { EHLO: hello, [TURNS[place]]: [GOOD[place], answer, GOOD[place]] };
}

function expectedOf(place: Place, name: string, fault: Fault): Outcome | 'success' {
  if (place === 'rset') return no('RecipientsError', false);
  if (place === 'mail' && LEAVING.test(name)) return 'success';
  return fault.outcome(place);
}

// A fault that stalls is played again with more time when the clock ran out where nothing was wrong: on a busy machine a
// short bound is soon over.
async function play(mode: Mode, place: Place, fault: Fault) {
  const stalls = fault.outcome('mail').name === 'TimeoutError';
  if (!stalls) return await playOnce(mode, place, fault, undefined);
  for (let boundMs = SHORT_MS; ; boundMs *= 3) {
    try {
      return await playOnce(mode, place, fault, boundMs);
    } catch (error) {
      if (boundMs > 5000) throw error;
    }
  }
}

async function playOnce(mode: Mode, place: Place, fault: Fault, boundMs: number | undefined) {
  const tls = mode === 'none' ? {} : { tls: mode };
  await using server = await scriptedServer(scriptFor(mode, place, fault), tls);
  const events: PosthornEvent[] = [];
  const client = new SmtpClient({
    host: server.host,
    port: server.port,
    security: mode,
    ...LOGIN,
    tls: { ca: testAuthority },
    timeoutsMs: boundMs ? { [place === 'content' ? 'finalReply' : 'command']: boundMs } : {},
    onEvent: (event) => events.push(event),
  });
  let error: PosthornError | undefined;
  try {
    await client.send({ ...letter, subject: 'the first' });
    await client.send({ ...letter, subject: 'the second' }).catch((thrown: PosthornError) => {
      error = thrown;
    });
    // The client is as good as new, whatever happened.
    await client.send({ ...letter, subject: 'the third' });
  } finally {
    await client.close();
  }
  const count = (subject: string): number =>
    server.messages.filter(({ content }) => content.includes(subject)).length;
  return {
    error,
    events,
    clear: server.clear(),
    taken: [count('the first'), count('the second'), count('the third')],
  };
}

async function inTurns<T>(plays: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < plays.length; at += AT_ONCE) {
    results.push(...(await Promise.all(plays.slice(at, at + AT_ONCE).map((each) => each()))));
  }
  return results;
}

describe.each(['none', 'starttls', 'implicit'] as const)('the second message (%s)', (mode) => {
  it.concurrent.each(PLACES)(
    'at %s',
    async (place) => {
      const stories = await inTurns(
        Object.entries(FAULTS).map(([name, fault]) => async () => {
          const { error, events, clear, taken } = await play(mode, place, fault);
          const expected = expectedOf(place, name, fault);
          // Taken exactly once, or not at all; twice never.
          const second = expected === 'success' || place === 'content' ? 1 : 0;
          expect([name, taken]).toEqual([name, [1, second, 1]]);
          const retries = events.filter(({ type }) => type === 'retry').length;
          // The third message meets the same fault on the connection of the second.
          expect([name, retries]).toEqual([name, expected === 'success' ? 2 : 0]);
          if (mode !== 'none') expect(clear).not.toMatch(/AUTH|MAIL|the (?:first|second|third)/);
          const shown = everythingShown(error, events);
          for (const secret of secretForms(LOGIN)) expect(shown).not.toContain(secret);
          const outcome = error
            ? { name: error.name, retryable: error.retryable, delivered: error.delivered }
            : 'success';
          return [name, outcome];
        }),
      );
      const expected = Object.entries(FAULTS).map(([name, fault]) => [
        name,
        expectedOf(place, name, fault),
      ]);
      expect(Object.fromEntries(stories)).toEqual(Object.fromEntries(expected));
    },
    60_000,
  );
});
