-- The schema of both engines, SQLite and PostgreSQL: a new database is made from this file, an
-- older one is brought up to it by pkg/journal/migrations. It keeps to what both understand, so:
--   * a moment is a BIGINT, microseconds since 1970 UTC: exact in both, and sortable;
--   * a day is TEXT, '2026-03-02', and an hour 0 to 23, both of the office's own clock when it
--     happened, so that no report depends on the time zone of a server;
--   * a duration is in seconds, in a column whose name ends in _s;
--   * '' says "none" in a TEXT, so that no comparison has to think of NULL.

CREATE TABLE IF NOT EXISTS schema_version (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    version BIGINT NOT NULL
);

-- The truth: what happened in each office, in order. The primary key is what makes two calls of one
-- ticket impossible when two servers serve an office: the second to take a seq fails.
CREATE TABLE IF NOT EXISTS events (
    office  TEXT   NOT NULL,
    seq     BIGINT NOT NULL CHECK (seq > 0), -- 1, 2, 3 ... in each office, without gaps
    at      BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    ticket  TEXT   NOT NULL,
    counter TEXT   NOT NULL,
    body    TEXT   NOT NULL, -- the whole event as JSON; the columns above repeat parts of it for queries
    PRIMARY KEY (office, seq)
);

-- An office's state at seq, so that a start reads a few events and not all. Once old events are
-- deleted it is where the office begins.
CREATE TABLE IF NOT EXISTS snapshots (
    office TEXT   NOT NULL PRIMARY KEY,
    seq    BIGINT NOT NULL,
    state  TEXT   NOT NULL
);

-- What follows is derived from the events in their own transaction, for reports.

-- One row for each visit, as it is after its last event. The day comes before the id in the key, so
-- that the rows of a day, which are written and counted together, lie together.
CREATE TABLE IF NOT EXISTS tickets (
    office      TEXT             NOT NULL,
    day         TEXT             NOT NULL, -- of its issue, as hour
    id          TEXT             NOT NULL,
    hour        BIGINT           NOT NULL,
    number      TEXT             NOT NULL, -- '' for a visit without a ticket
    channel     TEXT             NOT NULL,
    class       TEXT             NOT NULL,
    state       TEXT             NOT NULL,
    counter     TEXT             NOT NULL, -- where it was last called
    issued      BIGINT           NOT NULL,
    entered     BIGINT           NOT NULL, -- when its present state began
    waited_s    DOUBLE PRECISION NOT NULL,
    way_s       DOUBLE PRECISION NOT NULL, -- from the call to the counter
    service_s   DOUBLE PRECISION NOT NULL,
    held_s      DOUBLE PRECISION NOT NULL,
    absent_s    DOUBLE PRECISION NOT NULL,
    calls       BIGINT           NOT NULL, -- announcements of its last call
    transferred BIGINT           NOT NULL, -- how many times
    inexact     BOOLEAN          NOT NULL, -- its time at the counter is nobody's: closed by the day's end, or forgotten open
    touched     BIGINT           NOT NULL, -- seq of the last event that changed it
    gave_up     BOOLEAN          NOT NULL DEFAULT FALSE, -- its end came while it waited: it left, or was never called
    expected    BIGINT           NOT NULL DEFAULT 0, -- 1: it waited otherwise than was said when it came, 2: as was said
    PRIMARY KEY (office, day, id)
);

-- One row for each announcement of a call; a call that was undone has none, while the undoing of a
-- recall takes nothing back: it was heard.
CREATE TABLE IF NOT EXISTS calls (
    office      TEXT    NOT NULL,
    seq         BIGINT  NOT NULL, -- of its event
    at          BIGINT  NOT NULL,
    day         TEXT    NOT NULL, -- of its ticket, the other half of whose key this is
    ticket      TEXT    NOT NULL,
    counter     TEXT    NOT NULL,
    recall      BOOLEAN NOT NULL, -- not the first announcement of its call
    out_of_turn BOOLEAN NOT NULL,
    PRIMARY KEY (office, seq)
);

-- What was done for citizens. Who did it is in the events alone: a report by clerk is a choice of
-- the office.
CREATE TABLE IF NOT EXISTS outcomes (
    office   TEXT   NOT NULL,
    seq      BIGINT NOT NULL, -- of the event that closed the case or passed it on
    service  TEXT   NOT NULL,
    quantity BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    day      TEXT   NOT NULL, -- of its ticket
    ticket   TEXT   NOT NULL,
    counter  TEXT   NOT NULL,
    PRIMARY KEY (office, seq, service)
);

-- What is left of the tickets of past days when they are deleted: sums that name nobody.
CREATE TABLE IF NOT EXISTS aggregates (
    office    TEXT             NOT NULL,
    day       TEXT             NOT NULL,
    hour      BIGINT           NOT NULL,
    channel   TEXT             NOT NULL,
    counter   TEXT             NOT NULL,
    service   TEXT             NOT NULL, -- '' in the row of all visits; else of those with this outcome alone
    issued    BIGINT           NOT NULL,
    served    BIGINT           NOT NULL,
    absent    BIGINT           NOT NULL,
    cancelled BIGINT           NOT NULL,
    quantity  BIGINT           NOT NULL, -- of the service
    late      BIGINT           NOT NULL, -- waits of more than 20 minutes
    waits     TEXT             NOT NULL, -- a histogram, see pkg/journal/report
    wait_s    DOUBLE PRECISION NOT NULL, -- their sum
    services  TEXT             NOT NULL, -- a histogram of the times at the counter
    service_s DOUBLE PRECISION NOT NULL, -- their sum
    gave_up   BIGINT           NOT NULL DEFAULT 0, -- ended while they waited; their waits are among the waits
    inexact   BIGINT           NOT NULL DEFAULT 0, -- served, in a time that nobody noted
    told      BIGINT           NOT NULL DEFAULT 0, -- were told what wait to expect
    as_told   BIGINT           NOT NULL DEFAULT 0, -- of these, waited so
    PRIMARY KEY (office, day, hour, channel, counter, service)
);

-- Staff who sign in. Names are lower case; a password is an argon2id hash in PHC form.
CREATE TABLE IF NOT EXISTS users (
    name       TEXT   NOT NULL PRIMARY KEY,
    full_name  TEXT   NOT NULL,
    role       TEXT   NOT NULL CHECK (role IN ('admin', 'supervisor', 'operator')),
    password   TEXT   NOT NULL,
    disabled   BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    created_at BIGINT NOT NULL,
    offices    TEXT   NOT NULL DEFAULT '', -- where they act, names with spaces between them; '': everywhere
    seat_office  TEXT NOT NULL DEFAULT '', -- where they were at a counter last; '': nowhere yet
    seat_session TEXT NOT NULL DEFAULT ''  -- the SHA-256 of the token of their session there
);

-- Who is signed in. Only the SHA-256 of a token is kept.
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    user_name  TEXT   NOT NULL REFERENCES users (name),
    expires_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_name);

-- Browsers that users have signed in with, whose failed attempts count apart from everybody else's.
CREATE TABLE IF NOT EXISTS browsers (
    token_hash TEXT   NOT NULL,
    user_name  TEXT   NOT NULL REFERENCES users (name),
    seen_at    BIGINT NOT NULL, -- the last time that the user signed in with it
    PRIMARY KEY (token_hash, user_name)
);
CREATE INDEX IF NOT EXISTS browsers_by_user ON browsers (user_name, seen_at);

-- Paired totems and displays, each with a long-lived token of its own; seen_at is 0 until the first
-- use.
CREATE TABLE IF NOT EXISTS devices (
    id         TEXT   NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL CHECK (kind IN ('totem', 'display')),
    office     TEXT   NOT NULL,
    target     TEXT   NOT NULL,
    token_hash TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    printer        TEXT   NOT NULL DEFAULT '', -- how its printer is, as it says; '': it hasn't said
    printer_reason TEXT   NOT NULL DEFAULT '',
    printer_since  BIGINT NOT NULL DEFAULT 0,  -- when it said so first
    unsent         BIGINT NOT NULL DEFAULT 0,  -- tickets that it gave by itself and hasn't handed over
    screen         TEXT   NOT NULL DEFAULT '', -- '1080x1920'
    version        TEXT   NOT NULL DEFAULT '', -- of its program
    refused        TEXT   NOT NULL DEFAULT ''  -- tickets that it gave by itself and the office didn't take, in JSON
);

-- What readiness writes, to know that the journal can be written; of no other use.
CREATE TABLE IF NOT EXISTS probe (
    id   BIGINT NOT NULL PRIMARY KEY,
    body TEXT   NOT NULL
);

-- Codes with which devices are paired, for some minutes, once. A device that asked has a token
-- already, which is nobody's until its code is confirmed; an invitation has none. The network is
-- whom the asking counts for.
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

-- What servers of one database share and show nobody, such as the key of invitations.
CREATE TABLE IF NOT EXISTS secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- What one server at a time has of those that share the database, such as the sound of a room,
-- until a moment by the database's clock.
CREATE TABLE IF NOT EXISTS claims (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);

-- What was learned of an office's waits, as JSON: statistics of nobody.
CREATE TABLE IF NOT EXISTS learned (
    office  TEXT NOT NULL PRIMARY KEY,
    history TEXT NOT NULL
);

INSERT INTO schema_version (id, version) VALUES (1, 13) ON CONFLICT (id) DO NOTHING;
