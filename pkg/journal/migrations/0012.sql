-- What one server at a time has of those that share the database, such as the sound of a room,
-- until a moment by the database's clock.
CREATE TABLE IF NOT EXISTS claims (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);
