// A worker: takes messages that are due out of the store, hands them to the transport, and notes what came of them.
import { OutboxError, PosthornError, printable } from '../../../base/index.ts';
import type { Transport } from '../../../client/index.ts';
import type { Teller } from '../outbox-events.ts';
import { readRecord } from '../read-record.ts';
import type { DeliveryMode } from '../record.ts';
import type { Change, Claim, OutboxStore } from '../store.ts';
import type { WorkerStats, WorkOptions } from '../types.ts';
import { messageView } from '../view.ts';
import { Attempt, type AttemptEnd, type AttemptHome } from './attempt.ts';
import { ClockWatch } from './clock-watch.ts';
import { Destination } from './destination.ts';
import { Pause } from './pause.ts';
import { type Tally, tellOutcome } from './tell-outcome.ts';
import { type WorkSettings, workSettings } from './work-settings.ts';

// How long the store is left alone after it failed, at first and at most.
const STORE_PAUSE_MS = 100;
const LONGEST_STORE_PAUSE_MS = 5000;
// How long an outcome that can't be noted is kept trying once the worker is being closed.
const LAST_TRY_MS = 10_000;
// The longest it sleeps without a look.
const LOOK_MS = 15_000;
const CLEAN_UP_MS = 3_600_000;
const FIRST_CLEAN_UP_MS = 60_000;
// How long a message waits whose destination has no room.
const CROWDED_MS = 1000;
const ONE_FOR_ALL = '';
const MOST_DESTINATIONS = 1000;

/** What a worker needs of its outbox. */
export interface WorkerHome {
  readonly delivery: DeliveryMode;
  readonly teller: Teller;
  cleanUp(): Promise<number>;
  closed(): void;
}

/** Sends what is due over its transport, until it is closed. The transport stays open: close it after the worker. */
export class OutboxWorker {
  readonly #store: OutboxStore;
  readonly #settings: WorkSettings;
  readonly #home: WorkerHome;
  readonly #attemptHome: AttemptHome;
  readonly #attempts = new Set<Attempt>();
  readonly #destinations = new Map<string, Destination>();
  readonly #pause = new Pause();
  readonly #clock: ClockWatch;
  readonly #tally: Tally = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  readonly #stopWatching: () => void;
  readonly #renewing: NodeJS.Timeout;
  #cleaning: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #finished = 0;
  // Being sent, or noted.
  #sending = 0;
  #isLooking = false;
  #isScheduled = false;
  #hasNews = false;
  #isClosed = false;
  #storePauseMs = STORE_PAUSE_MS;
  #storeDownUntil = 0;
  #onIdle: (() => void)[] = [];
  #isDry = false;

  constructor(store: OutboxStore, transport: Transport, options: WorkOptions, home: WorkerHome) {
    this.#settings = workSettings(options);
    this.#store = store;
    this.#home = home;
    const settings = this.#settings;
    this.#attemptHome = { store, transport, settings, delivery: home.delivery };
    this.#clock = new ClockWatch(() => store.now());
    this.#stopWatching = store.watch(() => this.#schedule());
    this.#renewing = setInterval(() => void this.#renew(), this.#settings.leaseMs / 3);
    this.#cleanUpIn(FIRST_CLEAN_UP_MS);
    const { signal } = this.#settings;
    if (signal?.aborted) void this.close();
    else signal?.addEventListener('abort', () => void this.close(), { once: true });
    this.#schedule();
  }

  /** What it is called in attempts. */
  get name(): string {
    return this.#settings.name;
  }

  /** What it has done and is doing. */
  get stats(): WorkerStats {
    const destinations = [...this.#destinations].map(
      ([name, { concurrency, active, circuit }]) =>
        [name, { concurrency, active, circuit }] as const,
    );
    return {
      active: this.#attempts.size,
      attempts: this.#finished,
      ...this.#tally,
      paused: this.#pause.reason,
      destinations: new Map(destinations),
    };
  }

  /** Takes no more messages until `resume`; those in hand are finished. */
  pause(): void {
    this.#pause.byRequest();
    this.#home.teller.tell('paused', () => ({
      worker: this.name,
      error: undefined,
      until: undefined,
    }));
  }

  /** Goes on, also after a pause for credentials. */
  resume(): void {
    if (this.#pause.end()) this.#home.teller.tell('resumed', () => ({ worker: this.name }));
    this.#schedule();
  }

  /** Waits until there is nothing in hand and nothing to do now: what is left is due later, or has to wait for the transport. */
  async idle(): Promise<void> {
    if (this.#isClosed) return;
    this.#isDry = false;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
      this.#schedule();
    });
  }

  /** Takes no more messages, and waits for those in hand and for what becomes of them to be noted. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#stopWatching();
      clearTimeout(this.#timer);
      clearTimeout(this.#cleaning);
    }
    while (this.#isLooking || this.#attempts.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle.push(resolve);
      });
    }
    clearInterval(this.#renewing);
    this.#home.closed();
    this.#tellIdle();
  }

  /** The same as {@link OutboxWorker.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // One look for all that happens in a turn of the event loop.
  #schedule(): void {
    this.#hasNews = true;
    if (this.#isScheduled || this.#isLooking) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    try {
      while (this.#hasNews && !this.#isClosed) {
        this.#hasNews = false;
        await this.#takeMore();
      }
    } finally {
      this.#isLooking = false;
      this.#settleDown();
    }
  }

  async #takeMore(): Promise<void> {
    this.#lookAtClock();
    const room = this.#room();
    // Nothing is in hand, and nothing can be taken: what there is has to wait.
    this.#isDry = room > 0 || this.#sending === 0;
    if (room > 0) {
      const askedAt = performance.now();
      const claims = await this.#claim(room);
      if (claims.length > 0) this.#isDry = false;
      // There may be more than there was room for.
      if (claims.length === room) this.#hasNews = true;
      for (const claim of claims) this.#begin(claim, askedAt);
    }
    // What there is in a store that fails is not known.
    if (performance.now() < this.#storeDownUntil) this.#isDry = false;
    if (!this.#hasNews) await this.#sleep();
  }

  // How many more it could have in hand.
  #room(): number {
    const now = performance.now();
    if (now < this.#storeDownUntil) return 0;
    const free = this.#pause.room(now, this.#settings.concurrency, this.#sending);
    if (this.#settings.destination) return free;
    return Math.min(free, this.#destination(ONE_FOR_ALL).room(now));
  }

  async #claim(limit: number): Promise<readonly Claim[]> {
    const { name: worker, leaseMs } = this.#settings;
    const takesOver = this.#clock.isTrusted;
    try {
      const claims = await this.#store.claim({ worker, limit, leaseMs, takesOver });
      this.#storePauseMs = STORE_PAUSE_MS;
      return claims;
    } catch (error) {
      this.#storeFailed(error);
      return [];
    }
  }

  #storeFailed(error: unknown): void {
    this.#storeDownUntil = performance.now() + this.#storePauseMs;
    this.#storePauseMs = Math.min(2 * this.#storePauseMs, LONGEST_STORE_PAUSE_MS);
    const known = error instanceof PosthornError ? error : unforeseen(error);
    this.#home.teller.tell('store-failed', () => ({ worker: this.name, error: known }));
  }

  // Sleeps until the next message is due, or until what holds it up may have passed.
  async #sleep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const now = performance.now();
    const waits = [this.#storeDownUntil - now, this.#pause.wait(now)];
    for (const destination of this.#destinations.values()) {
      waits.push((destination.opensAt(now) ?? now) - now);
    }
    let wait = Math.max(0, ...waits);
    if (wait === 0) wait = await this.#untilDue();
    if (this.#isClosed || this.#hasNews) return;
    this.#timer = setTimeout(() => this.#schedule(), Math.min(Math.max(wait, 1), LOOK_MS));
  }

  async #untilDue(): Promise<number> {
    // When one ends it looks anyway.
    if (this.#room() === 0) return LOOK_MS;
    try {
      const dueAt = await this.#store.nextDueAt();
      if (dueAt === undefined) return LOOK_MS;
      const wait = dueAt - this.#store.now();
      // Not for a lease that nobody may take over yet.
      return wait <= 0 && !this.#clock.isTrusted ? 1000 : wait;
    } catch (error) {
      this.#storeFailed(error);
      return STORE_PAUSE_MS;
    }
  }

  #begin(claim: Claim, askedAt: number): void {
    const attempt = new Attempt(claim, this.#attemptHome, askedAt);
    const destination = this.#destination(this.#destinationOf(claim));
    this.#attempts.add(attempt);
    if (destination.room(performance.now()) === 0) {
      void this.#putBack(attempt, destination);
      return;
    }
    const wasOpen = destination.circuit === 'open';
    destination.begin();
    if (wasOpen) this.#tellCircuit(destination, undefined);
    this.#sending += 1;
    void this.#run(attempt, destination);
  }

  async #run(attempt: Attempt, destination: Destination): Promise<void> {
    const { id } = attempt.claim;
    const trying = attempt.run(({ record, open, isPossibleDuplicate }) => {
      this.#home.teller.tell('attempt', () => ({
        id,
        messageId: record.messageId,
        worker: this.name,
        recipients: open.map((place) => record.recipients[place]?.address ?? ''),
        isPossibleDuplicate,
      }));
    });
    const end = await trying.catch((error: unknown) => this.#storeFailed(error));
    this.#sending -= 1;
    if (!end) {
      // Nothing is known, so nothing is noted: when the lease has run out the mark tells.
      destination.end(undefined, performance.now());
      this.#over(attempt);
      return;
    }
    this.#learn(end, destination);
    // The next is claimed in the commit that notes what became of this one.
    this.#schedule();
    const isNoted = await this.#note(attempt, end.change);
    if (isNoted) {
      this.#finished += end.judgement ? 1 : 0;
      tellOutcome(this.#home.teller, id, end, this.#tally);
    } else this.#tellLost(attempt.claim, end);
    this.#over(attempt);
  }

  async #putBack(attempt: Attempt, destination: Destination): Promise<void> {
    const now = performance.now();
    const wait = (destination.opensAt(now) ?? now) - now;
    const delay = Math.max(wait, CROWDED_MS * (0.5 + Math.random()));
    await this.#note(attempt, attempt.putBack(Math.round(this.#store.now() + delay)));
    this.#over(attempt);
  }

  #over(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    if (this.#isClosed) this.#tellIdle();
    else this.#schedule();
  }

  // What became of a message has to be noted, or it is sent again: it is tried until the lease is lost.
  async #note(attempt: Attempt, change: Change): Promise<boolean> {
    let lastTryAt = Infinity;
    for (let pause = STORE_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_STORE_PAUSE_MS)) {
      try {
        return await this.#store.settle(attempt.claim, change);
      } catch (error) {
        this.#storeFailed(error);
      }
      if (this.#isClosed) lastTryAt = Math.min(lastTryAt, performance.now() + LAST_TRY_MS);
      if (performance.now() >= lastTryAt) return false;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #learn({ lessons }: AttemptEnd, destination: Destination): void {
    const { destination: sign, pause, retryAfterMs } = lessons;
    const now = performance.now();
    const before = destination.circuit;
    destination.end(sign, now);
    if (retryAfterMs !== undefined) destination.rest(retryAfterMs, now);
    if (before !== destination.circuit) this.#tellCircuit(destination, undefined);
    if (pause) this.#pauseFor(pause, now);
    else if (sign === 'up' && this.#pause.passed()) {
      this.#home.teller.tell('resumed', () => ({ worker: this.name }));
    }
  }

  #pauseFor(error: PosthornError, now: number): void {
    const { pauseMs } = this.#settings;
    // Several at once may find the same.
    if (!this.#pause.begin(error, now, pauseMs)) return;
    const until = new Date(this.#store.now() + pauseMs);
    this.#home.teller.tell('paused', () => ({ worker: this.name, error, until }));
  }

  #destinationOf(claim: Claim): string {
    const { destination } = this.#settings;
    if (!destination) return ONE_FOR_ALL;
    try {
      const record = readRecord(claim.record, claim.id);
      const { id, priority, claimedAt } = claim;
      return destination(
        messageView(
          {
            id,
            priority,
            key: undefined,
            state: 'sending',
            dueAt: undefined,
            createdAt: record.enqueuedAt,
            settledAt: undefined,
            lease: { worker: this.name, claimedAt, until: claimedAt, mark: undefined },
          },
          record,
        ),
      );
    } catch {
      // What can't be read is found out when it is taken up; a function that throws gets no say.
      return ONE_FOR_ALL;
    }
  }

  #destination(name: string): Destination {
    let found = this.#destinations.get(name);
    if (!found) {
      if (this.#destinations.size >= MOST_DESTINATIONS) this.#forgetDestinations();
      found = new Destination(this.#settings);
      this.#destinations.set(name, found);
    }
    return found;
  }

  // Those of which nothing is known that a new one would not be.
  #forgetDestinations(): void {
    for (const [name, { active, circuit }] of this.#destinations) {
      if (active === 0 && circuit === 'closed') this.#destinations.delete(name);
    }
  }

  // A worker that stalled learns here that others have its messages.
  async #renew(): Promise<void> {
    this.#lookAtClock();
    const attempts = [...this.#attempts];
    if (attempts.length === 0) return;
    const askedAt = performance.now();
    try {
      const claims = attempts.map(({ claim }) => claim);
      const lost = new Set(await this.#store.renew(claims, this.#settings.leaseMs));
      for (const attempt of attempts) {
        if (lost.has(attempt.claim)) attempt.lose();
        else attempt.renewed(askedAt);
      }
    } catch (error) {
      this.#storeFailed(error);
    }
  }

  #lookAtClock(): void {
    const byMs = this.#clock.look(this.#settings.leaseMs);
    if (byMs !== 0) this.#home.teller.tell('clock-jump', () => ({ worker: this.name, byMs }));
  }

  #tellCircuit(destination: Destination, error: PosthornError | undefined): void {
    const [name = ''] = [...this.#destinations].find(([, one]) => one === destination) ?? [];
    this.#home.teller.tell('circuit', () => ({
      worker: this.name,
      destination: name,
      state: destination.circuit,
      error,
    }));
  }

  #tellLost({ id }: Claim, { before }: AttemptEnd): void {
    this.#home.teller.tell('lease-lost', () => ({
      id,
      messageId: before?.messageId ?? '',
      worker: this.name,
    }));
  }

  #settleDown(): void {
    if (this.#isClosed || (this.#isDry && this.#attempts.size === 0 && !this.#hasNews)) {
      this.#tellIdle();
    }
  }

  #tellIdle(): void {
    for (const tell of this.#onIdle.splice(0)) tell();
  }

  #cleanUpIn(ms: number): void {
    // Not all workers at the same time.
    const wait = ms * (1 + Math.random() / 5);
    this.#cleaning = setTimeout(async () => {
      await this.#home.cleanUp().catch(() => 0);
      if (!this.#isClosed) this.#cleanUpIn(CLEAN_UP_MS);
    }, wait);
    this.#cleaning.unref();
  }
}

// A fault of the program's: it must not end it, and not go unheard.
function unforeseen(error: unknown): OutboxError {
  const reason = printable(error instanceof Error ? error.message : String(error));
  return new OutboxError('OUTBOX_STORE_FAILED', `The worker failed (${reason}); see the cause`, {
    cause: error,
  });
}
