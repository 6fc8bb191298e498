import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fate, reopens, situation, told } from '../lib/opening.js';

const now = Date.parse('2026-03-02T08:40:00+01:00');
const reasons = { it: 'assemblea del personale', en: 'staff meeting' };
const office = (more) => ({ office: { time_zone: 'Europe/Rome' }, open: true, opens_at: null, closes_at: '2026-03-02T18:30:00+01:00', reasons: {}, reason_for: {}, attended: true, ended: false, ...more });

test('a usual day needs no words', () => {
  assert.equal(situation(office(), now), 'open');
  assert.equal(told(office(), now) + fate(office(), now) + reopens(office(), now), '');
});

test('an early closing is told before it happens, with its reason', () => {
  const early = office({ reasons, closes_at: '2026-03-02T09:00:00+01:00' });
  assert.equal(told(early, now), 'Oggi si chiude alle 09:00: assemblea del personale.');
  assert.equal(told(early, now, 'en'), 'Today we close at 09:00: staff meeting.');
  assert.match(fate(early, now), /viene servito finché gli sportelli sono aperti/);
});

test('after it, whoever has a ticket learns what becomes of it', () => {
  const closed = office({ reasons, open: false, closes_at: null, opens_at: '2026-03-03T08:00:00+01:00' });
  assert.equal(told(closed, now), 'La sede ha chiuso: assemblea del personale.');
  assert.match(fate(closed, now, 'en'), /you will be served as long as/);
  const ended = { ...closed, attended: false, ended: true };
  assert.equal(fate(ended, now), 'I biglietti di oggi non valgono più.');
  assert.equal(reopens(ended, now), 'Si riapre domani alle 08:00.');
});

test('the reason of some channels is not the office\'s', () => {
  const part = office({ reasons: { it: 'sistema fermo', en: 'system down' }, reason_for: { it: 'Servizi anagrafici', en: 'Civil registry' } });
  assert.equal(situation(part, now), 'open');
  assert.equal(told(part, now), 'Servizi anagrafici: sistema fermo.');
  assert.equal(told(part, now, 'en'), 'Civil registry: system down.');
  assert.equal(fate(part, now), '');
  assert.equal(told({ ...part, open: false, attended: false, ended: true }, now), 'La sede ha chiuso. Servizi anagrafici: sistema fermo.');
});

test('between two openings of a day tickets keep their place', () => {
  const lunch = office({ open: false, attended: false, opens_at: '2026-03-02T15:00:00+01:00', closes_at: null });
  assert.equal(situation(lunch, now), 'break');
  assert.equal(fate(lunch, now), 'Chi ha già il biglietto mantiene il posto.');
  assert.equal(situation({ ...lunch, opens_at: '2026-03-03T08:00:00+01:00' }, now), 'closed');
});
