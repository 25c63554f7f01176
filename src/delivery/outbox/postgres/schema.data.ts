// The tables of an outbox in PostgreSQL. The queue beside them is pg-boss's own.

/** Of the tables; a newer one than this program knows is left alone. */
export const SCHEMA_VERSION = 1;

/** Makes what is not there yet, in the schema `name` (quoted). Times are milliseconds since 1970. */
export function schemaStatements(name: string): string {
  return `
CREATE SCHEMA IF NOT EXISTS ${name};
CREATE TABLE IF NOT EXISTS ${name}.outbox_version (version int NOT NULL);
INSERT INTO ${name}.outbox_version SELECT ${SCHEMA_VERSION} WHERE NOT EXISTS (SELECT 1 FROM ${name}.outbox_version);
CREATE TABLE IF NOT EXISTS ${name}.outbox_entry (
  id uuid PRIMARY KEY,
  key text UNIQUE,
  message_id text NOT NULL,
  priority int NOT NULL,
  state text NOT NULL,
  due_at bigint,
  created_at bigint NOT NULL,
  settled_at bigint,
  version bigint NOT NULL,
  record text NOT NULL,
  content bytea,
  lease_worker text,
  lease_at bigint,
  lease_until bigint,
  mark text
);
CREATE INDEX IF NOT EXISTS outbox_entry_due ON ${name}.outbox_entry ((coalesce(lease_until, due_at)))
  WHERE coalesce(lease_until, due_at) IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_entry_settled ON ${name}.outbox_entry (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_entry_message ON ${name}.outbox_entry (message_id) WHERE message_id <> '';
CREATE INDEX IF NOT EXISTS outbox_entry_state ON ${name}.outbox_entry (state);
CREATE TABLE IF NOT EXISTS ${name}.outbox_chunk (
  id uuid NOT NULL,
  number int NOT NULL,
  chunk bytea NOT NULL,
  added_at bigint NOT NULL,
  PRIMARY KEY (id, number)
);
ALTER TABLE ${name}.outbox_chunk ALTER COLUMN chunk SET STORAGE EXTERNAL;
`;
}
