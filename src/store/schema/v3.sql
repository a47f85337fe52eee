-- Schema 3. What a chart needs of its measure: targets that held before the one of now, a given centre line,
-- and the dimensions of quality that it belongs to.

ALTER TABLE measures ADD COLUMN "past_targets" TEXT;
ALTER TABLE measures ADD COLUMN "centre" REAL;
ALTER TABLE measures ADD COLUMN "tags" TEXT;
