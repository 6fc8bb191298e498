-- What servers of one database share and show nobody, such as the key of invitations.
CREATE TABLE IF NOT EXISTS secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
