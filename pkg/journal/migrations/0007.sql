-- Devices are paired by a short code.
CREATE TABLE IF NOT EXISTS pairings (
    id         TEXT   NOT NULL PRIMARY KEY,
    code_hash  TEXT   NOT NULL UNIQUE,
    token_hash TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    office     TEXT   NOT NULL,
    target     TEXT   NOT NULL,
    network    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
