// The fault matrix: every fault at every stage, in clear, under STARTTLS and under implicit TLS. What the client says
// happened must be what the server saw.
import { describe, expect, it } from 'vitest';
import type { PosthornError, PosthornEvent, Stage } from '../../src/base/index.ts';
import {
  SmtpConnection,
  type SmtpConnectionOptions,
  type TimeoutsMs,
} from '../../src/smtp/index.ts';
import {
  everythingShown,
  FAULTS,
  type Fault,
  type Mode,
  no,
  type Place,
  secretForms,
} from '../support/fault-matrix.ts';
import {
  type Answer,
  ehlo,
  type Script,
  scriptedServer,
  type Turn,
  testAuthority,
} from '../support/scripted-server.ts';
import { ENVELOPE, text } from './kit.ts';

const SUCCESS = 'success';
const LOGIN = { username: 'ann@login.test', password: 'open sesame' };
const SECRETS = secretForms(LOGIN);

// Where a fault makes no difference any more.
const HARMLESS: ReadonlySet<Place> = new Set(['quit']);

const TURNS: Record<Place, Turn> = {
  greeting: 'greeting',
  ehlo: 'EHLO',
  starttls: 'STARTTLS',
  'ehlo-in-tls': 'EHLO',
  auth: 'AUTH',
  'auth-step': 'AUTH',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  content: 'content',
  rset: 'RSET',
  quit: 'QUIT',
};

// The bound that ends the wait at each place; the others are generous, so that only this one can.
const BOUNDS: Record<Place, keyof TimeoutsMs> = {
  greeting: 'greeting',
  ehlo: 'command',
  starttls: 'command',
  'ehlo-in-tls': 'command',
  auth: 'auth',
  'auth-step': 'auth',
  mail: 'command',
  rcpt: 'command',
  data: 'command',
  content: 'finalReply',
  rset: 'command',
  quit: 'command',
};

const GENEROUS = {
  connect: 9000,
  greeting: 9000,
  tls: 9000,
  auth: 9000,
  command: 9000,
  data: 9000,
  finalReply: 9000,
};
const SHORT_MS = 150;

function options(
  mode: Mode,
  port: number,
  place: Place,
  boundMs: number | undefined,
): SmtpConnectionOptions {
  return {
    host: '127.0.0.1',
    port,
    security: mode,
    clientName: 'client.test',
    ...LOGIN,
    // The password is the answer to the second challenge.
    authMechanisms: place === 'auth-step' ? ['LOGIN'] : ['PLAIN'],
    tls: { ca: testAuthority },
    timeoutsMs: boundMs === undefined ? GENEROUS : { ...GENEROUS, [BOUNDS[place]]: boundMs },
  };
}

function scriptFor(mode: Mode, place: Place, answer: Answer): Script {
  if (place === 'ehlo-in-tls') {
    return { EHLO: [ehlo('STARTTLS'), answer] };
  }
  // Every recipient refused, so that RSET follows.
  if (place === 'rset') return { RCPT: '550 5.1.1 Nobody', RSET: answer };
  if (place === 'auth-step') return { AUTH: ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', answer] };
  if (place === 'ehlo' && mode === 'starttls') return { EHLO: [answer, ehlo('AUTH PLAIN')] };
  return { [TURNS[place]]: answer };
}

interface Story {
  readonly error: PosthornError | undefined;
  readonly accepted: number;
  readonly lines: readonly string[];
  readonly events: readonly PosthornEvent[];
  readonly clear: string;
  readonly durationMs: number;
}

const STAGES: Partial<Record<Place, Stage>> = {
  'ehlo-in-tls': 'ehlo',
  'auth-step': 'auth',
  content: 'final-reply',
};

// A fault that does not stall needs no bound, and a busy machine must not make it a time-out. One that stalls is
// played again with more time when the clock ran out before the place was reached.
async function play(mode: Mode, place: Place, fault: Fault): Promise<Story> {
  const stalls = fault.outcome('mail').name === 'TimeoutError';
  if (!stalls) return await playOnce(mode, place, fault, undefined);
  for (let boundMs = SHORT_MS; ; boundMs *= 2) {
    const story = await playOnce(mode, place, fault, boundMs);
    const { error } = story;
    const wasEarly = error?.name === 'TimeoutError' && error.stage !== (STAGES[place] ?? place);
    if (!wasEarly || boundMs > 4000) return story;
  }
}

async function playOnce(
  mode: Mode,
  place: Place,
  { answer }: Fault,
  boundMs: number | undefined,
): Promise<Story> {
  await using server = await scriptedServer(
    scriptFor(mode, place, answer),
    mode === 'none' ? {} : { tls: mode },
  );
  const startedAt = performance.now();
  let error: unknown;
  const events: PosthornEvent[] = [];
  const onEvent = (event: PosthornEvent): number => events.push(event);
  try {
    const connection = await SmtpConnection.connect({
      ...options(mode, server.port, place, boundMs),
      onEvent,
    });
    try {
      await connection.send(ENVELOPE, text());
    } finally {
      await connection.quit();
    }
  } catch (thrown) {
    error = thrown;
  }
  return {
    error: error as PosthornError | undefined,
    accepted: server.messages.length,
    lines: server.lines,
    events,
    clear: server.clear(),
    durationMs: performance.now() - startedAt,
  };
}

const PLACES: Record<Mode, readonly Place[]> = {
  none: [
    'greeting',
    'ehlo',
    'auth',
    'auth-step',
    'mail',
    'rcpt',
    'data',
    'content',
    'rset',
    'quit',
  ],
  starttls: [
    'greeting',
    'ehlo',
    'starttls',
    'ehlo-in-tls',
    'auth',
    'auth-step',
    'mail',
    'rcpt',
    'data',
    'content',
    'rset',
    'quit',
  ],
  implicit: [
    'greeting',
    'ehlo',
    'auth',
    'auth-step',
    'mail',
    'rcpt',
    'data',
    'content',
    'rset',
    'quit',
  ],
};

describe.each(['none', 'starttls', 'implicit'] as const)('faults (%s)', (mode) => {
  it.concurrent.each(PLACES[mode])('at %s', async (place) => {
    const stories = await Promise.all(
      Object.entries(FAULTS).map(async ([name, fault]) => {
        const story = await play(mode, place, fault);
        const { error, accepted, clear, durationMs, events, lines } = story;
        const outcome =
          error === undefined
            ? SUCCESS
            : { name: error.name, retryable: error.retryable, delivered: error.delivered };
        const shown = everythingShown(error, events);
        for (const secret of SECRETS) expect(shown).not.toContain(secret);
        expect(accepted).toBe(place === 'content' || place === 'quit' ? 1 : 0);
        // Whatever happened, it was tried once.
        for (const verb of ['MAIL', 'RCPT', 'DATA', 'STARTTLS']) {
          const said = lines.filter((line) => line.startsWith(verb));
          expect(said.length).toBeLessThanOrEqual(1);
        }
        if (mode !== 'none') expect(clear).not.toMatch(/AUTH|MAIL|Subject/);
        if (mode === 'implicit') expect(clear).not.toMatch(/EHLO|HELO/);
        expect(durationMs).toBeLessThan(8000);
        return [name, outcome];
      }),
    );
    const expected = Object.entries(FAULTS).map(([name, fault]) => {
      if (HARMLESS.has(place)) return [name, SUCCESS];
      // What comes back to RSET does not change why it was sent.
      if (place === 'rset') return [name, no('RecipientsError', false)];
      return [name, fault.outcome(place)];
    });
    expect(Object.fromEntries(stories)).toEqual(Object.fromEntries(expected));
  });
});
