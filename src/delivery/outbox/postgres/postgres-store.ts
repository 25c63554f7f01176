// An outbox in PostgreSQL: entries in tables of ours, which are the truth; pg-boss hands out which of them to look at.
// Every step is one transaction, so that an entry and its job never disagree.
import type { Pool } from 'pg';
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
import { Adding } from './adding.ts';
import { Batches } from './batches.ts';
import { storeFailure } from './failure.ts';
import type { PostgresParts } from './postgres-parts.ts';
import type { Appointment, Queue, Runner } from './queue.ts';
import {
  type ClaimRow,
  claimOf,
  ENTRY_COLUMNS,
  type EntryRow,
  entryOf,
  NOW,
  textOf,
} from './rows.ts';
import type { Watch } from './watch.ts';

const ORPHANED_MS = 86_400_000;
const REPAIR_MS = 60_000;
const MOST_REPAIRED = 1000;
const MOST_ROUNDS = 20;
// Statements of one kind that are under way at a time: calls that come meanwhile share the next.
const MOST_AT_ONCE = 2;

/** An outbox in PostgreSQL. */
export class PostgresStore implements OutboxStore {
  readonly name = 'postgres';
  readonly takesTransactions = true;
  readonly #pool: Pool;
  readonly #queue: Queue;
  readonly #watch: Watch;
  readonly #adding: Adding;
  readonly #marks: Batches<Mark, boolean>;
  readonly #ends: Batches<End, boolean>;
  readonly #entries: string;
  readonly #chunks: string;
  readonly #clock = new ServerClock();
  // Jobs of entries that are settled: gone in one statement for many of them.
  #over: string[] = [];
  #clearing: Promise<void> | undefined;
  #repairedAt = 0;

  constructor({ pool, queue, watch, schema }: PostgresParts) {
    this.#pool = pool;
    this.#queue = queue;
    this.#watch = watch;
    this.#adding = new Adding({ pool, queue, watch, schema }, (work) => this.#inTransaction(work));
    this.#marks = new Batches((marks) => this.#markAll(marks), MOST_AT_ONCE);
    this.#ends = new Batches((ends) => this.#settleAll(ends), MOST_AT_ONCE);
    this.#entries = `${schema}.outbox_entry`;
    this.#chunks = `${schema}.outbox_chunk`;
  }

  /** Asks the server for the time. */
  async setClock(): Promise<void> {
    const [row] = await this.#rows<{ now_ms: string }>(`SELECT ${NOW} AS now_ms`);
    if (row) this.#clock.hear(Number(row.now_ms));
  }

  now(): number {
    return this.#clock.now();
  }

  async add(entry: NewEntry, { transaction }: AddOptions = {}): Promise<Added> {
    return await this.#step(async () => {
      if (transaction !== undefined) return await this.#adding.within(entry, transaction);
      const added = await this.#adding.alone(entry);
      if (added.isNew) this.#watch.tell();
      return added;
    });
  }

  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    const claims: Claim[] = [];
    for (let round = 0; round < MOST_ROUNDS && claims.length < request.limit; round += 1) {
      const wanted = request.limit - claims.length;
      const { taken, found } = await this.#transaction((runner) =>
        this.#claimSome(runner, { ...request, limit: wanted }),
      );
      claims.push(...found);
      if (taken < wanted) {
        if (!(await this.#repair())) break;
      }
    }
    return claims.sort((one, other) => other.priority - one.priority);
  }

  async mark({ id, version }: Claim, note: string): Promise<boolean> {
    return await this.#step(() => this.#marks.add({ id, version, note }));
  }

  async settle(claim: Claim, change: Change): Promise<boolean> {
    const { id, version } = claim;
    const { dueAt } = change;
    if (dueAt !== undefined) {
      const isDone = await this.#writeAndMove(claim, change, 'AND lease_worker IS NOT NULL');
      if (isDone) this.#watch.tellHere();
      return isDone;
    }
    const isDone = await this.#step(() => this.#ends.add({ id, version, change }));
    if (isDone) this.#clearLater(id);
    return isDone;
  }

  async renew(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    const rows = await this.#rows<{ id: string; version: string }>(
      `UPDATE ${this.#entries} e SET lease_until = ${NOW} + $3
        FROM unnest($1::uuid[], $2::bigint[]) AS c (id, version)
        WHERE e.id = c.id AND e.version = c.version AND e.lease_worker IS NOT NULL RETURNING e.id, e.version`,
      [claims.map(({ id }) => id), claims.map(({ version }) => version), leaseMs],
    );
    const kept = new Set(rows.map(({ id, version }) => `${id} ${version}`));
    return claims.filter(({ id, version }) => !kept.has(`${id} ${version}`));
  }

  async read(id: string): Promise<Entry | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.#rows<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM ${this.#entries} WHERE id = $1`,
      [id],
    );
    return row && entryOf(row);
  }

  async change(entry: Entry, change: Change): Promise<boolean> {
    const isDone = await this.#writeAndMove(entry, change, 'AND mark IS NULL');
    if (isDone && change.dueAt !== undefined) this.#watch.tell();
    return isDone;
  }

  async list({ states, key, messageId, after, limit }: EntryQuery): Promise<readonly Entry[]> {
    if (after !== undefined && !isUuid(after)) return [];
    const rows = await this.#rows<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM ${this.#entries}
        WHERE ($1::text[] IS NULL OR CASE WHEN lease_worker IS NULL THEN state ELSE 'sending' END = ANY ($1))
          AND ($2::text IS NULL OR key = $2) AND ($3::text IS NULL OR message_id = $3)
          AND ($4::uuid IS NULL OR id > $4)
        ORDER BY id LIMIT $5`,
      [
        states ?? null,
        key === undefined ? null : textOf(key),
        messageId === undefined ? null : textOf(messageId),
        after ?? null,
        limit,
      ],
    );
    return rows.map(entryOf);
  }

  async count(): Promise<StoreCounts> {
    const rows = await this.#rows<{ state: EntryState; n: string; due: string | null }>(
      `SELECT CASE WHEN lease_worker IS NULL THEN state ELSE 'sending' END AS state, count(*) AS n,
          min(coalesce(lease_until, due_at)) FILTER (WHERE coalesce(lease_until, due_at) <= ${NOW}) AS due
        FROM ${this.#entries} GROUP BY 1`,
    );
    const due = rows.flatMap((row) => (row.due === null ? [] : [Number(row.due)]));
    return {
      byState: new Map(rows.map(({ state, n }) => [state, Number(n)])),
      oldestDueAt: due.length === 0 ? undefined : Math.min(...due),
    };
  }

  async *content(id: string): AsyncGenerator<Uint8Array, void, undefined> {
    const [row] = await this.#rows<{ content: Buffer | null }>(
      `SELECT content FROM ${this.#entries} WHERE id = $1`,
      [id],
    );
    if (!row) return;
    if (row.content) {
      yield row.content;
      return;
    }
    for (let number = 0; ; number += 1) {
      const [piece] = await this.#rows<{ chunk: Buffer }>(
        `SELECT chunk FROM ${this.#chunks} WHERE id = $1 AND number = $2`,
        [id, number],
      );
      if (!piece) return;
      yield piece.chunk;
    }
  }

  async prune({ states, settledBefore, limit }: PruneRequest): Promise<number> {
    return await this.#transaction(async (runner) => {
      const { rows } = await runner.query(
        `DELETE FROM ${this.#entries} WHERE id IN (
            SELECT id FROM ${this.#entries}
            WHERE settled_at < $1 AND state = ANY ($2) AND lease_worker IS NULL
            ORDER BY settled_at LIMIT $3 FOR UPDATE)
          RETURNING id`,
        [settledBefore, states, limit],
      );
      const ids = (rows as { id: string }[]).map(({ id }) => id);
      if (ids.length > 0) {
        await runner.query(`DELETE FROM ${this.#chunks} WHERE id = ANY ($1)`, [ids]);
        await this.#queue.remove(runner, ids);
      }
      await runner.query(
        `DELETE FROM ${this.#chunks} c WHERE added_at < ${NOW} - $1
          AND NOT EXISTS (SELECT 1 FROM ${this.#entries} e WHERE e.id = c.id)`,
        [ORPHANED_MS],
      );
      return ids.length;
    });
  }

  async nextDueAt(): Promise<number | undefined> {
    const [row] = await this.#rows<{ due: string | null }>(
      `SELECT min(coalesce(lease_until, due_at)) AS due FROM ${this.#entries}
        WHERE coalesce(lease_until, due_at) IS NOT NULL`,
    );
    return row?.due == null ? undefined : Number(row.due);
  }

  watch(listener: () => void): () => void {
    return this.#watch.add(listener);
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await this.#clearing;
    await this.#pool.end();
  }

  async #claimSome(
    runner: Runner,
    { worker, limit, leaseMs, takesOver }: ClaimRequest,
  ): Promise<{ readonly taken: number; readonly found: readonly Claim[] }> {
    const ids = await this.#queue.take(runner, limit);
    if (ids.length === 0) return { taken: 0, found: [] };
    const { rows } = await runner.query(
      `WITH was AS (SELECT e.*, ${NOW} AS now_ms FROM ${this.#entries} e WHERE id = ANY ($1::uuid[]) FOR UPDATE),
        leased AS (
          UPDATE ${this.#entries} e
          SET lease_worker = $2, lease_at = was.now_ms, lease_until = was.now_ms + $3, version = e.version + 1
          FROM was WHERE e.id = was.id AND (
            (was.lease_worker IS NULL AND was.due_at <= was.now_ms)
            OR ($4 AND was.lease_worker IS NOT NULL AND was.lease_until <= was.now_ms))
          RETURNING e.id, e.version)
        SELECT was.*, leased.version AS new_version FROM was LEFT JOIN leased ON leased.id = was.id
        ORDER BY was.priority DESC, was.due_at, was.id`,
      [ids, worker, leaseMs, takesOver],
    );
    const found: Claim[] = [];
    const next: Appointment[] = [];
    for (const row of rows as ClaimRow[]) {
      const now = Number(row.now_ms);
      this.#clock.hear(now);
      const { id, priority } = row;
      if (row.new_version !== null) {
        found.push(claimOf(row));
        next.push({ id, priority, at: now + leaseMs });
        continue;
      }
      // Looked at too early: its lease was made longer, or is not to be taken over just now.
      const due = row.lease_until ?? row.due_at;
      if (due !== null) next.push({ id, priority, at: Number(due) });
    }
    await this.#queue.add(runner, next);
    return { taken: ids.length, found };
  }

  // First the job, then the entry, as claims do: in the other order the two could wait for each other. A claim that was faster
  // has put the job back by the time the entry is ours, so it is taken away once more.
  async #writeAndMove(
    { id, version, priority }: Pick<Entry, 'id' | 'version' | 'priority'>,
    change: Change,
    where: string,
  ): Promise<boolean> {
    const { dueAt } = change;
    try {
      await this.#transaction(async (runner) => {
        await this.#queue.remove(runner, [id]);
        if (!(await this.#write(runner, id, version, change, where))) throw notAsRead;
        await this.#queue.remove(runner, [id]);
        if (dueAt !== undefined) await this.#queue.add(runner, [{ id, priority, at: dueAt }]);
      });
      return true;
    } catch (error) {
      if (error === notAsRead) return false;
      throw error;
    }
  }

  async #write(
    runner: Runner,
    id: string,
    version: number,
    { state, dueAt, settledAt, record }: Change,
    where: string,
  ): Promise<boolean> {
    const { rows } = await runner.query(
      `UPDATE ${this.#entries} SET state = $3, due_at = $4, settled_at = $5, record = coalesce($6, record),
          version = version + 1, lease_worker = NULL, lease_at = NULL, lease_until = NULL, mark = NULL
        WHERE id = $1 AND version = $2 ${where} RETURNING 1`,
      [id, version, state, dueAt ?? null, settledAt ?? null, record ?? null],
    );
    return rows.length > 0;
  }

  // Jobs can't get lost by us; should somebody have emptied the queue, entries that have been due for long get new ones.
  async #repair(): Promise<boolean> {
    const now = Date.now();
    if (now - this.#repairedAt < REPAIR_MS) return false;
    this.#repairedAt = now;
    const rows = await this.#rows<{ id: string; priority: number; due: string }>(
      `SELECT id, priority, coalesce(lease_until, due_at) AS due FROM ${this.#entries}
        WHERE coalesce(lease_until, due_at) < ${NOW} - $1 ORDER BY due LIMIT $2`,
      [REPAIR_MS, MOST_REPAIRED],
    );
    if (rows.length === 0) return false;
    const due = rows.map(({ id, priority, due: at }) => ({ id, priority, at: Number(at) }));
    await this.#step(() => this.#queue.add(this.#pool, due));
    return true;
  }

  #clearLater(id: string): void {
    this.#over.push(id);
    this.#clearing ??= new Promise<void>((resolve) => setTimeout(resolve, 50)).then(async () => {
      const ids = this.#over;
      this.#over = [];
      this.#clearing = undefined;
      // A job that stays is looked at once more when the lease would have run out, and then taken away.
      await this.#transaction((runner) => this.#clear(runner, ids)).catch(() => undefined);
    });
  }

  // Some may have got something to do again: whoever gives it to them waits for this, or has done so.
  async #clear(runner: Runner, ids: readonly string[]): Promise<void> {
    const { rows } = await runner.query(
      `SELECT id FROM ${this.#entries} WHERE id = ANY ($1::uuid[]) AND due_at IS NULL AND lease_worker IS NULL
        FOR UPDATE SKIP LOCKED`,
      [ids],
    );
    await this.#queue.remove(
      runner,
      (rows as { id: string }[]).map(({ id }) => id),
    );
  }

  async #rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return await this.#step(async () => (await this.#pool.query(text, [...values])).rows as Row[]);
  }

  async #step<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error);
    }
  }

  async #transaction<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    return await this.#step(() => this.#inTransaction(work));
  }

  async #inTransaction<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client as Runner);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((worse: Error) => {
        broken = worse;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #markAll(marks: readonly Mark[]): Promise<boolean[]> {
    // Of two about the same lease, the later one counts.
    const last = new Map(marks.map((mark) => [leaseOf(mark), mark]));
    const some = [...last.values()];
    const { rows } = await this.#pool.query(
      `UPDATE ${this.#entries} e SET mark = m.note FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS m (id, version, note)
        WHERE e.id = m.id AND e.version = m.version AND e.lease_worker IS NOT NULL RETURNING e.id, e.version`,
      [
        some.map(({ id }) => id),
        some.map(({ version }) => version),
        some.map(({ note }) => textOf(note)),
      ],
    );
    const done = new Set((rows as Lease[]).map(leaseOf));
    return marks.map((mark) => done.has(leaseOf(mark)));
  }

  async #settleAll(ends: readonly End[]): Promise<boolean[]> {
    const { rows } = await this.#pool.query(
      `UPDATE ${this.#entries} e SET state = n.state, due_at = NULL, settled_at = n.settled_at,
          record = coalesce(n.record, e.record), version = e.version + 1,
          lease_worker = NULL, lease_at = NULL, lease_until = NULL, mark = NULL
        FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[]) AS n (id, version, state, settled_at, record)
        WHERE e.id = n.id AND e.version = n.version AND e.lease_worker IS NOT NULL RETURNING e.id, n.version`,
      [
        ends.map(({ id }) => id),
        ends.map(({ version }) => version),
        ends.map(({ change }) => change.state),
        ends.map(({ change }) => change.settledAt ?? null),
        ends.map(({ change }) => change.record ?? null),
      ],
    );
    const done = new Set((rows as Lease[]).map(leaseOf));
    return ends.map((end) => done.delete(leaseOf(end)));
  }
}

// Ends a transaction without a change.
const notAsRead: unique symbol = Symbol('not as it was read');

/** Which lease is meant; 64-bit integers come as text. */
interface Lease {
  readonly id: string;
  readonly version: number | string;
}

interface Mark extends Lease {
  readonly note: string;
}

interface End extends Lease {
  readonly change: Change;
}

const leaseOf = ({ id, version }: Lease): string => `${id} ${version}`;

const isUuid = (id: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
