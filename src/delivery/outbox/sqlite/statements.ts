// Every statement of the store, prepared once, and what its columns are.
import type { Entry, EntryState } from '../store.ts';
import type { Driver, SqlValue, Statement } from './driver.ts';

/** Pieces of one content have consecutive numbers from its own times this. */
export const PIECES_PER_CONTENT = 1_048_576;

const ENTRY_COLUMNS =
  'id, key, priority, state, due_at, created_at, settled_at, version, record, worker, claimed_at, mark';

/** The statements of a store. */
export interface Statements {
  readonly byKey: Statement;
  readonly insertPiece: Statement;
  readonly insertArrival: Statement;
  readonly touchArrival: Statement;
  readonly endArrival: Statement;
  readonly staleArrivals: Statement;
  readonly nextPriority: Statement;
  readonly due: Statement;
  readonly dueUnleased: Statement;
  readonly claim: Statement;
  readonly mark: Statement;
  readonly settle: Statement;
  readonly renew: Statement;
  readonly change: Statement;
  readonly read: Statement;
  readonly firstDue: Statement;
  readonly firstReady: Statement;
  readonly contentOf: Statement;
  readonly piece: Statement;
  readonly prunable: Statement;
  readonly remove: Statement;
  readonly removePieces: Statement;
  readonly dataVersion: Statement;
}

/** Prepares them. */
export function prepareStatements(driver: Driver): Statements {
  const make = (sql: string): Statement => driver.prepare(sql);
  const due = (condition: string): Statement =>
    make(
      `SELECT seq, id, version, priority, record, state, worker, claimed_at, mark, CASE pieces WHEN 1 THEN
         (SELECT bytes FROM content WHERE piece = ifnull(message.content, seq) * ${PIECES_PER_CONTENT}) END
       FROM message WHERE priority = ? AND due_at <= ? ${condition} ORDER BY due_at LIMIT ?`,
    );
  return {
    byKey: make('SELECT id FROM message WHERE key = ?'),
    insertPiece: make('INSERT INTO content (piece, bytes) VALUES (?, ?)'),
    insertArrival: make('INSERT INTO arrival (touched_at) VALUES (?)'),
    touchArrival: make('UPDATE arrival SET touched_at = ? WHERE id = ?'),
    endArrival: make('DELETE FROM arrival WHERE id = ?'),
    staleArrivals: make('SELECT id FROM arrival WHERE touched_at < ?'),
    nextPriority: make(
      'SELECT priority FROM message WHERE due_at IS NOT NULL AND priority < ? ORDER BY priority DESC LIMIT 1',
    ),
    due: due(''),
    dueUnleased: due("AND state <> 'sending'"),
    claim: make(
      `UPDATE message SET state = 'sending', version = version + 1, worker = ?, claimed_at = ?, due_at = ?
       WHERE seq IN (SELECT value FROM json_each(?))`,
    ),
    mark: make(
      'UPDATE message SET mark = ? WHERE seq = ? AND id = ? AND version = ? AND worker IS NOT NULL',
    ),
    settle: make(
      `UPDATE message SET state = ?, due_at = ?, settled_at = ?, record = coalesce(?, record), version = version + 1,
         worker = NULL, claimed_at = NULL, mark = NULL
       WHERE seq = ? AND id = ? AND version = ? AND worker IS NOT NULL`,
    ),
    renew: make(
      'UPDATE message SET due_at = ? WHERE seq = ? AND id = ? AND version = ? AND worker IS NOT NULL',
    ),
    change: make(
      `UPDATE message SET state = ?, due_at = ?, settled_at = ?, record = coalesce(?, record), version = version + 1,
         worker = NULL, claimed_at = NULL, mark = NULL
       WHERE id = ? AND version = ? AND mark IS ?`,
    ),
    read: make(`SELECT ${ENTRY_COLUMNS} FROM message WHERE id = ?`),
    firstDue: make(
      'SELECT due_at FROM message WHERE priority = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1',
    ),
    firstReady: make(
      `SELECT due_at FROM message WHERE priority = ? AND due_at IS NOT NULL AND state <> 'sending'
       ORDER BY due_at LIMIT 1`,
    ),
    contentOf: make('SELECT ifnull(content, seq), pieces FROM message WHERE id = ?'),
    piece: make('SELECT bytes FROM content WHERE piece = ?'),
    prunable: make(
      'SELECT seq, ifnull(content, seq) FROM message WHERE state = ? AND id < ? AND settled_at < ? ORDER BY id LIMIT ?',
    ),
    remove: make('DELETE FROM message WHERE seq = ?'),
    removePieces: make('DELETE FROM content WHERE piece >= ? AND piece < ?'),
    dataVersion: make('PRAGMA data_version'),
  };
}

const OPEN: readonly EntryState[] = ['queued', 'sending', 'deferred'];
const RARE: readonly EntryState[] = ['deferred', 'failed', 'expired', 'unknown', 'damaged'];

/** A query for entries with these conditions; each set of conditions is prepared once. */
export function listSql(
  states: readonly EntryState[],
  hasKey: boolean,
  hasMessageId: boolean,
): string {
  const isWithin = (all: readonly EntryState[]): boolean =>
    states.length > 0 && states.every((state) => all.includes(state));
  // The planner uses an index of some rows only when it is told that the others are not meant.
  const [source, hint] = isWithin(RARE)
    ? ['message INDEXED BY message_rare', ["state NOT IN ('queued', 'sending', 'sent')"]]
    : isWithin(OPEN)
      ? ['message INDEXED BY message_due', ['due_at IS NOT NULL']]
      : ['message', []];
  const conditions = [
    'id > ?',
    ...hint,
    ...(states.length > 0 ? [`state IN (${states.map(() => '?').join(', ')})`] : []),
    ...(hasKey ? ['key = ?'] : []),
    ...(hasMessageId ? ['message_id = ?'] : []),
  ];
  const isLooseFree = !hasKey && !hasMessageId;
  return `SELECT ${ENTRY_COLUMNS} FROM ${isLooseFree ? source : 'message'} WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?`;
}

const numberOr = (value: SqlValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

const textOr = (value: SqlValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The entry in a row of {@link listSql} or `read`. */
export function entryOf(row: readonly SqlValue[]): Entry {
  const [id, key, priority, state, dueAt, createdAt, settledAt, version, record, worker] = row;
  const until = numberOr(dueAt) ?? 0;
  return {
    id: String(id),
    key: textOr(key),
    priority: Number(priority),
    state: String(state) as EntryState,
    dueAt: numberOr(dueAt),
    createdAt: Number(createdAt),
    settledAt: numberOr(settledAt),
    version: Number(version),
    record: String(record),
    lease:
      typeof worker === 'string'
        ? { worker, claimedAt: Number(row[10]), until, mark: textOr(row[11]) }
        : undefined,
  };
}
