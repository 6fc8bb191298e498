-- Users belong to offices.
ALTER TABLE users ADD COLUMN offices TEXT NOT NULL DEFAULT '';
