// Rows as they come: checked, and with their columns under the names of fields.
import { OptionError } from '../base/index.ts';
import { kindOf } from '../message/internal.ts';
import type { Row } from './text-template.ts';

/** Rows: an array, a generator, a cursor of a database, any iterable or async iterable; asked for one by one. */
export type Rows = Iterable<Row | Promise<Row>> | AsyncIterable<Row>;

/** Throws an {@link OptionError} when these are no rows. */
export function checkRows(rows: unknown): Rows {
  const isIterable =
    typeof rows === 'object' &&
    rows !== null &&
    (Symbol.iterator in rows || Symbol.asyncIterator in rows);
  if (isIterable) return rows as Rows;
  throw new OptionError(
    'rows',
    `Rows are an array or another (async) iterable, such as readCsv('people.csv'), got ${kindOf(rows)}`,
  );
}

/** The row with its fields; throws an {@link OptionError} when it is no object. */
export function fieldsOfRow(row: unknown, columns: ReadonlyMap<string, string> | undefined): Row {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new OptionError(
      'row',
      `A row is an object whose properties are the fields, got ${kindOf(row)}`,
    );
  }
  if (columns === undefined) return row as Row;
  const fields: Record<string, unknown> = Object.create(null);
  for (const [column, value] of Object.entries(row)) fields[columns.get(column) ?? column] = value;
  return fields;
}
