// From a URL to a store that can be used: the file, its modes, its tables.
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError, OutboxError } from '../../../base/index.ts';
import { type Driver, loadDriver, type OpenDriver } from './driver.ts';
import { type FreeSpace, freeSpaceAt } from './free-space.ts';
import { prepareSchema } from './schema.ts';
import { isBusy, storeError } from './sqlite-error.ts';
import { SqliteStore } from './sqlite-store.ts';

const MEMORY = ':memory:';
const BUSY_TRIES = 100;
const BUSY_PAUSE_MS = 50;

/** What tests put in place of the real thing. */
export interface SqliteParts {
  readonly open?: OpenDriver;
  readonly space?: FreeSpace;
  readonly now?: () => number;
}

/** Opens `sqlite:outbox.db`, `sqlite:/var/spool/outbox.db`, `sqlite:///var/spool/outbox.db`; makes the file when needed. */
export async function openSqliteStore(url: string, parts: SqliteParts = {}): Promise<SqliteStore> {
  const path = pathOf(url);
  const open = parts.open ?? (await loadDriver());
  const none: FreeSpace = { check: () => undefined };
  const space = parts.space ?? (path === MEMORY ? none : freeSpaceAt(path));
  try {
    // Mail is nobody else's to read: SQLite gives the files beside it the same rights.
    if (path !== MEMORY) closeSync(openSync(path, 'a', 0o600));
    const driver = open(path);
    try {
      await patiently(() => prepare(driver));
      return new SqliteStore(driver, { path, space, now: parts.now ?? Date.now });
    } catch (error) {
      driver.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error, path);
  }
}

function prepare(driver: Driver): void {
  // Of a new file only. Small messages fit in, several to a page, and the log is copied back not too often.
  driver.exec('PRAGMA page_size = 8192');
  const [mode] = driver.prepare('PRAGMA journal_mode = WAL').all()[0] ?? [];
  if (mode !== 'wal' && mode !== 'memory') {
    throw new OutboxError(
      'OUTBOX_STORE_FAILED',
      'The folder of the outbox does not allow a write-ahead log; use a local disk, not a network share',
    );
  }
  // What a commit wrote is on the disk when it returns, the log's header included.
  driver.exec('PRAGMA synchronous = FULL');
  driver.exec('PRAGMA fullfsync = ON');
  driver.exec('PRAGMA checkpoint_fullfsync = ON');
  driver.exec('PRAGMA wal_autocheckpoint = 2000');
  driver.exec('PRAGMA temp_store = MEMORY');
  driver.exec('PRAGMA cache_size = -16384');
  driver.exec('PRAGMA busy_timeout = 0');
  prepareSchema(driver);
}

// Others may be opening it at the same moment.
async function patiently(work: () => void): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || tries >= BUSY_TRIES) throw error;
      await new Promise((done) => setTimeout(done, BUSY_PAUSE_MS * Math.random()));
    }
  }
}

function pathOf(url: string): string {
  const rest = url.slice('sqlite:'.length);
  if (rest === MEMORY) return MEMORY;
  const path = rest.startsWith('//') ? fromUrl(url) : decoded(rest);
  if (path === '' || path.includes('\0') || path.includes('?')) {
    throw new OptionError(
      'url',
      "The URL of an SQLite outbox is 'sqlite:' and the path of its file, such as 'sqlite:outbox.db' or 'sqlite:/var/spool/outbox.db'",
    );
  }
  return resolve(path);
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(`file:${url.slice('sqlite:'.length)}`);
  } catch {
    return '';
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
