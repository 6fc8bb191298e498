-- Whether people waited as they were told; and what was learned of an office's waits, as JSON:
-- statistics of nobody.
ALTER TABLE tickets ADD COLUMN expected BIGINT NOT NULL DEFAULT 0;
ALTER TABLE aggregates ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
ALTER TABLE aggregates ADD COLUMN as_told BIGINT NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS learned (
    office  TEXT NOT NULL PRIMARY KEY,
    history TEXT NOT NULL
);
