/** The journal's schema, one entry a version, for both databases; an entry is never edited once released. */
import { answerOfVersion4 } from './answers-4.ts'
import type { columns } from './rows.ts'

/** What the two databases write differently. */
export interface Dialect {
  readonly position: string
  /** One that is never given again, whatever was erased. */
  readonly lastingPosition: string
  readonly real: string
  readonly integer: string
  readonly bytes: string
  /** After a CREATE TABLE. */
  readonly strict: string
  /** Refuses changes to the rows of a table. */
  readonly appendOnly: (table: string) => string
  /** Lifts that again, under the name that the table had when it was made. */
  readonly changeable: (table: string) => string
  /** Refuses changes, but lets rows be erased in a transaction that says so (`erasing` of the store). */
  readonly erasable: (table: string) => string
  /** Where the database makes the links of the chain (chain.ts) itself: several processes write to it, and each link follows the one before. */
  readonly linking: string
  /** 16 random bytes as 32 hex digits, other ones for each row. */
  readonly randomSalt: string
  /** In an INSERT, before SELECT: positions are those of the rows copied. */
  readonly givenPositions: string
  /** After such an INSERT: the next row follows the last. */
  readonly continuePositions: (table: string) => string
}

/** A text column whose values are computed anew, row by row, by a function that SQL cannot express. */
export interface Rewriting {
  readonly table: string
  readonly key: string
  readonly column: string
  readonly rewrite: (text: string) => string
}

/** Gives the rows of tables that have a salt their places in the hash chain, in the order of the tables. */
export interface Chaining {
  readonly chained: readonly (keyof typeof columns)[]
}

/** What brings the schema from one version to the next, in this order, in one transaction. */
export type Migration = (d: Dialect) => readonly (string | Rewriting | Chaining)[]

export const sqlite: Dialect = {
  position: 'INTEGER PRIMARY KEY',
  lastingPosition: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  real: 'REAL',
  integer: 'INTEGER',
  bytes: 'BLOB',
  strict: ' STRICT',
  appendOnly: (table) => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
  changeable: (table) => `DROP TRIGGER ${table}_no_update; DROP TRIGGER ${table}_no_delete;`,
  erasable: (table) => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} WHEN NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
  linking: '',
  randomSalt: 'lower(hex(randomblob(16)))',
  givenPositions: '',
  continuePositions: () => '',
}

export const postgresql: Dialect = {
  position: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  lastingPosition: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  real: 'DOUBLE PRECISION',
  integer: 'BIGINT',
  bytes: 'BYTEA',
  strict: '',
  appendOnly: (table) => `
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();`,
  changeable: (table) => `DROP TRIGGER ${table}_append_only ON ${table};`,
  erasable: (table) => `
CREATE OR REPLACE FUNCTION append_only_but_erased() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF TG_OP = 'DELETE' AND current_setting('journal.erasing', true) = 'yes' THEN RETURN NULL; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION append_only_but_erased();`,
  linking: `
CREATE FUNCTION link_record() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE head RECORD; BEGIN
  PERFORM pg_advisory_xact_lock(7206772);
  SELECT position, link INTO head FROM chain ORDER BY position DESC LIMIT 1;
  NEW.position := coalesce(head.position, 0) + 1;
  NEW.link := encode(sha256(convert_to(concat_ws(' ', coalesce(head.link, repeat('0', 64)), NEW.record, NEW.place, NEW.digest), 'UTF8')), 'hex');
  RETURN NEW;
END $$;
CREATE TRIGGER chain_link BEFORE INSERT ON chain FOR EACH ROW WHEN (NEW.link IS NULL) EXECUTE FUNCTION link_record();`,
  randomSalt: "replace(gen_random_uuid()::text, '-', '')",
  givenPositions: 'OVERRIDING SYSTEM VALUE ',
  continuePositions: (table) =>
    `SELECT setval(pg_get_serial_sequence('${table}', 'position'), (SELECT coalesce(max(position), 0) + 1 FROM ${table}), false);`,
}

export const migrations: readonly Migration[] = [
  (d) => [
    `CREATE TABLE predictions (
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
  ],
  (d) => [
    `CREATE TABLE repayments (
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
  ],
  // What the list is filtered by, in addition to its order: a row of the table holds a whole request, and this index only grows at its end.
  () => [
    `CREATE INDEX predictions_listed ON predictions (position, at, version, decision, review, request_id);
ALTER TABLE reviews ADD COLUMN reviewer TEXT;`,
  ],
  // The field's words: approved, declined, referred; imputed; override; outcomes. Texts of JSON hold no bare `"concept":` but as a key.
  (d) => [
    `${d.changeable('predictions')}
${d.changeable('reviews')}
${d.changeable('repayments')}
${d.changeable('answers')}
DROP INDEX predictions_listed;
DROP INDEX reviews_of;
DROP INDEX repayments_of;
ALTER TABLE predictions RENAME TO predictions_3;
ALTER TABLE reviews RENAME TO reviews_3;
ALTER TABLE answers RENAME TO answers_3;
CREATE TABLE predictions (
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
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'declined')),
  referred ${d.integer} NOT NULL CHECK (referred IN (0, 1)),
  rank ${d.real},
  explanation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  imputed TEXT NOT NULL,
  latency_ms ${d.real} NOT NULL
)${d.strict};
INSERT INTO predictions (position, request_id, at, source, version, client, input, probability, threshold, lower, upper, decision,
  referred, rank, explanation, warnings, imputed, latency_ms)
${d.givenPositions}SELECT position, request_id, at, source, version, client, input, probability, threshold, lower, upper,
  CASE decision WHEN 'granted' THEN 'approved' ELSE 'declined' END, review, rank,
  replace(replace(explanation, '"concepts":', '"groups":'), '"concept":', '"group":'), warnings, assumed, latency_ms
FROM predictions_3 ORDER BY position;
CREATE TABLE reviews (
  position ${d.position},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'declined', 'referred')),
  override_code TEXT CHECK (override_code IN ('missing', 'wrong', 'special', 'guarantee', 'other')),
  override_text TEXT,
  reviewer TEXT
)${d.strict};
INSERT INTO reviews (position, request_id, at, decision, override_code, override_text, reviewer)
${d.givenPositions}SELECT position, request_id, at,
  CASE outcome WHEN 'granted' THEN 'approved' WHEN 'refused' THEN 'declined' ELSE 'referred' END, motive_code, motive_text, reviewer
FROM reviews_3 ORDER BY position;
CREATE TABLE outcomes (
  position ${d.position},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('repaid', 'defaulted')),
  date TEXT NOT NULL
)${d.strict};
INSERT INTO outcomes (position, request_id, at, status, date)
${d.givenPositions}SELECT position, request_id, at, outcome, date FROM repayments ORDER BY position;
CREATE TABLE answers (
  key TEXT PRIMARY KEY,
  asked TEXT NOT NULL,
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  answer TEXT NOT NULL
)${d.strict};
INSERT INTO answers (key, asked, request_id, answer) SELECT key, asked, request_id, answer FROM answers_3;
DROP TABLE answers_3;
DROP TABLE repayments;
DROP TABLE reviews_3;
DROP TABLE predictions_3;
${d.continuePositions('predictions')}
${d.continuePositions('reviews')}
${d.continuePositions('outcomes')}
CREATE INDEX predictions_listed ON predictions (position, at, version, decision, referred, request_id);
CREATE INDEX reviews_of ON reviews (request_id, position);
CREATE INDEX outcomes_of ON outcomes (request_id, position);`,
    { table: 'answers', key: 'key', column: 'answer', rewrite: answerOfVersion4 },
    `${d.appendOnly('predictions')}
${d.appendOnly('reviews')}
${d.appendOnly('outcomes')}
${d.appendOnly('answers')}`,
  ],
  // Whose key asked; which sessions of the page were signed out of before they ended; what signs sessions where no file can hold it.
  (d) => [
    `ALTER TABLE predictions ADD COLUMN caller TEXT;
CREATE INDEX predictions_of_caller ON predictions (caller, position);
CREATE TABLE ended_sessions (id TEXT PRIMARY KEY, until ${d.integer} NOT NULL)${d.strict};
CREATE TABLE secrets (name TEXT PRIMARY KEY, secret TEXT NOT NULL)${d.strict};`,
  ],
  // A hash chain over all records, which says when one was changed or removed; records that can be erased, and who saw them.
  (d) => [
    `${d.changeable('predictions')}
${d.changeable('reviews')}
${d.changeable('outcomes')}
${d.changeable('answers')}
DROP INDEX predictions_listed;
DROP INDEX predictions_of_caller;
DROP INDEX reviews_of;
DROP INDEX outcomes_of;
ALTER TABLE predictions RENAME TO predictions_5;
ALTER TABLE reviews RENAME TO reviews_5;
ALTER TABLE outcomes RENAME TO outcomes_5;
ALTER TABLE answers RENAME TO answers_5;
CREATE TABLE predictions (
  position ${d.lastingPosition},
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
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'declined')),
  referred ${d.integer} NOT NULL CHECK (referred IN (0, 1)),
  rank ${d.real},
  explanation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  imputed TEXT NOT NULL,
  latency_ms ${d.real} NOT NULL,
  caller TEXT,
  salt TEXT NOT NULL
)${d.strict};
INSERT INTO predictions (position, request_id, at, source, version, client, input, probability, threshold, lower, upper, decision,
  referred, rank, explanation, warnings, imputed, latency_ms, caller, salt)
${d.givenPositions}SELECT position, request_id, at, source, version, client, input, probability, threshold, lower, upper, decision,
  referred, rank, explanation, warnings, imputed, latency_ms, caller, ${d.randomSalt}
FROM predictions_5 ORDER BY position;
CREATE TABLE reviews (
  position ${d.lastingPosition},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approved', 'declined', 'referred')),
  override_code TEXT CHECK (override_code IN ('missing', 'wrong', 'special', 'guarantee', 'other')),
  override_text TEXT,
  reviewer TEXT,
  salt TEXT NOT NULL
)${d.strict};
INSERT INTO reviews (position, request_id, at, decision, override_code, override_text, reviewer, salt)
${d.givenPositions}SELECT position, request_id, at, decision, override_code, override_text, reviewer, ${d.randomSalt}
FROM reviews_5 ORDER BY position;
CREATE TABLE outcomes (
  position ${d.lastingPosition},
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('repaid', 'defaulted')),
  date TEXT NOT NULL,
  salt TEXT NOT NULL
)${d.strict};
INSERT INTO outcomes (position, request_id, at, status, date, salt)
${d.givenPositions}SELECT position, request_id, at, status, date, ${d.randomSalt} FROM outcomes_5 ORDER BY position;
CREATE TABLE answers (
  key TEXT PRIMARY KEY,
  asked TEXT NOT NULL,
  request_id TEXT NOT NULL REFERENCES predictions (request_id),
  answer TEXT NOT NULL
)${d.strict};
INSERT INTO answers (key, asked, request_id, answer) SELECT key, asked, request_id, answer FROM answers_5;
DROP TABLE answers_5;
DROP TABLE outcomes_5;
DROP TABLE reviews_5;
DROP TABLE predictions_5;
${d.continuePositions('predictions')}
${d.continuePositions('reviews')}
${d.continuePositions('outcomes')}
CREATE INDEX predictions_listed ON predictions (position, at, version, decision, referred, request_id);
CREATE INDEX predictions_of_caller ON predictions (caller, position);
CREATE INDEX reviews_of ON reviews (request_id, position);
CREATE INDEX outcomes_of ON outcomes (request_id, position);
CREATE TABLE accesses (
  position ${d.lastingPosition},
  at TEXT NOT NULL,
  caller TEXT,
  purpose TEXT NOT NULL CHECK (purpose IN ('opened', 'exported')),
  client ${d.integer},
  request_id TEXT REFERENCES predictions (request_id),
  salt TEXT NOT NULL
)${d.strict};
CREATE TABLE erasures (
  position ${d.position},
  at TEXT NOT NULL,
  caller TEXT,
  cause TEXT NOT NULL CHECK (cause IN ('request', 'retention')),
  records TEXT NOT NULL,
  salt TEXT NOT NULL
)${d.strict};
CREATE TABLE chain (
  position ${d.position},
  record TEXT NOT NULL,
  place ${d.integer} NOT NULL,
  digest TEXT NOT NULL,
  link TEXT NOT NULL
)${d.strict};
CREATE TABLE erasing (permitted ${d.integer} NOT NULL)${d.strict};
CREATE INDEX predictions_of_client ON predictions (client, position) WHERE client IS NOT NULL;
CREATE INDEX accesses_of ON accesses (request_id, position);
CREATE INDEX accesses_of_client ON accesses (client, position) WHERE client IS NOT NULL;
CREATE INDEX answers_of ON answers (request_id);`,
    { chained: ['predictions', 'reviews', 'outcomes'] },
    `${d.erasable('predictions')}
${d.erasable('reviews')}
${d.erasable('outcomes')}
${d.erasable('answers')}
${d.erasable('accesses')}
${d.appendOnly('erasures')}
${d.appendOnly('chain')}
${d.linking}`,
  ],
  // What the monitor raised, as it is now: opened, acknowledged, resolved; and its latest report. Neither holds anything of an applicant.
  (d) => [
    `CREATE TABLE alerts (
  position ${d.lastingPosition},
  version TEXT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
  opened TEXT NOT NULL,
  change_point TEXT,
  resolved TEXT,
  acknowledged TEXT,
  acknowledged_by TEXT,
  note TEXT,
  figures TEXT NOT NULL
)${d.strict};
CREATE UNIQUE INDEX alerts_opened ON alerts (version, code, opened);
CREATE TABLE monitor_reports (name TEXT PRIMARY KEY, at TEXT NOT NULL, report TEXT NOT NULL)${d.strict};`,
  ],
]
