/** The journal's schema, one entry a version; an entry is never edited once released. */

const appendOnly = (table: string) => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`

export const migrations: readonly string[] = [
  `CREATE TABLE predictions (
  position INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api', 'page')),
  version TEXT NOT NULL,
  client INTEGER,
  input TEXT NOT NULL,
  probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
  threshold REAL NOT NULL,
  lower REAL NOT NULL,
  upper REAL NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('granted', 'refused')),
  review INTEGER NOT NULL CHECK (review IN (0, 1)),
  rank REAL,
  explanation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  assumed TEXT NOT NULL,
  latency_ms REAL NOT NULL
) STRICT;
CREATE TABLE reviews (
  position INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('granted', 'refused', 'escalated')),
  motive_code TEXT CHECK (motive_code IN ('missing', 'wrong', 'special', 'guarantee', 'other')),
  motive_text TEXT
) STRICT;
CREATE INDEX reviews_of ON reviews (request_id, position);
CREATE TABLE probe (position INTEGER PRIMARY KEY, ballast BLOB NOT NULL) STRICT;
${appendOnly('predictions')};
${appendOnly('reviews')}`,
]
