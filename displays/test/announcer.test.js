import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Announcer, OLDEST_MS } from '../monitor/announcer.js';
import { commonWord, placeOf } from '../monitor/places.js';

const START = Date.parse('2026-03-02T09:00:00+01:00');

/** An announcer whose voice the test ends. */
function announcer(options = {}) {
  const a = { time: START, said: [], end: async () => {} };
  a.announcer = new Announcer({
    now: () => a.time,
    announce: (call) => {
      a.said.push(`${call.id}:${call.times}`);
      return new Promise((done) => {
        a.end = async () => {
          done();
          await new Promise((turn) => setImmediate(turn));
        };
      });
    },
    ...options,
  });
  return a;
}

const call = (id, second, times = 1) => ({ id, times, number: `A00${id}`, at: new Date(START + second * 1000).toISOString() });

test('calls are said one after another, in the order in which they were made', async () => {
  const a = announcer();
  a.announcer.offer([call(3, -1), call(2, -2), call(1, -3)]);
  assert.deepEqual(a.said, ['1:1']);
  await a.end();
  assert.deepEqual(a.said, ['1:1', '2:1']);
  await a.end();
  await a.end();
  assert.deepEqual(a.said, ['1:1', '2:1', '3:1']);
  assert.equal(a.announcer.current, null);
});

test('each is said once, however often a view shows it, and a recall once more', async () => {
  const a = announcer();
  for (let i = 0; i < 3; i++) {
    a.announcer.offer([call(1, 0)]);
    await a.end();
  }
  a.time += 10000;
  a.announcer.offer([call(1, 10, 2)]);
  await a.end();
  assert.deepEqual(a.said, ['1:1', '1:2']);
});

test('a call older than a minute is never said', async () => {
  const a = announcer();
  a.announcer.offer([call(2, 0), call(1, -61)]);
  assert.deepEqual(a.said, ['2:1']);
  await a.end();
  assert.deepEqual(a.said, ['2:1']);
});

test('nor one that grew older than that while it waited', async () => {
  const a = announcer();
  a.announcer.offer([call(2, -1), call(1, -2)]);
  a.time += OLDEST_MS;
  await a.end();
  assert.deepEqual(a.said, ['1:1']);
});

test('a call that was taken back while it waited is not said', async () => {
  const a = announcer();
  a.announcer.offer([call(2, -1), call(1, -2)]);
  a.announcer.offer([call(1, -2)]);
  await a.end();
  assert.deepEqual(a.said, ['1:1']);
});

test('a call that is taken back is silenced while it is being said, and one that is repeated is not', async () => {
  const silenced = [];
  const a = announcer({ silence: () => silenced.push(a.announcer.current.id) });
  a.announcer.offer([call(1, -2)]);
  a.announcer.offer([call(1, -1, 2)]);
  assert.deepEqual(silenced, []);
  await a.end();
  assert.deepEqual(a.said, ['1:1', '1:2']);
  a.announcer.offer([]);
  assert.deepEqual(silenced, [1]);
});

test('a page loaded anew remembers what was said', async () => {
  let kept = [];
  const first = announcer({ remember: (heard) => (kept = heard) });
  first.announcer.offer([call(1, 0)]);
  const second = announcer({ heard: kept });
  second.announcer.offer([call(2, 0), call(1, 0)]);
  assert.deepEqual(second.said, ['2:1']);
});

test('a voice that fails does not silence the next', async () => {
  const said = [];
  const shown = [];
  const a = new Announcer({
    now: () => START,
    announce: async (c) => {
      said.push(c.id);
      throw new Error('no sound');
    },
    changed: () => shown.push(a.current && a.current.id),
  });
  a.offer([call(2, 0), call(1, -1)]);
  await new Promise((turn) => setImmediate(turn));
  assert.deepEqual(said, [1, 2]);
  assert.deepEqual(shown, [2, null], 'each is laid out once the one before it has ended');
});

const desk = (id, it, en) => ({ id, names: { it, en }, status: 'open' });
const desks = [desk('1', 'Sportello 1', 'Counter 1'), desk('2', 'Sportello 12', 'Counter 12')];

test('the word that all counters share is said once', () => {
  assert.equal(commonWord(desks, 'it'), 'Sportello');
  assert.deepEqual(placeOf({ counter: '2', where: { it: 'Sportello 12, piano terra' } }, desks, 'it'), {
    word: 'Sportello',
    name: '12',
    place: 'piano terra',
  });
});

test('counters with names of their own keep them whole', () => {
  const named = [...desks, desk('3', 'Ufficio anagrafe centrale', 'Registry')];
  assert.equal(commonWord(named, 'it'), 'Sportello', 'and the others stay short');
  assert.deepEqual(placeOf({ counter: '3', where: { it: 'Ufficio anagrafe centrale' } }, named, 'it'), {
    word: '',
    name: 'Ufficio anagrafe centrale',
    place: '',
  });
  assert.equal(placeOf({ counter: '9', where: {} }, desks, 'it').name, '9');
});
