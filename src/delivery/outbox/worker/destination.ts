// What a worker has learned of one destination: how many messages it takes at once, and whether it is there at all.
import type { WorkSettings } from './work-settings.ts';

const START = 5;
const MOST_DOUBLINGS = 4;

/** Whether messages go there: as many as it takes, none, or one to find out. */
export type Circuit = 'closed' | 'open' | 'probing';

/** Bounds what goes to one destination at once. Times are of the monotonic clock. */
export class Destination {
  readonly #settings: Pick<WorkSettings, 'concurrency' | 'circuit'>;
  #limit: number;
  #active = 0;
  // Good ends since the bound changed last.
  #cohort = 0;
  #failures = 0;
  #openings = 0;
  #opensAt = 0;
  #circuit: Circuit = 'closed';

  constructor(settings: Pick<WorkSettings, 'concurrency' | 'circuit'>) {
    this.#settings = settings;
    this.#limit = Math.min(START, settings.concurrency);
  }

  /** How many it has now. */
  get active(): number {
    return this.#active;
  }

  /** How many it may have at once. */
  get concurrency(): number {
    return this.#limit;
  }

  get circuit(): Circuit {
    return this.#circuit;
  }

  /** How many more it may have now. */
  room(now: number): number {
    if (this.#circuit === 'closed' && now >= this.#opensAt) {
      return Math.max(0, this.#limit - this.#active);
    }
    // One message finds out.
    return now >= this.#opensAt && this.#active === 0 ? 1 : 0;
  }

  /** When there may be room again although nothing ends; `undefined`: now, or when something ends. */
  opensAt(now: number): number | undefined {
    return now < this.#opensAt ? this.#opensAt : undefined;
  }

  /** A message goes there. */
  begin(): void {
    this.#active += 1;
    if (this.#circuit === 'open') this.#circuit = 'probing';
  }

  /** One is through, and told this; `undefined`: nothing. */
  end(sign: 'busy' | 'down' | 'up' | undefined, now: number): void {
    this.#active -= 1;
    if (sign === 'up') this.#up();
    else if (sign === 'busy') this.#halve();
    else if (sign === 'down') this.#down(now);
    if (sign !== 'down' && this.#circuit === 'probing') this.#circuit = sign ? 'closed' : 'open';
  }

  /** The server asked to be left alone. */
  rest(ms: number, now: number): void {
    this.#opensAt = Math.max(this.#opensAt, now + ms);
  }

  #up(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#cohort += 1;
    if (this.#cohort < this.#limit) return;
    this.#cohort = 0;
    this.#limit = Math.min(this.#limit + 1, this.#settings.concurrency);
  }

  #halve(): void {
    this.#cohort = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }

  #down(now: number): void {
    this.#halve();
    this.#failures += 1;
    const { failures, openMs } = this.#settings.circuit;
    if (this.#circuit === 'closed' && this.#failures < failures) return;
    this.#circuit = 'open';
    this.rest(openMs * 2 ** Math.min(this.#openings, MOST_DOUBLINGS), now);
    this.#openings += 1;
  }
}
