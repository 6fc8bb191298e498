import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dayNotice, isLastRound } from './day.js';

/** A Monday at nine in an office open from 8:00 to 18:30. @param {object} more @returns {any} */
const view = (more) => ({
  at: '2026-03-02T09:00:00+01:00',
  office: { time_zone: 'Europe/Rome' },
  open: true,
  opens_at: null,
  closes_at: '2026-03-02T18:30:00+01:00',
  reason: null,
  reasons: {},
  attended: true,
  ended: false,
  lines: [{ waiting: 2 }, { waiting: 1 }],
  ...more,
});

const assembly = { it: 'Assemblea sindacale.', en: 'Staff meeting' };
const closed = { open: false, closes_at: null, opens_at: '2026-03-03T08:00:00+01:00' };

test('a day as any other has no notice', () => {
  assert.equal(dayNotice(view({})), null);
});

test('an early closing is told with its reason and its hour, before it comes', () => {
  const [it, en] = dayNotice(view({ reasons: assembly, closes_at: '2026-03-02T11:00:00+01:00' }));
  assert.equal(it, 'Oggi si chiude alle 11:00: Assemblea sindacale. Chi ha già il biglietto viene servito finché c’è qualcuno agli sportelli.');
  assert.match(en, /^Closing at 11:00 today: Staff meeting\./);
});

test('after it, what becomes of those who wait', () => {
  const late = view({ ...closed, reasons: assembly });
  assert.equal(isLastRound(late), true);
  assert.match(dayNotice(late)[0], /^Chiuso: Assemblea sindacale\. .*Le 3 persone in attesa vengono servite finché/);
  assert.match(dayNotice(view({ ...closed, lines: [{ waiting: 1 }] }))[0], /^Chiuso\. .*La persona in attesa viene servita/);
});

test('a break between two openings ends nothing', () => {
  const lunch = view({ open: false, closes_at: null, opens_at: '2026-03-02T15:00:00+01:00' });
  assert.equal(isLastRound(lunch), false);
  assert.equal(dayNotice(lunch)[0], 'Chiuso. Si riapre alle 15:00.');
});

test('when the day has ended nothing is left to be done', () => {
  assert.equal(dayNotice(view({ ...closed, ended: true, lines: [] })), null);
  assert.equal(dayNotice(view({ ...closed, ended: true, lines: [], reasons: assembly }))[0], 'Oggi chiuso: Assemblea sindacale.');
});
