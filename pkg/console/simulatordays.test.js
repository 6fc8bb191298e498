import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nameOf, plus, spanName, usualSpans, weekday } from './simulatordays.js';

test('days are counted over the ends of months and over clock changes', () => {
  assert.equal(plus('2026-02-28', 1), '2026-03-01');
  assert.equal(plus('2026-03-30', -1), '2026-03-29');
  assert.equal(plus('2026-10-25', 1), '2026-10-26');
  assert.deepEqual(['2026-03-02', '2026-03-08'].map(weekday), [1, 7]);
});

test('the last day is one on which anybody came, and none that goes on', () => {
  const spans = usualSpans('2026-03-02', ['2026-03-02', '2026-02-27', '2026-02-28', '2026-03-03']);
  assert.deepEqual(spans.last, { from: '2026-02-28', to: '2026-02-28' });
  assert.deepEqual(spans.week, { from: '2026-02-23', to: '2026-03-01' });
  assert.deepEqual(spans.next, { from: '2026-03-03', to: '2026-03-09' });
  assert.deepEqual(usualSpans('2026-03-08', ['2026-02-23']).week, { from: '2026-02-23', to: '2026-03-01' });
});

test('days of which nothing is known are not offered', () => {
  assert.deepEqual(usualSpans('2026-03-08', []), {});
  assert.deepEqual(usualSpans('2026-03-08', ['2026-03-08']), {}); // the day that goes on
  for (const day of ['2026-02-22', '2026-03-02']) assert.deepEqual(Object.keys(usualSpans('2026-03-08', [day])), ['last', 'next'], day);
});

test('days are named as people name them', () => {
  const today = '2026-11-28';
  assert.equal(nameOf('2026-11-27', today), 'venerdì 27 novembre');
  assert.equal(nameOf('2025-12-31', today), 'mercoledì 31 dicembre 2025');
  assert.equal(spanName({ from: '2026-11-27', to: '2026-11-27' }, today), 'venerdì 27 novembre');
  assert.equal(spanName({ from: '2026-11-16', to: '2026-11-21' }, today), 'dal 16 al 21 novembre');
  assert.equal(spanName({ from: '2026-11-08', to: '2026-11-11' }, today), 'dall’8 all’11 novembre');
  assert.equal(spanName({ from: '2026-11-29', to: '2026-12-05' }, today), 'dal 29 novembre al 5 dicembre');
  assert.equal(spanName({ from: '2026-02-23', to: '2026-03-01' }, today), 'dal 23 febbraio al 1º marzo');
  assert.equal(spanName({ from: '2026-12-01', to: '2026-12-05' }, today), 'dal 1º al 5 dicembre');
  assert.equal(spanName({ from: '2025-12-29', to: '2026-01-04' }, today), 'dal 29 dicembre 2025 al 4 gennaio');
});
