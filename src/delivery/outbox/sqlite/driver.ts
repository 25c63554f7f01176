// SQLite as the store needs it: a few calls, which libsql provides. Loaded on first use.
import { optionalPackage } from '../optional-package.ts';

/** What may be bound and read. */
export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement. */
export interface Statement {
  /** Runs it. */
  run(...values: readonly SqlValue[]): {
    readonly changes: number;
    readonly lastInsertRowid: number;
  };
  /** Its rows, as arrays in the order of the columns. */
  all(...values: readonly SqlValue[]): SqlValue[][];
}

/** A connection to a database. All calls block. */
export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** Opens a database file. */
export type OpenDriver = (path: string) => Driver;

interface LibsqlStatement {
  readonly reader: boolean;
  raw(): LibsqlStatement;
  run(...values: unknown[]): { readonly changes: number; readonly lastInsertRowid: number };
  all(...values: unknown[]): unknown[][];
}

interface LibsqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): LibsqlStatement;
  close(): void;
}

/** How libsql opens databases. Throws a `MissingDependencyError` when it is not installed. */
export async function loadDriver(): Promise<OpenDriver> {
  const loaded: unknown = await optionalPackage(
    'libsql',
    'An outbox in an SQLite file',
    () => import('libsql'),
  );
  const { default: Database } = loaded as { default: new (path: string) => LibsqlDatabase };
  return (path) => driverOf(new Database(path));
}

function driverOf(database: LibsqlDatabase): Driver {
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const reader = statement.reader ? statement.raw() : statement;
      return {
        run: (...values) => statement.run(...values),
        all: (...values) => reader.all(...values) as SqlValue[][],
      };
    },
    close: () => {
      database.close();
    },
  };
}
