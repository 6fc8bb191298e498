-- What totems say of themselves, for whoever looks after them.
ALTER TABLE devices ADD COLUMN printer TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN printer_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN printer_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN unsent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN screen TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN version TEXT NOT NULL DEFAULT '';
