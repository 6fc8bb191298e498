-- Who gave up, or was never called, counts. What was counted before keeps its meaning: its waits
-- are of those called alone.
ALTER TABLE tickets ADD COLUMN gave_up BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE aggregates ADD COLUMN gave_up BIGINT NOT NULL DEFAULT 0;
ALTER TABLE aggregates ADD COLUMN inexact BIGINT NOT NULL DEFAULT 0;
