// Putting messages in: in a transaction of its own, or in the caller's.
import type { Pool } from 'pg';
import { OptionError } from '../../../base/index.ts';
import { contentPieces } from '../content-pieces.ts';
import type { Added, NewEntry } from '../store.ts';
import { Batches } from './batches.ts';
import type { PostgresParts } from './postgres-parts.ts';
import type { Queue, Runner } from './queue.ts';
import { NOW, textOf } from './rows.ts';
import type { Watch } from './watch.ts';

const CONTENT_PIECE_BYTES = 262_144;
// What a claim brings along.
const SMALL_CONTENT_BYTES = 65_536;
// Transactions that put messages in at a time.
const MOST_INSERTS = 2;

/** Does something in a transaction of its own. */
export type Transact = <T>(work: (runner: Runner) => Promise<T>) => Promise<T>;

/** A message with its content, when that is small. */
interface NewRow {
  readonly entry: NewEntry;
  readonly content: Buffer | undefined;
}

/** Stores new entries. What goes wrong is thrown as the database says it. */
export class Adding {
  readonly #pool: Pool;
  readonly #queue: Queue;
  readonly #watch: Watch;
  readonly #entries: string;
  readonly #chunks: string;

  readonly #inserts: Batches<NewRow, Added>;

  constructor({ pool, queue, watch, schema }: PostgresParts, transaction: Transact) {
    this.#pool = pool;
    this.#queue = queue;
    this.#watch = watch;
    this.#entries = `${schema}.outbox_entry`;
    this.#chunks = `${schema}.outbox_chunk`;
    this.#inserts = new Batches(
      (items) => transaction((runner) => this.#insert(items, runner)),
      MOST_INSERTS,
    );
  }

  /** Stores it. Large content is there piece by piece before the entry is: nobody waits for a slow stream. */
  async alone(entry: NewEntry): Promise<Added> {
    const known = entry.key === undefined ? undefined : await this.#idOf(entry.key, this.#pool);
    if (known !== undefined) return { id: known, isNew: false };
    const { small, isStored } = await this.#store(entry, this.#pool);
    // When this fails its commit may have been done all the same: the content stays, and is pruned when it is nobody's.
    const added = await this.#inserts.add({ entry, content: small });
    if (!added.isNew && isStored) await this.#forget(entry.id, this.#pool).catch(() => undefined);
    return added;
  }

  /** Stores it in the caller's transaction. */
  async within(entry: NewEntry, transaction: unknown): Promise<Added> {
    const runner = runnerOf(transaction);
    await savepoint(runner);
    try {
      // A commit that does not wait for the disk promises nothing.
      await runner.query(keepsPromise(true));
      const added = await this.#addWithin(entry, runner);
      await runner.query('RELEASE SAVEPOINT posthorn_outbox');
      return added;
    } catch (error) {
      // Whoever catches the error can go on with the transaction, without the message.
      await runner.query('ROLLBACK TO SAVEPOINT posthorn_outbox').catch(() => undefined);
      throw error;
    }
  }

  async #addWithin(entry: NewEntry, runner: Runner): Promise<Added> {
    const known = entry.key === undefined ? undefined : await this.#idOf(entry.key, runner);
    if (known !== undefined) return { id: known, isNew: false };
    const { small } = await this.#store(entry, runner);
    const [added = { id: entry.id, isNew: false }] = await this.#insert(
      [{ entry, content: small }],
      runner,
    );
    if (added.isNew) await this.#watch.tellWithin(runner);
    else await this.#forget(entry.id, runner);
    return added;
  }

  async #store(
    entry: NewEntry,
    runner: Runner,
  ): Promise<{ readonly small: Buffer | undefined; readonly isStored: boolean }> {
    const pieces = contentPieces(entry.content, CONTENT_PIECE_BYTES);
    let number = 0;
    try {
      for await (const piece of pieces) {
        if (number === 0 && piece.length <= SMALL_CONTENT_BYTES) {
          return { small: piece, isStored: false };
        }
        await runner.query(
          `INSERT INTO ${this.#chunks} (id, number, chunk, added_at) VALUES ($1, $2, $3, ${NOW})`,
          [entry.id, number, piece],
        );
        number += 1;
      }
    } catch (error) {
      if (number > 0 && runner === this.#pool) {
        await this.#forget(entry.id, runner).catch(() => undefined);
      }
      throw error;
    }
    return { small: undefined, isStored: true };
  }

  // Several in one statement; those that are there already, by their id (of a commit that nobody heard of) or by their
  // key, are left out.
  async #insert(items: readonly NewRow[], runner: Runner): Promise<Added[]> {
    const column = <T>(of: (row: NewRow) => T): T[] => items.map(of);
    const { rows } = await runner.query(
      `INSERT INTO ${this.#entries} (id, key, message_id, priority, due_at, created_at, record, content, state, version)
        SELECT n.*, 'queued', 1 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[],
          $7::text[], $8::bytea[]) AS n
        ON CONFLICT DO NOTHING RETURNING id`,
      [
        column(({ entry }) => entry.id),
        column(({ entry }) => (entry.key === undefined ? null : textOf(entry.key))),
        column(({ entry }) => textOf(entry.messageId)),
        column(({ entry }) => entry.priority),
        column(({ entry }) => entry.dueAt),
        column(({ entry }) => entry.createdAt),
        column(({ entry }) => entry.record()),
        column(({ content }) => content ?? null),
      ],
    );
    const isStored = new Set((rows as { id: string }[]).map(({ id }) => id));
    const jobs = items.filter(({ entry }) => isStored.has(entry.id));
    await this.#queue.add(
      runner,
      jobs.map(({ entry: { id, priority, dueAt } }) => ({ id, priority, at: dueAt })),
    );
    const added: Added[] = [];
    for (const item of items) {
      const { id } = item.entry;
      added.push(isStored.has(id) ? { id, isNew: true } : await this.#earlier(item, runner));
    }
    return added;
  }

  async #earlier(item: NewRow, runner: Runner): Promise<Added> {
    const { id, key } = item.entry;
    const { rows } = await runner.query(
      `SELECT id FROM ${this.#entries} WHERE id = $1 OR key = $2 ORDER BY id = $1 DESC`,
      [id, key === undefined ? null : textOf(key)],
    );
    const [found] = rows as { id: string }[];
    if (found) return { id: found.id, isNew: found.id === id };
    // It has been removed meanwhile.
    const [added] = await this.#insert([item], runner);
    return added ?? { id, isNew: false };
  }

  async #forget(id: string, runner: Runner): Promise<void> {
    await runner.query(`DELETE FROM ${this.#chunks} WHERE id = $1`, [id]);
  }

  async #idOf(key: string, runner: Runner): Promise<string | undefined> {
    const { rows } = await runner.query(`SELECT id FROM ${this.#entries} WHERE key = $1`, [
      textOf(key),
    ]);
    return (rows[0] as { id: string } | undefined)?.id;
  }
}

/** What makes commits of a connection (or, `locally`, of its transaction) wait for the disk, where they do not. */
export function keepsPromise(locally: boolean): string {
  return `SELECT set_config('synchronous_commit', 'on', ${locally}) WHERE current_setting('synchronous_commit') = 'off'`;
}

async function savepoint(runner: Runner): Promise<void> {
  try {
    await runner.query('SAVEPOINT posthorn_outbox');
  } catch (cause) {
    // 25P01: no_active_sql_transaction.
    if ((cause as NodeJS.ErrnoException).code !== '25P01') throw cause;
    throw new OptionError(
      'transaction',
      "Option 'transaction' must be a client of pg after BEGIN; without it the message has a transaction of its own",
    );
  }
}

function runnerOf(transaction: unknown): Runner {
  const { query } = (transaction ?? {}) as Partial<Runner>;
  if (typeof query === 'function' && !('totalCount' in (transaction as object))) {
    return transaction as Runner;
  }
  throw new OptionError(
    'transaction',
    "Option 'transaction' must be a client of pg after BEGIN: const client = await pool.connect()",
  );
}
