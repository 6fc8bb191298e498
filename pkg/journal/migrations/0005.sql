-- What readiness writes, to know that the journal can be written; of no other use.
CREATE TABLE IF NOT EXISTS probe (
    id   BIGINT NOT NULL PRIMARY KEY,
    body TEXT   NOT NULL
);
