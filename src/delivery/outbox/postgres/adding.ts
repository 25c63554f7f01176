// Putting messages in: in a transaction of its own, or in the caller's.
import type { Pool } from 'pg';
import { OptionError } from '../../../base/index.ts';
import { contentPieces } from '../content-pieces.ts';
import type { Added, NewEntry } from '../store.ts';
import type { PostgresParts } from './postgres-parts.ts';
import type { Queue, Runner } from './queue.ts';
import { NOW, textOf } from './rows.ts';
import type { Watch } from './watch.ts';

const CONTENT_PIECE_BYTES = 262_144;
// What a claim brings along.
const SMALL_CONTENT_BYTES = 65_536;

/** Stores new entries. What goes wrong is thrown as the database says it. */
export class Adding {
  readonly #pool: Pool;
  readonly #queue: Queue;
  readonly #watch: Watch;
  readonly #entries: string;
  readonly #chunks: string;

  constructor({ pool, queue, watch, schema }: PostgresParts) {
    this.#pool = pool;
    this.#queue = queue;
    this.#watch = watch;
    this.#entries = `${schema}.outbox_entry`;
    this.#chunks = `${schema}.outbox_chunk`;
  }

  /** Stores it. Large content is there piece by piece before the entry is: nobody waits for a slow stream. */
  async alone(
    entry: NewEntry,
    transaction: (work: (runner: Runner) => Promise<Added>) => Promise<Added>,
  ): Promise<Added> {
    const known = entry.key === undefined ? undefined : await this.#idOf(entry.key, this.#pool);
    if (known !== undefined) return { id: known, isNew: false };
    const { small, isStored } = await this.#store(entry, this.#pool);
    // When this fails its commit may have been done all the same: the content stays, and is pruned when it is nobody's.
    const added = await transaction((runner) => this.#insert(entry, small, runner));
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
    const added = await this.#insert(entry, small, runner);
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

  async #insert(entry: NewEntry, content: Buffer | undefined, runner: Runner): Promise<Added> {
    const { id, key, messageId, priority, dueAt, createdAt } = entry;
    const stored = key === undefined ? null : textOf(key);
    const record = entry.record();
    for (;;) {
      const { rows } = await runner.query(
        `INSERT INTO ${this.#entries} (id, key, message_id, priority, state, due_at, created_at, version, record, content)
          VALUES ($1, $2, $3, $4, 'queued', $5, $6, 1, $7, $8) ON CONFLICT (key) DO NOTHING RETURNING 1`,
        [id, stored, textOf(messageId), priority, dueAt, createdAt, record, content ?? null],
      );
      if (rows.length > 0) {
        await this.#queue.add(runner, [{ id, priority, at: dueAt }]);
        return { id, isNew: true };
      }
      const known = key === undefined ? undefined : await this.#idOf(key, runner);
      // It may have been removed meanwhile.
      if (known !== undefined) return { id: known, isNew: false };
    }
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
