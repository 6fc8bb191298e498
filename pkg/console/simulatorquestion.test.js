import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bodyOf, formOf, queryOf, spanOf, USUAL, wrongIn } from './simulatorquestion.js';

const spans = {
  last: { from: '2026-02-27', to: '2026-02-27' },
  week: { from: '2026-02-23', to: '2026-03-01' },
  next: { from: '2026-03-03', to: '2026-03-09' },
};

test('an address without a question asks nothing, and proposes the usual one', () => {
  assert.deepEqual(formOf('', spans), { form: USUAL, asked: false });
});

test('a question is again the same by its address', () => {
  for (const change of [{}, { days: 'week', how: '-2' }, { how: 'n', counters: '7' }, { ask: 'target', share: '80', minutes: '20' }, { office: 'cascine', days: 'range', from: '2026-02-02', to: '2026-02-06' }]) {
    const form = /** @type {any} */ ({ ...USUAL, ...change });
    const span = spanOf(form, spans);
    const again = formOf(`?${queryOf(form, span)}`, spans);
    assert.equal(again.asked, true);
    assert.deepEqual(again.form, { ...form, ...span });
  }
});

test('days of a link that are no longer the usual ones are still those days', () => {
  const { form } = formOf('?from=2026-01-12&to=2026-01-12&more=1', spans);
  assert.deepEqual([form.days, form.from, form.to], ['range', '2026-01-12', '2026-01-12']);
  assert.equal(formOf('?from=2026-01-12&to=2026-01-12&more=77', spans).form.how, '1');
});

test('the call has the units of the API', () => {
  const { last } = spans;
  assert.deepEqual(bodyOf(USUAL, last), { ...last, more: 1 });
  assert.deepEqual(bodyOf({ ...USUAL, how: 'n', counters: '5' }, last), { ...last, counters: 5 });
  assert.deepEqual(bodyOf({ ...USUAL, ask: 'target' }, last), { ...last, target_s: 900, share: 0.9 });
});

test('what is wrong is said at its field', () => {
  const field = (/** @type {object} */ change) => wrongIn({ ...USUAL, ...change })?.field;
  assert.equal(wrongIn(USUAL), null);
  assert.equal(field({ days: 'range' }), 'from');
  assert.equal(field({ days: 'range', from: '2026-02-02' }), 'to');
  assert.equal(field({ days: 'range', from: '2026-02-02', to: '2026-02-01' }), 'to');
  assert.equal(field({ days: 'range', from: '2026-02-02', to: '2027-02-03' }), 'to');
  assert.equal(field({ days: 'range', from: '2026-02-02', to: '2027-02-02' }), undefined);
  for (const counters of ['', '0', '201', '1.5', 'tre']) assert.equal(field({ how: 'n', counters }), 'counters');
  assert.equal(field({ counters: '' }), undefined); // isn't asked
  for (const share of ['', '0', '101', '0,9']) assert.equal(field({ ask: 'target', share }), 'share');
  for (const minutes of ['', '0', '1441']) assert.equal(field({ ask: 'target', minutes }), 'minutes');
});
