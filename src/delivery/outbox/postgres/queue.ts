// The hand-out of messages: pg-boss finds the next one that is due, for one of many workers. A job says "look at this
// entry then", and nothing more: what has to be done is decided by the entry. There is one job for each entry that has
// something to do, with the entry's id; while a worker has the entry, its job is due when the lease runs out.
import type PgBoss from 'pg-boss';

/** Something that runs a statement: the pool, or one connection in a transaction. */
export interface Runner {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
}

/** When an entry is to be looked at. */
export interface Appointment {
  readonly id: string;
  readonly priority: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const NAME = 'posthorn-outbox';
// pg-boss forgets jobs that nobody has fetched for two weeks; ours are never to be forgotten.
const KEEP_UNTIL = '9999-12-31T23:59:59Z';

/** The jobs of an outbox. */
export class Queue {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Makes the queue when it is not there. */
  async prepare(): Promise<void> {
    await this.#boss.createQueue(NAME);
  }

  /** Makes jobs; one that is there already stays as it is. */
  async add(runner: Runner, appointments: readonly Appointment[]): Promise<void> {
    if (appointments.length === 0) return;
    const jobs = appointments.map(({ id, priority, at }) => ({
      id,
      name: NAME,
      priority,
      startAfter: new Date(at).toISOString(),
      keepUntil: KEEP_UNTIL,
    }));
    await this.#boss.insert(jobs, { db: dbOf(runner) });
  }

  /** Takes jobs that are due away from everybody else, and out of the queue when the transaction is committed. */
  async take(runner: Runner, limit: number): Promise<string[]> {
    const db = dbOf(runner);
    const jobs = await this.#boss.fetch(NAME, { batchSize: limit, db });
    const ids = jobs.map(({ id }) => id);
    if (ids.length > 0) await this.#boss.deleteJob(NAME, ids, { db });
    return ids;
  }

  /** Takes jobs out of the queue. */
  async remove(runner: Runner, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#boss.deleteJob(NAME, [...ids], { db: dbOf(runner) });
  }
}

function dbOf(runner: Runner): PgBoss.Db {
  return {
    executeSql: async (text, values) => (await runner.query(text, values)) as { rows: unknown[] },
  };
}
