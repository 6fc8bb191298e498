import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

globalThis.window = globalThis;
globalThis.location = { pathname: '/display/sala' };
globalThis.localStorage = { getItem: () => null, setItem() {} };
mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
const { Sound } = await import('../monitor/sound.js');

const settled = () => new Promise((done) => setImmediate(done));
const display = { sound: true, gong: 'bell', volume: 80, quiet: [] };
const notice = { id: 'n', say: ['notice'], every_s: 60 };

/** A monitor whose sound is allowed, and what it played. */
function monitor() {
  const is = { played: [] };
  is.sound = new Sound({
    now: () => Date.parse('2026-03-02T09:00:00Z'), zone: () => 'Europe/Rome', idle: () => true, onBlocked() {}, read: [], remember() {},
  });
  is.sound.player = {
    audible: () => true,
    gong() {},
    prepare() {},
    stop() {},
    play: async ({ say }) => (is.played.push(say[0]), true),
  };
  is.sound.loading = Promise.resolve();
  is.show = () => is.sound.show({ display, notices: [] });
  is.call = async (number) => {
    is.sound.call({ number, say: [number] });
    await settled();
  };
  is.hear = async (owner) => {
    is.sound.hear({ type: 'sound', owner });
    await settled();
  };
  is.show();
  return is;
}

test('a call waits to be told whose the sound is, for two seconds', async () => {
  const is = monitor();
  await is.call('A001');
  assert.deepEqual(is.played, []);
  mock.timers.tick(2000);
  await settled();
  assert.deepEqual(is.played, ['A001']);
});

test('a monitor without a connection is silent, and holds up no call', async () => {
  const is = monitor();
  await is.hear(true);
  is.sound.connection(false);
  let ended = false;
  is.sound.call({ number: 'A001', say: ['A001'] }).then(() => (ended = true));
  await settled();
  assert.deepEqual([is.played, ended], [[], true]);
  is.sound.connection(true); // the same one, which was only slow
  await is.call('A002');
  assert.deepEqual(is.played, ['A002']);
});

test('what was told on another connection no longer holds', async () => {
  const is = monitor();
  await is.hear(true);
  is.sound.connection(false);
  is.sound.returned();
  is.show();
  await is.call('A001');
  assert.deepEqual(is.played, []);
  await is.hear(false);
  assert.deepEqual(is.played, []);
  is.sound.returned();
  is.show();
  is.sound.returned(); // and once more, before anything was told
  is.show();
  await is.call('A002');
  mock.timers.tick(1900);
  await is.hear(true);
  assert.deepEqual(is.played, ['A002']);
});

test('no notice is read before it is told whose the sound is, nor without a connection', async () => {
  const is = monitor();
  is.sound.reading.due = () => notice;
  is.sound.reading.done = () => [];
  mock.timers.tick(1500);
  await settled();
  assert.deepEqual(is.played, []);
  await is.hear(true);
  is.sound.connection(false);
  mock.timers.tick(5000);
  await settled();
  assert.deepEqual(is.played, []);
  is.sound.connection(true);
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual(is.played, ['notice']);
});
