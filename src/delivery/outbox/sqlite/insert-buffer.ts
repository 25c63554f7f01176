// New messages of one commit, written several at a time: most of what a small statement costs is the call.
import type { Driver, SqlValue, Statement } from './driver.ts';
import { PIECES_PER_CONTENT } from './statements.ts';

const AT_ONCE = 16;

const MESSAGE_COLUMNS = [
  'seq',
  'id',
  'key',
  'message_id',
  'priority',
  'due_at',
  'created_at',
  'pieces',
  'record',
  'content',
  'state',
  'version',
];

/** What is stored of a new message, in the order of the columns from `id` to `record`. */
export type NewRow = readonly [
  id: string,
  key: string | null,
  messageId: string,
  priority: number,
  dueAt: number,
  createdAt: number,
  pieces: number,
  record: string,
];

/** Gathers new messages until they have to be there. To be used inside a transaction only. */
export class InsertBuffer {
  readonly #lastSeq: Statement;
  readonly #messages: readonly [one: Statement, many: Statement];
  readonly #pieces: readonly [one: Statement, many: Statement];
  readonly #rows: SqlValue[][] = [];
  readonly #contents: SqlValue[][] = [];

  constructor(driver: Driver) {
    const rows = (row: string, count: number): string =>
      Array.from({ length: count }, () => row).join(', ');
    const message = `INSERT INTO message (${MESSAGE_COLUMNS.join(', ')}) VALUES`;
    const values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 1)";
    const piece = 'INSERT INTO content (piece, bytes) VALUES';
    this.#lastSeq = driver.prepare('SELECT max(seq) FROM message');
    this.#messages = [
      driver.prepare(`${message} ${values}`),
      driver.prepare(`${message} ${rows(values, AT_ONCE)}`),
    ];
    this.#pieces = [
      driver.prepare(`${piece} (?, ?)`),
      driver.prepare(`${piece} ${rows('(?, ?)', AT_ONCE)}`),
    ];
  }

  /** A message whose content is along with it. */
  addWhole(row: NewRow, bytes: Uint8Array): void {
    this.#rows.push([...row, null]);
    this.#contents.push([bytes]);
  }

  /** A message whose content is there already. */
  add(row: NewRow, content: number): void {
    this.#rows.push([...row, content]);
    this.#contents.push([]);
  }

  /** Writes what has been gathered. */
  flush(): void {
    if (this.#rows.length === 0) return;
    // Nobody else adds any before the commit.
    let seq = Number(this.#lastSeq.all()[0]?.[0] ?? 0);
    const contents: SqlValue[][] = [];
    const rows = this.#rows.splice(0).map((row, index) => {
      seq += 1;
      const [bytes] = this.#contents[index] ?? [];
      if (bytes !== undefined) contents.push([seq * PIECES_PER_CONTENT, bytes]);
      return [seq, ...row];
    });
    this.#contents.length = 0;
    insert(this.#messages, rows);
    insert(this.#pieces, contents);
  }

  /** Forgets what has been gathered. */
  clear(): void {
    this.#rows.length = 0;
    this.#contents.length = 0;
  }
}

function insert(
  [one, many]: readonly [Statement, Statement],
  rows: readonly (readonly SqlValue[])[],
): void {
  let at = 0;
  for (; at + AT_ONCE <= rows.length; at += AT_ONCE)
    many.run(...rows.slice(at, at + AT_ONCE).flat());
  for (; at < rows.length; at += 1) one.run(...(rows[at] ?? []));
}
