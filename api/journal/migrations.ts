/** The journal's schema, one entry a version, for both databases; an entry is never edited once released. */

/** What the two databases write differently. */
export interface Dialect {
  readonly position: string
  readonly real: string
  readonly integer: string
  readonly bytes: string
  /** After a CREATE TABLE. */
  readonly strict: string
  /** Refuses changes to the rows of a table. */
  readonly appendOnly: (table: string) => string
}

export const sqlite: Dialect = {
  position: 'INTEGER PRIMARY KEY',
  real: 'REAL',
  integer: 'INTEGER',
  bytes: 'BLOB',
  strict: ' STRICT',
  appendOnly: (table) => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
}

export const postgresql: Dialect = {
  position: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  real: 'DOUBLE PRECISION',
  integer: 'BIGINT',
  bytes: 'BYTEA',
  strict: '',
  appendOnly: (table) => `
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();`,
}

export const migrations: readonly ((d: Dialect) => string)[] = [
  (d) => `CREATE TABLE predictions (
  position ${d.position},
  request_id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api', 'page')),
  version TEXT NOT NULL,
  client ${d.integer},
  input TEXT NOT NULL,
  probability ${d.real} NOT NULL CHECK (probability BETWEEN 0 AND 1),
  threshold ${d.real} NOT NULL,
  lower ${d.real} NOT NULL,
  upper ${d.real} NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('granted', 'refused')),
  review ${d.integer} NOT NULL CHECK (review IN (0, 1)),
  rank ${d.real},
  explanation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  assumed TEXT NOT NULL,
  latency_ms ${d.real} NOT NULL
)${d.strict};
CREATE TABLE reviews (
  position ${d.position},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('granted', 'refused', 'escalated')),
  motive_code TEXT CHECK (motive_code IN ('missing', 'wrong', 'special', 'guarantee', 'other')),
  motive_text TEXT
)${d.strict};
CREATE INDEX reviews_of ON reviews (request_id, position);
CREATE TABLE probe (position ${d.position}, ballast ${d.bytes} NOT NULL)${d.strict};
${d.appendOnly('predictions')}
${d.appendOnly('reviews')}`,
  (d) => `CREATE TABLE repayments (
  position ${d.position},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('repaid', 'defaulted')),
  date TEXT NOT NULL
)${d.strict};
CREATE INDEX repayments_of ON repayments (request_id, position);
CREATE TABLE answers (
  key TEXT PRIMARY KEY,
  asked TEXT NOT NULL,
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  answer TEXT NOT NULL
)${d.strict};
${d.appendOnly('repayments')}
${d.appendOnly('answers')}`,
  // What the list is filtered by, beside its order: a row of the table holds a whole request, and this index only grows at its end.
  () => `CREATE INDEX predictions_listed ON predictions (position, at, version, decision, review, request_id);
ALTER TABLE reviews ADD COLUMN reviewer TEXT;`,
]
