// What a store in PostgreSQL is made of. Types only.
import type { Pool } from 'pg';
import type { Queue } from './queue.ts';
import type { Watch } from './watch.ts';

/** What a store is made of. */
export interface PostgresParts {
  readonly pool: Pool;
  readonly queue: Queue;
  readonly watch: Watch;
  /** The schema of the tables, quoted. */
  readonly schema: string;
}
