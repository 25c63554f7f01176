// Jobs to connections: who takes what, when another connection is opened, and when one is closed. It knows nothing
// of SMTP and does no I/O of its own.
import { clientClosed } from '../failures.ts';
import { CappedLane } from './capped-lane.ts';
import { Lanes } from './lanes.ts';
import { PoolSize } from './pool-size.ts';
import { type Rate, RateLimit } from './rate-limit.ts';

/** Work for a connection. */
export interface PoolJob {
  /** The caller it is from; callers take turns. A {@link CappedLane} has a bound of its own. */
  readonly lane: unknown;
  /** Ends it: no connection could be had. */
  fail(error: unknown): void;
}

/** A connection as the pool sees it. */
export interface PoolLink<Job> {
  /** How many jobs it has; with none it is idle. */
  readonly load: number;
  /** Whether it takes one more now; one that has a job may take another to ride along with it. */
  readonly hasRoom: boolean;
  /** Begins a job. */
  take(job: Job): void;
  /** Lets the process end while it is idle, or keeps the process alive again. */
  hold(isNeeded: boolean): void;
  /** Says goodbye and closes; never throws. */
  leave(): Promise<void>;
}

/** What a connection tells its pool. */
export interface PoolEvents<Job> {
  /** It has become able to take a job; it may be given one before this returns. */
  room(link: PoolLink<Job>): void;
  /** It is gone. `isUnwelcome`: the server wants fewer connections. */
  gone(link: PoolLink<Job>, isUnwelcome: boolean): void;
}

/** How a pool behaves. */
export interface PoolOptions<Job> {
  /** The most connections open at once. */
  readonly max: number;
  /** After how many milliseconds an idle connection is closed. */
  readonly idleMs: number;
  /** How many jobs may begin in a stretch of time; `undefined` for no bound. */
  readonly rate: Rate | undefined;
  /** Opens a connection, or throws why there is none. */
  readonly open: (events: PoolEvents<Job>, signal: AbortSignal) => Promise<PoolLink<Job>>;
}

/** Opens connections as work needs them and gives each job to the one that has the least to do. */
export class Pool<Job extends PoolJob> {
  readonly #options: PoolOptions<Job>;
  readonly #size: PoolSize;
  readonly #rate: RateLimit | undefined;
  readonly #waiting = new Lanes<Job>();
  readonly #capped = new Set<CappedLane>();
  readonly #links = new Set<PoolLink<Job>>();
  readonly #idleSince = new Map<PoolLink<Job>, number>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #events: PoolEvents<Job>;
  readonly #opening = new Set<AbortController>();
  // Whether a connection has been had; until then one attempt at a time is enough to find out that it can't be.
  #isProven = false;
  #alarm: NodeJS.Timeout | undefined;
  #alarmAt = Infinity;
  #sweep: NodeJS.Timeout | undefined;
  #isDispatching = false;
  #calls = 0;
  #isClosed = false;
  #onQuiet: (() => void) | undefined;
  #goodbye: Promise<void> | undefined;

  constructor(options: PoolOptions<Job>) {
    this.#options = options;
    this.#size = new PoolSize(options.max);
    this.#rate = options.rate && new RateLimit(options.rate);
    this.#events = {
      room: (link) => this.#room(link),
      gone: (link, isUnwelcome) => this.#gone(link, isUnwelcome),
    };
  }

  /** A call begins that will have jobs for it. Throws when the pool takes no more work. */
  enter(): void {
    if (this.#isClosed) throw clientClosed();
    this.#calls += 1;
  }

  /** The call has ended. */
  exit(): void {
    this.#calls -= 1;
    this.#lookQuiet();
  }

  /** Whether it takes no more work. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A caller with a bound of its own begins, which holds although it may be above that of the pool. */
  join(lane: CappedLane): void {
    this.#capped.add(lane);
    this.#setMax();
  }

  /** That caller has no more jobs; connections above the pool's own bound are closed. */
  part(lane: CappedLane): void {
    this.#capped.delete(lane);
    this.#setMax();
    for (const link of this.#idleSince.keys()) {
      if (this.#links.size > this.#size.max) this.#dismiss(link);
    }
  }

  /** How many connections jobs of this lane may use. */
  maxFor(lane: unknown): number {
    return lane instanceof CappedLane ? lane.max : this.#options.max;
  }

  #setMax(): void {
    let { max } = this.#options;
    for (const lane of this.#capped) max = Math.max(max, lane.max);
    this.#size.max = max;
  }

  /** Gives a job to a connection, now or when one has room. */
  submit(job: Job): void {
    this.#waiting.push(job.lane, job);
    this.#dispatch();
  }

  /** Gives a job once more, before those of its caller that came later: the connection it had can't do it. */
  resubmit(job: Job): void {
    this.#waiting.putBack(job.lane, job);
    this.#dispatch();
  }

  /** Takes a job back that no connection has begun; whether that was so. A connection that nobody waits for any more is not opened. */
  withdraw(job: Job): boolean {
    const isOut = this.#waiting.remove(job.lane, job);
    if (isOut) this.#withdrawn();
    return isOut;
  }

  /** Takes all jobs of a lane back that no connection has begun. */
  withdrawAll(lane: unknown): Job[] {
    const jobs = this.#waiting.drainLane(lane);
    if (jobs.length > 0) this.#withdrawn();
    return jobs;
  }

  #withdrawn(): void {
    if (this.#waiting.size === 0) for (const attempt of this.#opening) attempt.abort();
    this.#lookQuiet();
  }

  /** Takes no more work, waits for what is under way and what waits, and says goodbye; once, however often it is called. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#goodbye ??= this.#leaveAll();
    await this.#goodbye;
  }

  async #leaveAll(): Promise<void> {
    if (!this.#isQuiet()) {
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve;
      });
    }
    clearTimeout(this.#sweep);
    clearTimeout(this.#alarm);
    for (const link of this.#links) this.#dismiss(link);
    await Promise.all(this.#leaving);
  }

  #isQuiet(): boolean {
    if (this.#calls > 0 || this.#waiting.size > 0 || this.#opening.size > 0) return false;
    for (const link of this.#links) if (link.load > 0) return false;
    return true;
  }

  #lookQuiet(): void {
    if (this.#onQuiet && this.#isQuiet()) this.#onQuiet();
  }

  // Jobs go out as long as there is a job, a connection for it, and the rate allows it.
  #dispatch(): void {
    // A link that is given a job may have room for one more, and says so: the loop below sees it.
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    try {
      while (this.#waiting.size > 0) {
        const now = performance.now();
        const waitMs = this.#rate?.waitMs(now) ?? 0;
        if (waitMs > 0) {
          this.#wakeIn(waitMs);
          break;
        }
        if (!this.#beginOne(now)) break;
      }
    } finally {
      this.#isDispatching = false;
    }
  }

  // From the first lane, in turn, that a connection has room for.
  #beginOne(now: number): boolean {
    for (const lane of this.#waiting.turns()) {
      const link = this.#pick(now, lane);
      const job = link && this.#waiting.shift(lane);
      if (!job) continue;
      this.#rate?.count(now);
      if (lane instanceof CappedLane) lane.begin(link);
      this.#begin(link, job);
      return true;
    }
    return false;
  }

  #begin(link: PoolLink<Job>, job: Job): void {
    if (this.#idleSince.delete(link)) link.hold(true);
    link.take(job);
  }

  // An idle connection; else one more is opened; else the job rides along with what another connection does. Jobs for
  // which a connection is being opened wait for it.
  #pick(now: number, lane: unknown): PoolLink<Job> | undefined {
    const full = lane instanceof CappedLane && lane.room <= 0 ? lane : undefined;
    let best: PoolLink<Job> | undefined;
    for (const link of this.#links) {
      if (!link.hasRoom || (full && !full.uses(link))) continue;
      if (link.load === 0) return link;
      if (best === undefined || link.load < best.load) best = link;
    }
    // No connection more is for it.
    if (full) return best;
    const wanted = this.#wanted();
    while (this.#opening.size < wanted && this.#mayOpen(now)) void this.#open();
    if (this.#links.size + this.#opening.size < this.#size.max)
      this.#wakeIn(this.#size.waitMs(now));
    return wanted > this.#opening.size ? best : undefined;
  }

  // How many connections the waiting jobs could use.
  #wanted(): number {
    let wanted = this.#waiting.size;
    for (const lane of this.#capped) {
      wanted -= Math.max(0, this.#waiting.sizeOf(lane) - lane.room);
    }
    return wanted;
  }

  // A wrong password is not tried five times at once.
  #mayOpen(now: number): boolean {
    if (!this.#isProven) return this.#opening.size === 0;
    return this.#links.size + this.#opening.size < this.#size.at(now);
  }

  async #open(): Promise<void> {
    const attempt = new AbortController();
    this.#opening.add(attempt);
    try {
      const link = await this.#options.open(this.#events, attempt.signal);
      this.#opening.delete(attempt);
      this.#isProven = true;
      this.#links.add(link);
      this.#rest(link);
    } catch (error) {
      this.#opening.delete(attempt);
      // Nobody was waiting for it: that says nothing of the server.
      if (!attempt.signal.aborted) this.#openingFailed(error);
    }
    this.#dispatch();
    this.#lookQuiet();
  }

  #openingFailed(error: unknown): void {
    // The others do the work. Whatever the reason was, it is not tried again at once.
    this.#size.refused(this.#links.size, performance.now());
    if (this.#links.size + this.#opening.size > 0) return;
    this.#isProven = false;
    for (const job of this.#waiting.drain()) job.fail(error);
  }

  #room(link: PoolLink<Job>): void {
    if (link.load === 0 && !link.hasRoom) this.#dismiss(link);
    this.#dispatch();
    if (this.#links.has(link)) this.#settle(link);
    this.#lookQuiet();
  }

  #gone(link: PoolLink<Job>, isUnwelcome: boolean): void {
    this.#forget(link);
    if (isUnwelcome) this.#size.refused(this.#links.size, performance.now());
    this.#dispatch();
    this.#lookQuiet();
  }

  // One of those that a caller had for a time is not kept.
  #settle(link: PoolLink<Job>): void {
    if (link.load === 0 && this.#links.size > this.#size.max) this.#dismiss(link);
    else this.#rest(link);
  }

  #rest(link: PoolLink<Job>): void {
    if (link.load > 0 || this.#idleSince.has(link)) return;
    this.#idleSince.set(link, performance.now());
    link.hold(false);
    this.#sweepIn(this.#options.idleMs);
  }

  // One timer for all: a connection that works is never touched by it.
  #sweepIn(ms: number): void {
    if (this.#sweep || ms === Infinity) return;
    this.#sweep = setTimeout(() => {
      this.#sweep = undefined;
      const now = performance.now();
      let oldest = Infinity;
      for (const [link, since] of this.#idleSince) {
        if (now - since >= this.#options.idleMs) this.#dismiss(link);
        else oldest = Math.min(oldest, since);
      }
      if (oldest < Infinity) this.#sweepIn(oldest + this.#options.idleMs - now);
    }, Math.ceil(ms));
    this.#sweep.unref();
  }

  #wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#alarmAt) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = at;
    this.#alarm = setTimeout(() => {
      this.#alarmAt = Infinity;
      this.#dispatch();
    }, Math.ceil(ms));
  }

  #dismiss(link: PoolLink<Job>): void {
    this.#forget(link);
    const goodbye = link.leave().finally(() => this.#leaving.delete(goodbye));
    this.#leaving.add(goodbye);
  }

  #forget(link: PoolLink<Job>): void {
    this.#links.delete(link);
    this.#idleSince.delete(link);
    for (const lane of this.#capped) lane.forget(link);
  }
}
