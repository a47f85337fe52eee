-- Schema 2. What synchronising needs beyond the log: conflicts, redactions, teams that became one.

-- Records with values that two people set without having seen each other's. `open` says whether there
-- is something to settle: the two may have set the same.
CREATE TABLE conflicts(
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  open INTEGER NOT NULL,
  PRIMARY KEY(kind, record)
) STRICT, WITHOUT ROWID;
INSERT INTO conflicts(kind, record, open)
  SELECT kind, record, 1 FROM changes WHERE indexed = 1 GROUP BY kind, record HAVING count(DISTINCT origin) > 1;

-- The texts that were blanked: what changes before this stamp had set in this field of this record.
CREATE TABLE redactions(
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  field TEXT NOT NULL,
  wall INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  replica BLOB NOT NULL,
  PRIMARY KEY(kind, record, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_redacted ON actions(origin, seq) WHERE words = '[redacted]';

-- The team that this one became, where two boards had each made the same.
ALTER TABLE teams ADD COLUMN "became" TEXT;
