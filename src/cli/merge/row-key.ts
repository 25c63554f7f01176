// What tells the rows of a table apart from one run to the next, however they are sorted.
import { OptionError, printable } from '../../base/index.ts';
import type { Row } from '../../template/index.ts';

/** The value of the field `key`; without it, a digest of all cells. */
export async function rowKey(row: Row, key: string | undefined): Promise<string> {
  if (key !== undefined) return fieldKey(row, key);
  const cells = new TextEncoder().encode(JSON.stringify(Object.entries(row)));
  const digest = await crypto.subtle.digest('SHA-256', cells);
  // 132 bits: no two rows of any table have the same.
  return Buffer.from(digest).toString('base64url').slice(0, 22);
}

function fieldKey(row: Row, key: string): string {
  const value = Object.hasOwn(row, key) ? row[key] : undefined;
  const text = value === undefined || value === null ? '' : String(value).trim();
  if (text !== '') return text;
  throw new OptionError(
    'key',
    `--key ${printable(key, 80)}: a row has no such cell, or a blank one; name a column that every row has`,
  );
}
