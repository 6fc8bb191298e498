import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beside, clock, coming, day, moment, Phrases, pick, since } from '../lib/text.js';

const ROME = 'Europe/Rome';
const NOW = '2026-03-02T09:41:00+01:00'; // a Monday

test('phrases fall back to Italian, fill in values and follow the number', () => {
  const phrases = new Phrases({
    it: { people: { one: '{n} persona', other: '{n} persone' }, closed: 'Chiuso' },
    en: { people: { one: '{n} person', other: '{n} people' } },
  });
  assert.equal(phrases.say('people', { n: 1 }), '1 persona');
  assert.equal(phrases.say('people', { n: 7 }), '7 persone');
  assert.equal(phrases.say('people', { n: 0 }, 'en'), '0 people');
  assert.equal(phrases.say('closed', {}, 'ro'), 'Chiuso');
  assert.deepEqual(phrases.all('people', { n: 1 }), { it: '1 persona', en: '1 person' });
});

test('a number has as many forms as its language has', () => {
  const it = { people: { one: '{n} persona', other: '{n} persone' } };
  const uk = { people: { one: '{n} людина', few: '{n} людини', many: '{n} людей', other: '{n} людини' } };
  const phrases = new Phrases({ it, uk });
  const said = [1, 2, 5, 11, 21, 104].map((n) => phrases.say('people', { n }, 'uk'));
  assert.deepEqual(said, ['1 людина', '2 людини', '5 людей', '11 людей', '21 людина', '104 людини']);
});

test('a text is picked in the language, or in another that it has', () => {
  assert.equal(pick({ it: 'Sala', en: 'Hall' }, 'en'), 'Hall');
  assert.equal(pick({ it: 'Sala' }, 'en'), 'Sala');
  assert.equal(pick({ ro: 'Sală' }), 'Sală');
  assert.equal(pick({}), '');
  assert.equal(beside({ it: 'Sala', en: 'Hall' }), 'Hall');
  assert.equal(beside({ it: 'URP', en: 'URP' }), '');
});

test('times are those of the office, in summer and in winter', () => {
  assert.equal(moment('2026-03-02T08:41:00Z', ROME), '02/03/26, 09:41');
  assert.equal(clock('2026-03-02T08:41:00Z', ROME), '09:41');
  assert.equal(clock('2026-07-02T08:41:00Z', ROME), '10:41');
  assert.equal(clock('2026-03-01T23:05:00Z', ROME), '00:05');
  assert.equal(day('2026-03-01T23:05:00Z', ROME), 'lunedì 2 marzo');
  assert.equal(day('2026-03-01T12:00:00Z', ROME), 'domenica 1º marzo');
  assert.equal(day('2026-03-11T12:00:00Z', ROME), 'mercoledì 11 marzo');
  assert.equal(day('2026-03-01T12:00:00Z', ROME, 'en'), 'Sunday 1 March');
});

test('a moment to come is said as people say it', () => {
  const cases = [
    ['2026-03-02T14:30:00+01:00', 'alle 14:30', 'at 14:30'],
    ['2026-03-03T08:00:00+01:00', 'domani alle 08:00', 'tomorrow at 08:00'],
    ['2026-03-07T08:30:00+01:00', 'sabato alle 08:30', 'on Saturday at 08:30'],
    ['2026-03-09T08:00:00+01:00', 'il 9 marzo alle 08:00', 'on 9 March at 08:00'],
    ['2026-04-01T08:00:00+02:00', 'il 1º aprile alle 08:00', 'on 1 April at 08:00'],
  ];
  for (const [at, it, en] of cases) {
    assert.equal(coming(at, NOW, ROME), it);
    assert.equal(coming(at, NOW, ROME, 'en'), en);
  }
  // The night in which the clocks go forward is short, but it is one night.
  assert.equal(coming('2026-03-30T08:00:00+02:00', '2026-03-28T12:00:00+01:00', ROME), 'lunedì alle 08:00');
});

test('how long something lasts is said in whole minutes', () => {
  assert.equal(since('2026-03-02T09:29:00+01:00', Date.parse(NOW)), 'da 12 min');
  assert.equal(since(NOW, Date.parse(NOW)), 'ora');
  assert.equal(since('2026-03-02T08:11:00+01:00', Date.parse(NOW), 'en'), 'for 1 h 30 min');
});
