-- Whoever looks after a totem hears of tickets that it gave by itself and the office didn't take.
ALTER TABLE devices ADD COLUMN refused TEXT NOT NULL DEFAULT '';
