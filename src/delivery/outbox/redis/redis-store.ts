// An outbox in Redis: entries in hashes of ours, which are the truth; BullMQ hands out which of them to look at. A step is
// one script. The job of an entry is changed after the entry: should that be cut short, the entry is looked at a little
// too early, or some seconds too late, and never lost.
import type { Redis } from 'ioredis';
import { OptionError } from '../../../base/index.ts';
import { contentPieces } from '../content-pieces.ts';
import { ServerClock } from '../server-clock.ts';
import type {
  Added,
  AddOptions,
  Change,
  Claim,
  ClaimRequest,
  Entry,
  EntryQuery,
  EntryState,
  NewEntry,
  OutboxStore,
  PruneRequest,
  StoreCounts,
} from '../store.ts';
import { storeFailure } from './failure.ts';
import { claimReplyOf, ENTRY_FIELDS, entryOf } from './hashes.ts';
import type { Queue, Taken } from './queue.ts';
import type { ScriptName } from './scripts.data.ts';

const CONTENT_PIECE_BYTES = 262_144;
// What a claim brings along.
const SMALL_CONTENT_BYTES = 65_536;
const ORPHANED_MS = 86_400_000;
const REPAIR_MS = 10_000;
const MOST_REPAIRED = 1000;
const MOST_ROUNDS = 20;
const STATES: readonly EntryState[] = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'failed',
  'expired',
  'unknown',
  'damaged',
];

type Argument = string | number | Buffer;

/** A claim, and what its place among others goes by. */
interface Found {
  readonly claim: Claim;
  readonly priority: number;
  readonly dueAt: number;
}

/** What a store is made of. */
export interface RedisParts {
  readonly redis: Redis;
  /** A connection that hears of news. */
  readonly subscriber: Redis;
  readonly queue: Queue;
  /** The connection of the queue. */
  readonly own: Redis;
  /** What every key begins with. */
  readonly prefix: string;
}

/** An outbox in Redis. */
export class RedisStore implements OutboxStore {
  readonly name = 'redis';
  readonly takesTransactions = false;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #queue: Queue;
  readonly #own: Redis;
  readonly #prefix: string;
  readonly #clock = new ServerClock();
  readonly #listeners = new Set<() => void>();
  // Jobs that are being taken away.
  readonly #removing = new Map<string, Promise<unknown>>();
  #isSubscribed = false;
  #repairedAt = 0;

  constructor({ redis, subscriber, queue, own, prefix }: RedisParts) {
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#queue = queue;
    this.#own = own;
    this.#prefix = prefix;
    subscriber.on('message', () => {
      for (const listener of this.#listeners) listener();
    });
  }

  /** Asks the server for the time. */
  async setClock(): Promise<void> {
    const [seconds, micros] = await this.#step(() => this.#redis.time());
    this.#clock.hear(Number(seconds) * 1000 + Math.floor(Number(micros) / 1000));
  }

  now(): number {
    return this.#clock.now();
  }

  async add(entry: NewEntry, { transaction }: AddOptions = {}): Promise<Added> {
    if (transaction !== undefined) {
      throw new OptionError('transaction', "Option 'transaction' needs an outbox in PostgreSQL");
    }
    const { id, key, messageId, priority, dueAt, createdAt } = entry;
    const small = await this.#store(entry);
    const content = small === undefined ? ['', ''] : ['1', small];
    // When this fails it may have been done all the same: the content stays, and is pruned when it is nobody's.
    const known = await this.#run('posthornAdd', [
      id,
      key === undefined ? '' : '1',
      key ?? '',
      messageId,
      priority,
      dueAt,
      createdAt,
      entry.record(),
      ...content,
    ]);
    if (known !== '') {
      if (small === undefined) await this.#forget(id);
      return { id: String(known), isNew: false };
    }
    // The message is stored: when its job can't be made, a worker makes it after a while.
    await this.#queue.add(id, priority, dueAt - this.now()).catch(() => undefined);
    return { id, isNew: true };
  }

  async claim({ worker, limit, leaseMs, takesOver }: ClaimRequest): Promise<readonly Claim[]> {
    const claims: Found[] = [];
    for (let round = 0; round < MOST_ROUNDS && claims.length < limit; round += 1) {
      const taken = await this.#step(() => this.#queue.take(limit - claims.length));
      if (taken.length === 0) {
        if (!(await this.#repair())) break;
        continue;
      }
      const found = await this.#claimTaken(taken, worker, leaseMs, takesOver);
      claims.push(...found);
      // Leases that nobody may take over just now would be taken again and again.
      if (!takesOver && found.length === 0) break;
    }
    // One by one they came in the order of BullMQ: by priority, then as they were made.
    claims.sort((one, other) => other.priority - one.priority || one.dueAt - other.dueAt);
    return claims.map(({ claim }) => claim);
  }

  async mark({ id, version }: Claim, note: string): Promise<boolean> {
    return (await this.#run('posthornMark', [id, version, note])) === 1;
  }

  async settle({ id, version, priority }: Claim, change: Change): Promise<boolean> {
    return await this.#write('settle', id, version, priority, change);
  }

  async renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    if (claims.length === 0) return [];
    const pairs = claims.flatMap(({ id, version }) => [id, version]);
    const kept = (await this.#run('posthornRenew', [leaseMs, ...pairs])) as number[];
    return claims.filter((_claim, index) => kept[index] !== 1);
  }

  async read(id: string): Promise<Entry | undefined> {
    const fields = await this.#step(() => this.#redis.hmget(this.#key('e', id), ...ENTRY_FIELDS));
    return entryOf(id, fields);
  }

  async change({ id, version, priority }: Entry, change: Change): Promise<boolean> {
    return await this.#write('change', id, version, priority, change);
  }

  async list(query: EntryQuery): Promise<readonly Entry[]> {
    const { limit, states, key, messageId, after } = query;
    const found: Entry[] = [];
    let last = after;
    // What is listed may have changed by the time it is read.
    while (found.length < limit) {
      const ids = await this.#step(() => this.#ids({ ...query, ...(last && { after: last }) }));
      const entries = await Promise.all(ids.map((id) => this.read(id)));
      for (const entry of entries) {
        if (!entry || found.length >= limit) continue;
        if (states && !states.includes(entry.state)) continue;
        found.push(entry);
      }
      last = ids.at(-1);
      if (ids.length < limit || key !== undefined || messageId !== undefined) break;
    }
    return found;
  }

  async count(): Promise<StoreCounts> {
    const [counts, due] = await this.#step(() =>
      Promise.all([
        Promise.all(STATES.map((state) => this.#redis.zcard(this.#key('s', state)))),
        this.nextDueAt(),
      ]),
    );
    const byState = new Map<EntryState, number>();
    for (const [index, state] of STATES.entries()) {
      const n = counts[index] ?? 0;
      if (n > 0) byState.set(state, n);
    }
    return { byState, oldestDueAt: due !== undefined && due <= this.now() ? due : undefined };
  }

  async *content(id: string): AsyncGenerator<Uint8Array, void, undefined> {
    const small = await this.#step(() => this.#redis.hgetBuffer(this.#key('e', id), 'content'));
    if (small) {
      yield small;
      return;
    }
    for (let number = 0; ; number += 1) {
      const piece = await this.#step(() =>
        this.#redis.hgetBuffer(this.#key('c', id), String(number)),
      );
      if (!piece) return;
      yield piece;
    }
  }

  async prune({ states, settledBefore, limit }: PruneRequest): Promise<number> {
    const orphanedBefore = this.now() - ORPHANED_MS;
    const gone = await this.#run('posthornPrune', [
      settledBefore,
      limit,
      orphanedBefore,
      ...states,
    ]);
    return (gone as string[]).length;
  }

  async nextDueAt(): Promise<number | undefined> {
    const [, due] = await this.#step(() =>
      this.#redis.zrange(`${this.#prefix}due`, 0, 0, 'WITHSCORES'),
    );
    return due === undefined ? undefined : Number(due);
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isSubscribed) {
      this.#isSubscribed = true;
      this.#subscriber.subscribe(`${this.#prefix}news`).catch(() => {
        this.#isSubscribed = false;
      });
    }
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.allSettled(this.#removing.values());
    await this.#queue.close();
    this.#subscriber.disconnect();
    this.#own.disconnect();
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }

  /** Content that is small, or `undefined` once it is stored in pieces. */
  async #store(entry: NewEntry): Promise<Buffer | undefined> {
    let number = 0;
    try {
      for await (const piece of contentPieces(entry.content, CONTENT_PIECE_BYTES)) {
        if (number === 0 && piece.length <= SMALL_CONTENT_BYTES) return piece;
        await this.#run('posthornPiece', [entry.id, number, piece]);
        number += 1;
      }
      return undefined;
    } catch (error) {
      if (number > 0) await this.#forget(entry.id);
      throw error;
    }
  }

  // What can't be forgotten now is pruned later.
  async #forget(id: string): Promise<void> {
    await this.#run('posthornForget', [id]).catch(() => undefined);
  }

  async #claimTaken(
    taken: readonly Taken[],
    worker: string,
    leaseMs: number,
    takesOver: boolean,
  ): Promise<Found[]> {
    const ids = taken.map(({ id }) => id);
    const replies = (await this.#run(
      'posthornClaim',
      [worker, leaseMs, takesOver ? '1' : '0', ...ids],
      true,
    )) as (Buffer | null)[][];
    const found: Found[] = [];
    const back = replies.map(async (reply, index) => {
      const { now, at, claim, priority, dueAt } = claimReplyOf(reply);
      this.#clock.hear(now);
      if (claim) found.push({ claim, priority, dueAt });
      const one = taken[index];
      if (!one) return;
      // BullMQ goes by this machine's clock.
      if (at === undefined) await this.#queue.drop(one);
      else await this.#queue.giveBack(one, Date.now() + (at - now));
      if (!claim) await this.#lookAgain(one.id, at, priority);
    });
    // A job that can't be given back is taken by others after a while; the entry is ours all the same.
    await Promise.allSettled(back);
    return found;
  }

  // Whoever made it due earlier meanwhile could not move its job, which was in our hands.
  async #lookAgain(id: string, at: number | undefined, priority: number): Promise<void> {
    const due = await this.#redis.zscore(`${this.#prefix}due`, id);
    if (due === null || (at !== undefined && Number(due) >= at)) return;
    await this.#queue.move(id, priority, Number(due) - this.now());
  }

  async #write(
    how: 'settle' | 'change',
    id: string,
    version: number,
    priority: number,
    { state, dueAt, settledAt, record }: Change,
  ): Promise<boolean> {
    const isDone = await this.#run('posthornWrite', [
      id,
      version,
      how,
      state,
      dueAt ?? '',
      settledAt ?? '',
      record === undefined ? '' : '1',
      record ?? '',
    ]);
    if (isDone !== 1) return false;
    // A job that stays where it is finds the entry as it is now, at the end of the lease at the latest.
    if (dueAt === undefined) this.#removeJob(id);
    else {
      await this.#removing.get(id);
      await this.#queue.move(id, priority, dueAt - this.now()).catch(() => undefined);
    }
    return true;
  }

  #removeJob(id: string): void {
    const removing = this.#queue
      .remove(id)
      .catch(() => undefined)
      .finally(() => {
        if (this.#removing.get(id) === removing) this.#removing.delete(id);
      });
    this.#removing.set(id, removing);
  }

  // Entries that have been due for long have lost their job: it was never made, or somebody emptied the queue.
  async #repair(): Promise<boolean> {
    const now = Date.now();
    if (now - this.#repairedAt < REPAIR_MS) return false;
    this.#repairedAt = now;
    const before = this.now() - REPAIR_MS;
    const ids = await this.#step(() =>
      this.#redis.zrangebyscore(`${this.#prefix}due`, '-inf', before, 'LIMIT', 0, MOST_REPAIRED),
    );
    for (const id of ids) {
      const priority = await this.#step(() => this.#redis.hget(this.#key('e', id), 'priority'));
      await this.#step(() => this.#queue.move(id, Number(priority ?? 0), 0));
    }
    return ids.length > 0;
  }

  async #ids({ states, key, messageId, after, limit }: EntryQuery): Promise<string[]> {
    const from = after === undefined ? '-' : `(${after}`;
    if (key !== undefined) {
      const id = await this.#redis.hget(`${this.#prefix}k`, key);
      return id !== null && (after === undefined || id > after) ? [id] : [];
    }
    if (messageId !== undefined) {
      const ids = await this.#redis.smembers(this.#key('m', messageId));
      return ids.filter((id) => after === undefined || id > after).sort();
    }
    const sets = states ? states.map((state) => this.#key('s', state)) : [`${this.#prefix}ids`];
    const lists = await Promise.all(
      sets.map((set) => this.#redis.zrangebylex(set, from, '+', 'LIMIT', 0, limit)),
    );
    return lists.flat().sort().slice(0, limit);
  }

  #key(kind: string, name: string): string {
    return `${this.#prefix}${kind}:${name}`;
  }

  async #run(name: ScriptName, values: readonly Argument[], asBytes = false): Promise<unknown> {
    return await this.#step(async () => {
      const commands = this.#redis as unknown as Record<
        string,
        (prefix: string, ...values: Argument[]) => Promise<unknown>
      >;
      return await commands[asBytes ? `${name}Buffer` : name]?.call(
        this.#redis,
        this.#prefix,
        ...values,
      );
    });
  }

  async #step<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error);
    }
  }
}
