-- Nobody can lock a user out of a browser that the user has signed in with before.
CREATE TABLE IF NOT EXISTS browsers (
    token_hash TEXT   NOT NULL,
    user_name  TEXT   NOT NULL REFERENCES users (name),
    seen_at    BIGINT NOT NULL, -- the last time that the user signed in with it
    PRIMARY KEY (token_hash, user_name)
);
CREATE INDEX IF NOT EXISTS browsers_by_user ON browsers (user_name, seen_at);
