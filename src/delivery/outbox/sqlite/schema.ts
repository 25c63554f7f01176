// The tables of an outbox in SQLite, and how older ones become newer ones.
import { OutboxError } from '../../../base/index.ts';
import type { Driver } from './driver.ts';

// 'PhOb': what makes a file an outbox.
const APPLICATION_ID = 0x50_68_4f_62;

// Each leads from the version before it to the next; the first makes the tables.
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT,
    message_id TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- When it may be claimed; while it is leased, when the lease ends; NULL: never by itself.
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    version INTEGER NOT NULL,
    worker TEXT,
    claimed_at INTEGER,
    mark TEXT,
    -- Where its content is (NULL: at its own seq), and in how many pieces.
    content INTEGER,
    pieces INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE UNIQUE INDEX message_key ON message (key) WHERE key IS NOT NULL;
  CREATE INDEX message_due ON message (priority DESC, due_at) WHERE due_at IS NOT NULL;
  -- Few are in these states for long; the others are found by due_at or by id.
  CREATE INDEX message_rare ON message (state, id) WHERE state NOT IN ('queued', 'sending', 'sent');
  CREATE TABLE tally (state TEXT PRIMARY KEY, entries INTEGER NOT NULL) WITHOUT ROWID;
  -- The piece n of content c is row c * 1048576 + n.
  CREATE TABLE content (piece INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  -- Content that comes as a stream, until its message is there; its place is the id with a minus.
  CREATE TABLE arrival (id INTEGER PRIMARY KEY AUTOINCREMENT, touched_at INTEGER NOT NULL);
  `,
];

/** Makes the tables, or brings them up to date. */
export function prepareSchema(driver: Driver): void {
  driver.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma(driver, 'user_version');
    const owner = pragma(driver, 'application_id');
    const tables = driver.prepare('SELECT count(*) FROM sqlite_master').all()[0]?.[0];
    if (version > MIGRATIONS.length || (tables !== 0 && owner !== APPLICATION_ID)) {
      throw notOurs(owner === APPLICATION_ID);
    }
    for (const migration of MIGRATIONS.slice(version)) driver.exec(migration);
    if (version < MIGRATIONS.length) {
      driver.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      driver.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    }
    driver.exec('COMMIT');
  } catch (error) {
    driver.exec('ROLLBACK');
    throw error;
  }
}

function pragma(driver: Driver, name: string): number {
  return Number(driver.prepare(`PRAGMA ${name}`).all()[0]?.[0] ?? 0);
}

function notOurs(isNewer: boolean): OutboxError {
  return new OutboxError(
    'OUTBOX_STORE_FAILED',
    isNewer
      ? 'The outbox was made by a newer version of Posthorn; update this one'
      : "The SQLite file holds another program's tables; give the outbox a file of its own",
  );
}
