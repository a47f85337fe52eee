-- Schema 1. Released: never edit this file, append a new version to the list in schema.rs.

-- Who has written here: this file's own replica, and every other whose changes have arrived.
CREATE TABLE replicas(
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  upto INTEGER NOT NULL DEFAULT 0,       -- its changes 1..upto are all here
  known_max INTEGER NOT NULL DEFAULT 0,  -- the highest of its changes that anybody spoke of
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;

-- Which of the replicas this file is, and how far its clock has come.
CREATE TABLE local(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  replica INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  counter INTEGER NOT NULL
) STRICT;

-- Small numbers in place of the 16-byte ids of teams and measures, in the two tables that grow.
CREATE TABLE handles(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;

-- One row for each thing that somebody did; seq is that of its first change.
CREATE TABLE actions(
  origin INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,                   -- the author's wall clock, ms
  actor TEXT,
  session INTEGER NOT NULL,
  words TEXT NOT NULL,
  reverses_seq INTEGER,                  -- the action of the same origin that it undoes or redoes
  sort TEXT NOT NULL,                    -- edit, undo, redo
  PRIMARY KEY(origin, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_reversed ON actions(origin, reverses_seq) WHERE reverses_seq IS NOT NULL;

-- The log: what was set in one record. seq is dense for each origin: 1, 2, 3 and so on.
CREATE TABLE changes(
  origin INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  action INTEGER NOT NULL,               -- seq of its action
  wall INTEGER NOT NULL,                 -- the stamp is (wall, counter, the origin's id)
  counter INTEGER NOT NULL,
  team INTEGER NOT NULL,                 -- handle
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  creates INTEGER NOT NULL,
  fields TEXT NOT NULL,                  -- JSON; a creating change leaves out what it sets to nothing
  seen TEXT,                             -- JSON: field -> the stamp that it replaced
  indexed INTEGER NOT NULL,
  redacted INTEGER NOT NULL DEFAULT 0,
  schema INTEGER NOT NULL,
  received INTEGER,                      -- when it came from elsewhere, ms; NULL for what was made here
  PRIMARY KEY(origin, seq)
) STRICT, WITHOUT ROWID;
-- A data point's first change stays out of the index: the point itself names it, and an import of a
-- million points stays small.
CREATE INDEX changes_of_record ON changes(kind, record) WHERE indexed = 1;

-- Which change last set a field, where that is not the change that made the record.
CREATE TABLE versions(
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  field TEXT NOT NULL,
  origin INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(kind, record, field)
) STRICT, WITHOUT ROWID;

-- Data points, clustered by measure and start. origin and seq name the change that made the row.
CREATE TABLE points(
  measure INTEGER NOT NULL,              -- handle
  start TEXT NOT NULL,
  stratum TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  value REAL,
  denominator REAL,
  note TEXT,
  ghost TEXT,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  PRIMARY KEY(measure, start, stratum, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE teams(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "name" TEXT,
  "speciality" TEXT,
  "zone" TEXT,
  "template" TEXT,
  "shifts" TEXT,
  "columns" TEXT,
  "reasons" TEXT,
  "agenda" TEXT,
  "role" TEXT,
  "demo" INTEGER
) STRICT;

CREATE TABLE measures(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "name" TEXT,
  "alias" TEXT,
  "column" TEXT,
  "position" INTEGER,
  "focus" INTEGER,
  "definition" TEXT,
  "numerator" TEXT,
  "denominator" TEXT,
  "kind" TEXT,
  "unit" TEXT,
  "per" REAL,
  "role" TEXT,
  "better" TEXT,
  "target" REAL,
  "frequency" TEXT,
  "chart" TEXT,
  "rules" TEXT,
  "freeze" INTEGER,
  "screening" INTEGER,
  "owner" TEXT,
  "next_action" TEXT,
  "source" TEXT,
  "private" INTEGER
) STRICT;
CREATE INDEX measures_team ON measures(team);

CREATE TABLE processes(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "name" TEXT,
  "position" INTEGER,
  "schedule" TEXT,
  "until" TEXT,
  "owner" TEXT,
  "measure" TEXT
) STRICT;
CREATE INDEX processes_team ON processes(team);

CREATE TABLE periods(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "process" TEXT,
  "start" TEXT,
  "required" INTEGER,
  "reason" TEXT,
  "countermeasure" TEXT
) STRICT;
CREATE INDEX periods_team ON periods(team);
CREATE INDEX periods_process ON periods("process", "start");

CREATE TABLE completions(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "process" TEXT,
  "start" TEXT,
  "amount" INTEGER,
  "at" TEXT
) STRICT;
CREATE INDEX completions_team ON completions(team);
CREATE INDEX completions_process ON completions("process", "start");

CREATE TABLE projects(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "name" TEXT,
  "aim" TEXT,
  "by" TEXT,
  "changes" TEXT,
  "rationale" TEXT,
  "measures" TEXT,
  "owner" TEXT,
  "score" REAL,
  "closed" TEXT
) STRICT;
CREATE INDEX projects_team ON projects(team);

CREATE TABLE cycles(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "project" TEXT,
  "ramp" TEXT,
  "number" INTEGER,
  "title" TEXT,
  "stage" TEXT,
  "change" TEXT,
  "questions" TEXT,
  "rationale" TEXT,
  "differs" TEXT,
  "scale" TEXT,
  "who" TEXT,
  "data" TEXT,
  "measures" TEXT,
  "owner" TEXT,
  "planned" TEXT,
  "started" TEXT,
  "locked" TEXT,
  "studied" TEXT,
  "acted" TEXT,
  "review" TEXT,
  "as_planned" INTEGER,
  "results" TEXT,
  "matched" INTEGER,
  "learning" TEXT,
  "decision" TEXT,
  "next" TEXT,
  "finished" TEXT
) STRICT;
CREATE INDEX cycles_team ON cycles(team);
CREATE INDEX cycles_project ON cycles("project");

CREATE TABLE observations(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "cycle" TEXT,
  "at" TEXT,
  "text" TEXT
) STRICT;
CREATE INDEX observations_team ON observations(team);
CREATE INDEX observations_cycle ON observations("cycle");

CREATE TABLE annotations(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "measure" TEXT,
  "day" TEXT,
  "text" TEXT
) STRICT;
CREATE INDEX annotations_team ON annotations(team);
CREATE INDEX annotations_measure ON annotations("measure");

CREATE TABLE phases(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "measure" TEXT,
  "day" TEXT,
  "reason" TEXT
) STRICT;
CREATE INDEX phases_team ON phases(team);
CREATE INDEX phases_measure ON phases("measure");
