import assert from 'node:assert/strict';
import { test } from 'node:test';
import { officeNews } from './result.js';

const now = Date.parse('2026-03-02T12:00:00+01:00');
/** @param {object} change @returns {any} */
const view = (change) => ({
  office: { time_zone: 'Europe/Rome' },
  situation: 'open',
  open: true,
  closes_at: '2026-03-02T18:30:00+01:00',
  opens_at: null,
  reasons: {},
  reason_for: {},
  reason_until: null,
  ...change,
});

test('a closing is told half an hour before, with what becomes of those who wait', () => {
  assert.equal(officeNews(view({}), now, 'it'), '');
  const soon = view({ closes_at: '2026-03-02T12:25:00+01:00' });
  assert.match(officeNews(soon, now, 'it'), /^Si chiude alle 12:25, tra 25 minuti\. Chi ha già il biglietto/);
  assert.match(officeNews(soon, now, 'ar'), /^نغلق الساعة 12:25، بعد 25 دقيقة\. إذا كانت/);
  assert.equal(officeNews(soon, now + 30 * 60000, 'it'), '', 'not once it has passed');
});

test('an early closing is told once', () => {
  const early = view({ situation: 'closing', closes_at: '2026-03-02T12:25:00+01:00', reasons: { it: 'assemblea' } });
  assert.equal(officeNews(early, now, 'it').match(/12:25/g)?.length, 1);
});

test('an office within its hours whose tickets are over does not say that it has closed', () => {
  const full = view({ situation: 'full', open: false, closes_at: null, opens_at: '2026-03-03T08:00:00+01:00' });
  assert.equal(officeNews(full, now, 'it'), 'Chi ha già il biglietto viene servito finché gli sportelli sono aperti. Si riapre domani alle 08:00.');
});

test('a closed office says when to come back, in every language', () => {
  const closed = view({ situation: 'closed', open: false, closes_at: null, opens_at: '2026-03-03T08:00:00+01:00' });
  assert.equal(officeNews(closed, now, 'it'), 'Si riapre domani alle 08:00.');
  assert.equal(officeNews(closed, now, 'sq'), 'Rihapim nesër në orën 08:00.');
  assert.equal(officeNews(closed, now, 'zh'), '明天 08:00 再开门。');
});
