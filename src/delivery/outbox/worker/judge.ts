// From what a transport said about an attempt to what becomes of each recipient, and what it tells of the transport. No
// clock and no store here.
import {
  PosthornError,
  RecipientsError,
  type SmtpReply,
  SmtpReplyError,
} from '../../../base/index.ts';
import type { SendReceipt } from '../../../client/index.ts';
import { FAILURE_ACTIONS, type FailureClass } from '../classification.data.ts';
import { classOf } from '../classify.ts';
import type { DeliveryMode, StoredAttempt, StoredOutcome, StoredRecord } from '../record.ts';
import { type Fate, lastOf } from '../states.ts';
import type { FailureFacts } from '../types.ts';
import { backOff, type Chance, uncountedBackOff } from './back-off.ts';
import type { WorkSettings } from './work-settings.ts';

// More of an error's text is not worth a place in each record.
const LONGEST_TEXT = 1000;

/** An attempt that is over. */
export interface Tried {
  readonly record: StoredRecord;
  /** Whom it was for, by their places. */
  readonly open: readonly number[];
  readonly isPossibleDuplicate: boolean;
  /** What the transport gave or threw. */
  readonly outcome: SendReceipt | PosthornError;
  readonly startedAt: number;
  readonly now: number;
  readonly durationMs: number;
  readonly transport: string;
  readonly delivery: DeliveryMode;
}

/** What an attempt tells of the way that it went. */
export interface Lessons {
  readonly destination: 'busy' | 'down' | 'up' | undefined;
  /** Why the transport is to be left alone; `undefined`: it is not. */
  readonly pause: PosthornError | undefined;
  /** For how long the server wants to be left alone. */
  readonly retryAfterMs: number | undefined;
}

/** What comes of an attempt. */
export interface Judgement {
  readonly attempt: StoredAttempt;
  readonly fates: readonly Fate[];
  readonly lessons: Lessons;
  /** The message is to be kept aside: what is stored of it is damaged. */
  readonly isHeld: boolean;
}

/** A failure and whom it is about. */
interface Failing {
  readonly places: readonly number[];
  readonly facts: FailureFacts;
}

/** Judges an attempt. */
export function judge(tried: Tried, settings: WorkSettings, chance: Chance): Judgement {
  const { outcome, open } = tried;
  const failing = failuresOf(tried);
  const failed = new Set(failing.flatMap(({ places }) => places));
  const accepted = open.filter((place) => !failed.has(place));
  const fates: Fate[] = accepted.map((recipient) => ({ recipient, state: 'sent' }));
  const classes = new Set<FailureClass>();
  for (const one of failing) {
    const usual = classOf(one.facts);
    const kind = classified(one.facts, usual, settings);
    classes.add(kind);
    const bench = new Bench(tried, settings, chance);
    for (const place of one.places) {
      fates.push(bench.fateOf(place, kind, one.facts, accepted.length > 0));
    }
  }
  const error = outcome instanceof PosthornError ? outcome : undefined;
  const isUnknown = failing.some(({ facts }) => facts.error?.delivered === 'unknown');
  return {
    attempt: attemptOf(tried, fates, {
      ...(classes.size === 1 && { class: [...classes][0] as FailureClass }),
      delivered: isUnknown ? 'unknown' : accepted.length > 0 ? 'yes' : 'no',
      worker: settings.name,
    }),
    fates,
    lessons: lessonsOf(classes, error, settings, failing),
    isHeld: [...classes].some((kind) => FAILURE_ACTIONS[kind].outcome === 'hold'),
  };
}

// A function that throws gets no say: what is known of the message must be noted.
function classified(
  facts: FailureFacts,
  usual: FailureClass,
  { classify }: WorkSettings,
): FailureClass {
  try {
    const kind = classify?.(facts, usual) ?? usual;
    return Object.hasOwn(FAILURE_ACTIONS, kind) ? kind : usual;
  } catch {
    return usual;
  }
}

function failuresOf({ record, open, outcome }: Tried): Failing[] {
  const places = new Map(open.map((place) => [record.recipients[place]?.address, place]));
  const one = (address: string, facts: Omit<FailureFacts, 'recipient'>): Failing | undefined => {
    const place = places.get(address);
    return place === undefined
      ? undefined
      : { places: [place], facts: { ...facts, recipient: address } };
  };
  const refused = (address: string, reply: SmtpReply): Failing | undefined =>
    one(address, { error: undefined, reply, stage: 'rcpt' });
  if (!(outcome instanceof PosthornError)) {
    const rejected = outcome.rejected.map(({ address, reply }) => refused(address, reply));
    const unsettled = outcome.unsettled.map(({ address, error }) =>
      one(address, { error, reply: error.reply, stage: error.stage }),
    );
    return [...rejected, ...unsettled].filter((found) => found !== undefined);
  }
  const failing: Failing[] = [];
  if (outcome instanceof RecipientsError) {
    for (const { address, reply } of outcome.rejected) {
      const found = refused(address, reply);
      if (found) failing.push(found);
    }
  }
  const named = new Set(failing.flatMap((found) => found.places));
  const others = open.filter((place) => !named.has(place));
  const { reply, stage } = outcome;
  if (others.length > 0) {
    failing.push({ places: others, facts: { error: outcome, reply, stage, recipient: undefined } });
  }
  return failing;
}

// What becomes of the recipients of one failure; the wait is one for all of them, so that they go together again.
class Bench {
  readonly #tried: Tried;
  readonly #settings: WorkSettings;
  readonly #chance: Chance;

  constructor(tried: Tried, settings: WorkSettings, chance: Chance) {
    this.#tried = tried;
    this.#settings = settings;
    const drawn = chance();
    this.#chance = () => drawn;
  }

  fateOf(place: number, kind: FailureClass, facts: FailureFacts, hasProgress: boolean): Fate {
    const { outcome: what, isCounted } = FAILURE_ACTIONS[kind];
    const outcome = outcomeOf(facts);
    const base = { recipient: place, outcome, isCounted };
    if (what === 'fail') return { ...base, state: 'failed' };
    if (what === 'unknown' && this.#tried.delivery === 'at-most-once') {
      return { ...base, state: 'unknown' };
    }
    // It is for a person to look at; the record says what it was before.
    if (what === 'hold') {
      return { ...base, state: this.#tried.record.recipients[place]?.state ?? 'queued' };
    }
    const now = this.#tried.now;
    const deadline = this.#deadline(place);
    if (now >= deadline) {
      return { ...base, state: what === 'unknown' ? 'unknown' : 'expired' };
    }
    const isAtOnce = (what === 'retry' && hasProgress) || this.#isFirstLoss(place, kind);
    const wait = isAtOnce ? 0 : this.#wait(place, isCounted, facts);
    return { ...base, state: 'deferred', retryAt: Math.min(now + wait, deadline) };
  }

  // A connection that was lost before the server could have the message: another one is tried at once, and once.
  #isFirstLoss(place: number, kind: FailureClass): boolean {
    if (kind !== 'transient') return false;
    return lastOf(this.#tried.record, place)?.class !== 'transient';
  }

  #wait(place: number, isCounted: boolean, { error }: FailureFacts): number {
    const { retry, maxRetryAfterMs } = this.#settings;
    const { record } = this.#tried;
    const failures = record.recipients[place]?.failures ?? 0;
    const own = isCounted
      ? backOff(failures + 1, retry, this.#chance)
      : uncountedBackOff(this.#streak(place) + 1, retry, this.#chance);
    return Math.max(own, Math.min(retryAfterOf(error) ?? 0, maxRetryAfterMs));
  }

  // Attempts in a row, up to now, that failed for no fault of the message.
  #streak(place: number): number {
    let streak = 0;
    for (const { class: kind, results } of this.#tried.record.attempts.toReversed()) {
      if (!results.some(({ recipient }) => recipient === place)) continue;
      if (kind === undefined || FAILURE_ACTIONS[kind].isCounted) break;
      streak += 1;
    }
    return streak;
  }

  // When trying ends. By age it does not end with the first attempt, however late that was.
  #deadline(place: number): number {
    const { record } = this.#tried;
    if (record.expiresAt !== undefined) return record.expiresAt;
    if (!lastOf(record, place)) return Infinity;
    const base = record.retriedAt ?? Math.max(record.sendAt ?? 0, record.enqueuedAt);
    return base + this.#settings.retry.maxAgeMs;
  }
}

/** For how long a server asked to be left alone (Retry-After), where its error says so. */
function retryAfterOf(error: PosthornError | undefined): number | undefined {
  const ms = (error as { readonly retryAfterMs?: unknown } | undefined)?.retryAfterMs;
  return typeof ms === 'number' && ms > 0 ? ms : undefined;
}

function outcomeOf({ error, reply }: FailureFacts): StoredOutcome {
  return {
    ...(reply && { reply: shortened(reply) }),
    ...(error && { code: error.code, message: error.message.slice(0, LONGEST_TEXT) }),
  };
}

// As the server said it, within bounds; whoever shows it escapes it.
function shortened(reply: SmtpReply): SmtpReply {
  const { code, enhanced, lines } = reply;
  if (lines.length <= 10 && lines.every((line) => line.length <= LONGEST_TEXT)) return reply;
  return { code, enhanced, lines: lines.slice(0, 10).map((line) => line.slice(0, LONGEST_TEXT)) };
}

function attemptOf(
  tried: Tried,
  fates: readonly Fate[],
  known: Pick<StoredAttempt, 'class' | 'delivered' | 'worker'>,
): StoredAttempt {
  const { outcome, startedAt, durationMs, transport, isPossibleDuplicate } = tried;
  const results = fates.map(({ recipient, state, outcome: own }) => ({
    recipient,
    state,
    ...(own && tried.open.length > 1 && { outcome: own }),
  }));
  const shared = {
    at: startedAt,
    durationMs: Math.round(durationMs),
    transport,
    ...known,
    ...(isPossibleDuplicate && { isPossibleDuplicate: true as const }),
    results,
  };
  if (outcome instanceof PosthornError) {
    const { host, port, stage, reply, code, message } = outcome;
    return {
      ...shared,
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      ...(stage !== undefined && { stage }),
      ...(reply && { reply: shortened(reply) }),
      code,
      message: message.slice(0, LONGEST_TEXT),
    };
  }
  const { server, reply, queueId } = outcome;
  return {
    ...shared,
    host: server.host,
    port: server.port,
    reply: shortened(reply),
    ...(queueId !== undefined && { queueId }),
  };
}

function lessonsOf(
  classes: ReadonlySet<FailureClass>,
  error: PosthornError | undefined,
  { maxRetryAfterMs }: WorkSettings,
  failing: readonly Failing[],
): Lessons {
  const actions = [...classes].map((kind) => FAILURE_ACTIONS[kind]);
  const signs = actions.map(({ destination }) => destination);
  const worst = (['down', 'busy', 'up'] as const).find((sign) => signs.includes(sign));
  const isPaused = actions.some(({ pausesTransport }) => pausesTransport);
  const asked = failing.map(({ facts }) => retryAfterOf(facts.error) ?? 0);
  const retryAfterMs = Math.min(Math.max(0, ...asked), maxRetryAfterMs);
  return {
    destination: classes.size === 0 ? 'up' : worst,
    pause: isPaused ? (error ?? pausingError(failing)) : undefined,
    retryAfterMs: retryAfterMs > 0 ? retryAfterMs : undefined,
  };
}

// A refusal of one recipient that asks for a login.
function pausingError(failing: readonly Failing[]): PosthornError {
  const reply = failing.find(({ facts }) => facts.reply)?.facts.reply;
  return new SmtpReplyError(
    'REPLY_NEGATIVE',
    'The server wants another login, or other options; see to them, then call resume()',
    { ...(reply && { reply }) },
  );
}
