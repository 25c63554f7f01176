// The fault matrix: every fault at every stage, in clear, under STARTTLS and under implicit TLS. What the client says
// happened must be what the server saw.
import { describe, expect, it } from 'vitest';
import type { PosthornError, Stage } from '../../src/base/index.ts';
import {
  SmtpConnection,
  type SmtpConnectionOptions,
  type TimeoutsMs,
} from '../../src/smtp/index.ts';
import {
  drip,
  dripLines,
  endless,
  fin,
  hugeLine,
  lastWords,
  raw,
  rst,
  silence,
} from '../support/faults.ts';
import {
  type Answer,
  ehlo,
  type Script,
  scriptedServer,
  type Turn,
  testAuthority,
} from '../support/scripted-server.ts';
import { ENVELOPE, text } from './kit.ts';

type Mode = 'none' | 'starttls' | 'implicit';
type Place =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'ehlo-in-tls'
  | 'auth'
  | 'auth-step'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'content'
  | 'rset'
  | 'quit';

interface Outcome {
  readonly name: string;
  readonly retryable: boolean;
  readonly delivered: 'no' | 'unknown';
}
const SUCCESS = 'success';

interface Fault {
  readonly answer: Answer;
  /** What the client says; by place where it differs. */
  readonly outcome: (place: Place) => Outcome;
}

const no = (name: string, retryable = true): Outcome => ({ name, retryable, delivered: 'no' });
// After the final dot nobody but the caller can say whether to try again.
const orUnknown = (name: string, place: Place): Outcome =>
  place === 'content' ? { name, retryable: false, delivered: 'unknown' } : no(name);
const always =
  (name: string): Fault['outcome'] =>
  (place) =>
    orUnknown(name, place);

const refusal =
  (retryable: boolean): Fault['outcome'] =>
  (place) => {
    if (place === 'starttls') return no('TlsError', retryable);
    if (place === 'auth' || place === 'auth-step') return no('AuthenticationError', retryable);
    if (place === 'rcpt') return no('RecipientsError', retryable);
    return no('SmtpReplyError', retryable);
  };

const FAULTS: Record<string, Fault> = {
  silence: { answer: silence, outcome: always('TimeoutError') },
  'half a line, then silence': { answer: raw('250 o'), outcome: always('TimeoutError') },
  'a drip of bytes': { answer: drip, outcome: always('TimeoutError') },
  'a drip of lines': { answer: dripLines, outcome: always('TimeoutError') },
  'the first of two lines, then silence': {
    answer: raw('250-x\r\n'),
    outcome: always('TimeoutError'),
  },
  'CR only': { answer: raw('250 ok\r'), outcome: always('TimeoutError') },
  FIN: { answer: fin, outcome: always('ConnectionError') },
  RST: { answer: rst, outcome: always('ConnectionError') },
  'half a line, then FIN': { answer: lastWords('250 o'), outcome: always('ConnectionError') },
  'HTTP text': {
    answer: raw('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    outcome: always('ProtocolError'),
  },
  binary: {
    answer: raw(Buffer.from([0, 1, 2, 255, 254, 10, 0])),
    outcome: always('ProtocolError'),
  },
  'two digits': { answer: '25 ok', outcome: always('ProtocolError') },
  'four digits': { answer: '2500 ok', outcome: always('ProtocolError') },
  '1yz': { answer: '150 ok', outcome: always('ProtocolError') },
  '6yz': { answer: '650 ok', outcome: always('ProtocolError') },
  'a blank line': { answer: raw('\r\n250 ok\r\n'), outcome: always('ProtocolError') },
  'a line of 16 MB': { answer: hugeLine, outcome: always('LimitError') },
  'lines without end': { answer: endless, outcome: always('LimitError') },
  'different codes in one reply': {
    answer: '250-first\n550 second',
    outcome: always('ProtocolError'),
  },
  'the wrong class': {
    answer: async (link) => link.say(link.turn === 'DATA' ? '250 ok' : '354 go on'),
    outcome: always('ProtocolError'),
  },
  '421 and FIN': {
    answer: lastWords('421 4.3.2 Shutting down\r\n'),
    outcome: () => no('SmtpReplyError'),
  },
  '421 and RST': {
    answer: async (link) => {
      await link.write('421 4.3.2 Shutting down\r\n');
      link.reset();
    },
    outcome: () => no('SmtpReplyError'),
  },
  '4yz': { answer: '450 4.2.0 Not now', outcome: refusal(true) },
  '5yz': { answer: '550 5.7.1 Never', outcome: refusal(false) },
};

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
    username: 'ann@login.test',
    password: 'open sesame',
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
  try {
    const connection = await SmtpConnection.connect(options(mode, server.port, place, boundMs));
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
        const { error, accepted, clear, durationMs } = await play(mode, place, fault);
        const outcome =
          error === undefined
            ? SUCCESS
            : { name: error.name, retryable: error.retryable, delivered: error.delivered };
        expect(JSON.stringify(error?.toJSON() ?? {})).not.toMatch(/sesame|login\.test/);
        if (place !== 'content' && place !== 'quit') expect(accepted).toBe(0);
        if (mode !== 'none') expect(clear).not.toMatch(/AUTH|MAIL|Subject/);
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
