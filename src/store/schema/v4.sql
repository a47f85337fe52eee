-- Schema 4. The huddle: what was held, what was promised or escalated, and the days of the safety cross.

CREATE TABLE cross_days(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "measure" TEXT,
  "day" TEXT,
  "said" TEXT
) STRICT;
CREATE INDEX cross_days_team ON cross_days(team);
CREATE INDEX cross_days_measure ON cross_days("measure", "day");

CREATE TABLE huddles(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "agenda" TEXT,
  "day" TEXT,
  "planned" TEXT,
  "started" TEXT,
  "ended" TEXT,
  "led" TEXT,
  "present" TEXT,
  "items" TEXT,
  "notes" TEXT,
  "thanks" TEXT
) STRICT;
CREATE INDEX huddles_team ON huddles(team);
CREATE INDEX huddles_day ON huddles(team, "day");

CREATE TABLE promises(
  id BLOB NOT NULL PRIMARY KEY,
  team BLOB NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  origin INTEGER,
  seq INTEGER,
  "sort" TEXT,
  "what" TEXT,
  "who" TEXT,
  "by" TEXT,
  "huddle" TEXT,
  "raised" TEXT,
  "state" TEXT,
  "closed" TEXT,
  "because" TEXT,
  "tier" TEXT,
  "situation" TEXT,
  "background" TEXT,
  "assessment" TEXT,
  "recommendation" TEXT,
  "reason" TEXT,
  "answer" TEXT,
  "answered" TEXT,
  "project" TEXT,
  "every" TEXT
) STRICT;
CREATE INDEX promises_team ON promises(team, "state");
CREATE INDEX promises_closed ON promises(team, "closed");

-- Hours, bank holidays, demand and capacity, work that is carried over.
ALTER TABLE teams ADD COLUMN "past_shifts" TEXT;
ALTER TABLE teams ADD COLUMN "holidays" TEXT;
ALTER TABLE processes ADD COLUMN "layout" TEXT;
ALTER TABLE processes ADD COLUMN "flow" TEXT;
ALTER TABLE processes ADD COLUMN "carry" INTEGER;

-- What is summed stands in the index, so that a sum reads no row; reasons are looked for by team and time.
DROP INDEX completions_process;
CREATE INDEX completions_process ON completions("process", "start", "amount", deleted, origin);
CREATE INDEX periods_start ON periods(team, "start");
