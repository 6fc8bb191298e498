import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dayNotice, endsDay } from './day.js';

const now = Date.parse('2026-03-02T09:00:00+01:00');

/** A Monday at nine in an office open from 8:00 to 18:30. @param {object} more @returns {any} */
const view = (more) => ({
  office: { time_zone: 'Europe/Rome' },
  situation: 'open',
  open: true,
  opens_at: null,
  closes_at: '2026-03-02T18:30:00+01:00',
  reason: null,
  reasons: {},
  attended: true,
  ended: false,
  lines: [{ waiting: 2 }, { waiting: 1 }],
  counter: { id: '2' },
  counters: [{ id: '1', status: 'closed' }, { id: '2', status: 'open' }],
  ...more,
});

const assembly = { it: 'assemblea sindacale', en: 'staff meeting' };
const closed = { situation: 'attended', open: false, closes_at: null, opens_at: '2026-03-03T08:00:00+01:00' };

test('a day as any other has no notice', () => {
  assert.equal(dayNotice(view({}), now), null);
});

test('an early closing is told with its reason, its hour and what becomes of those who wait, before it comes', () => {
  const [it, en] = dayNotice(view({ situation: 'closing', reasons: assembly, closes_at: '2026-03-02T11:00:00+01:00' }), now);
  assert.match(it, /alle 11:00: assemblea sindacale\. .*biglietto viene servito/);
  assert.match(en, /at 11:00: staff meeting\./);
});

test('after it, also how many wait', () => {
  const late = view({ ...closed, reasons: assembly });
  assert.match(dayNotice(late, now)[0], /: assemblea sindacale\. .* Attendono ancora 3 persone\.$/);
  assert.match(dayNotice(view({ ...closed, lines: [{ waiting: 1 }] }), now)[0], /Attende ancora una persona\.$/);
});

test('the last counter ends the tickets that are left, unless the office opens again today or a colleague only has a break', () => {
  assert.equal(endsDay(view({}), now), false);
  assert.equal(endsDay(view(closed), now), true);
  assert.equal(endsDay(view({ open: false, opens_at: '2026-03-02T15:00:00+01:00' }), now), false);
  assert.equal(endsDay(view({ ...closed, situation: 'full' }), now), false);
  assert.equal(endsDay(view({ ...closed, ended: true }), now), false);
  assert.equal(endsDay(view({ ...closed, counters: [{ id: '1', status: 'paused' }, { id: '2', status: 'open' }] }), now), false);
});
