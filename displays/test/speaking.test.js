import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGAIN_MS, Reading, isQuiet } from '../monitor/speaking.js';

const at = (time) => Date.parse(`2026-03-02T${time}:00+01:00`);

test('hours without sound are by the time of the office', () => {
  const noon = [{ from: '13:00', to: '15:00' }];
  const night = [{ from: '00:00', to: '08:00' }, { from: '20:00', to: '24:00' }];
  for (const [hours, time, want] of [
    [noon, '12:59', false], [noon, '13:00', true], [noon, '14:59', true], [noon, '15:00', false],
    [night, '19:59', false], [night, '20:00', true], [night, '23:59', true], [night, '00:00', true], [night, '08:00', false],
    [[], '13:30', false], [[...noon, ...night], '21:00', true],
  ]) {
    assert.equal(isQuiet(hours, at(time), 'Europe/Rome'), want, time);
  }
  assert.equal(isQuiet(noon, at('13:30'), 'UTC'), false, 'where it is 12:30');
});

const notice = (id, said = true, text = id) => ({ id, text, texts: { it: text }, say: said ? [{ language: 'it', voice: '', clips: [], sentence: `/${text}` }] : [] });

test('each notice is read once, and again after a quarter of an hour', () => {
  const all = [notice('a'), notice('shown only', false), notice('b')];
  const reading = new Reading();
  let now = at('09:00');
  const read = () => {
    const due = reading.due(all, now);
    if (due) reading.done(due, all, now);
    return due && due.id;
  };
  assert.deepEqual([read(), read(), read()], ['a', 'b', null]);
  now += AGAIN_MS - 1;
  assert.equal(read(), null);
  now += 1;
  assert.deepEqual([read(), read(), read()], ['a', 'b', null]);
});

test('a notice with another text is read at once, a page loaded anew reads none again', () => {
  const reading = new Reading();
  const now = at('09:00');
  const kept = reading.done(notice('a'), [notice('a')], now);
  assert.equal(reading.due([notice('a')], now), null);
  assert.equal(new Reading(kept).due([notice('a')], now), null);
  const changed = notice('a', true, 'changed');
  assert.equal(reading.due([changed], now), changed);
  assert.equal(reading.done(changed, [changed], now).length, 1, 'what is gone is forgotten');
});

test('a notice that a call has interrupted is read later', () => {
  const reading = new Reading();
  assert.ok(reading.due([notice('a')], at('09:00')));
  assert.ok(reading.due([notice('a')], at('09:01')));
});
