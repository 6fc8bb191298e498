-- Signing out closes the counter that this session opened, and looks for it in one office.
ALTER TABLE users ADD COLUMN seat_office TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN seat_session TEXT NOT NULL DEFAULT '';
