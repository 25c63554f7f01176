// Opening an outbox in PostgreSQL: the packages, the connections, the tables.
import type { Pool } from 'pg';
import { OptionError, OutboxError, printable } from '../../../base/index.ts';
import { optionalPackage } from '../optional-package.ts';
import { keepsPromise } from './adding.ts';
import { storeFailure } from './failure.ts';
import { PostgresStore } from './postgres-store.ts';
import { Queue } from './queue.ts';
import { SCHEMA_VERSION, schemaStatements } from './schema.data.ts';
import { Watch } from './watch.ts';

const PURPOSE = 'An outbox in PostgreSQL';
const DEFAULT_SCHEMA = 'posthorn';
const DEFAULT_CONNECTIONS = 10;
// Two that make the same tables at once would get in each other's way.
const LOCK = 7_665_478_467;

/** Opens the outbox of `postgres://user@host/database?schema=posthorn&connections=10`. */
export async function openPostgresStore(url: string): Promise<PostgresStore> {
  const { connectionString, schema, max } = readUrl(url);
  const { Pool, Client } = await optionalPackage('pg', PURPOSE, async () => {
    const { default: pg } = await import('pg');
    return pg;
  });
  const { default: PgBoss } = await optionalPackage(
    'pg-boss',
    PURPOSE,
    async () => await import('pg-boss'),
  );
  const pool = new Pool({
    connectionString,
    max,
    application_name: 'posthorn',
    verify: (client, done) => {
      client.query(keepsPromise(false)).then(() => done(), done);
    },
  });
  // A connection that breaks while nobody uses it is replaced; whoever needs one hears of the trouble then.
  pool.on('error', () => undefined);
  try {
    await makeTables(pool, quoted(schema));
    const boss = new PgBoss({
      schema,
      supervise: false,
      schedule: false,
      db: { executeSql: async (text, values) => await pool.query(text, values) },
    });
    boss.on('error', () => undefined);
    await boss.start();
    const queue = new Queue(boss);
    await queue.prepare();
    const watch = new Watch(pool, async () => {
      const client = new Client({ connectionString, application_name: 'posthorn' });
      await client.connect();
      return client;
    });
    const store = new PostgresStore({ pool, queue, watch, schema: quoted(schema) });
    await store.setClock();
    return store;
  } catch (error) {
    await pool.end().catch(() => undefined);
    throw storeFailure(error);
  }
}

async function makeTables(pool: Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(schemaStatements(schema));
    const { rows } = await client.query(`SELECT version FROM ${schema}.outbox_version`);
    const version = Number((rows[0] as { version: number } | undefined)?.version);
    if (version > SCHEMA_VERSION) {
      throw new OutboxError(
        'OUTBOX_STORE_FAILED',
        `The outbox's tables are of version ${version}, and this Posthorn knows ${SCHEMA_VERSION}; update it on this machine`,
      );
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function readUrl(given: string): {
  readonly connectionString: string;
  readonly schema: string;
  readonly max: number;
} {
  if (!URL.canParse(given)) throw unreadable();
  const url = new URL(given);
  const schema = url.searchParams.get('schema') ?? DEFAULT_SCHEMA;
  const connections = url.searchParams.get('connections');
  url.searchParams.delete('schema');
  url.searchParams.delete('connections');
  // What pg-boss takes for a name.
  if (!/^[a-z_][a-z0-9_]{0,49}$/.test(schema)) {
    throw new OptionError(
      'url',
      `The schema '${printable(schema, 80)}' must be small letters, digits and '_', 50 at most`,
    );
  }
  const max = connections === null ? DEFAULT_CONNECTIONS : Number(connections);
  if (!(Number.isInteger(max) && max >= 2 && max <= 1000)) {
    throw new OptionError('url', "'connections' in the URL must be a whole number from 2 to 1000");
  }
  return { connectionString: url.href, schema, max };
}

const quoted = (name: string): string => `"${name}"`;

// The URL may hold a password: it is not repeated.
const unreadable = (): OptionError =>
  new OptionError(
    'url',
    "The outbox's URL must have the form 'postgres://user:password@host:5432/database'",
  );
