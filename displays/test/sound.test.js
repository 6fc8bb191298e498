import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

globalThis.window = globalThis;
globalThis.location = { pathname: '/display/sala' };
globalThis.localStorage = { getItem: () => null, setItem() {} };
mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
const { Live, STALE_MS } = await import('../lib/connection.js');
const { Announcer } = await import('../monitor/announcer.js');
const { Sound } = await import('../monitor/sound.js');
const { machine } = await import('./machine.js');

const settled = () => new Promise((done) => setImmediate(done));
const display = { sound: true, gong: 'bell', volume: 80, quiet: [], voices: ['/voice/it.json?a', '/voice/own-it.json?b'] };
const notice = { id: 'n', say: ['notice'], every_s: 60 };

/** A monitor whose sound is allowed, and what it played. */
function monitor() {
  const is = { played: [], ended: [], slow: false, prepared: [] };
  is.sound = new Sound({
    now: () => Date.parse('2026-03-02T09:00:00Z'), zone: () => 'Europe/Rome', idle: () => true, onBlocked() {}, read: [], remember() {},
  });
  is.sound.player = {
    audible: () => true,
    gong() {},
    prepare: (voice, { wanted }) => is.prepared.push([voice, wanted]),
    stop: () => is.end && is.end(null),
    play: ({ say }) => {
      is.played.push(say[0]);
      if (!is.slow) return Promise.resolve(1);
      return new Promise((done) => {
        is.end = (said) => {
          is.end = null;
          is.ended.push([say[0], said]);
          done(said);
        };
      });
    },
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
  is.sound.connection(true);
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

/** A monitor that reads a notice aloud which has no end of its own. */
async function reader() {
  const is = monitor();
  is.sound.reading.due = () => notice;
  is.sound.reading.done = () => [];
  is.slow = true;
  await is.hear(true);
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual(is.played, ['notice']);
  return is;
}

test('a notice ends with the sound of the room, and with the connection', async () => {
  let is = await reader();
  await is.hear(true);
  assert.deepEqual(is.ended, []);
  await is.hear(false);
  assert.deepEqual(is.ended, [['notice', null]]);
  is = await reader();
  is.sound.connection(false);
  await settled();
  assert.deepEqual(is.ended, [['notice', null]]);
});

test('a call that is being said may end, whosever the sound is by then', async () => {
  const is = monitor();
  is.slow = true;
  await is.hear(true);
  await is.call('A001');
  await is.hear(false);
  is.sound.connection(false);
  await settled();
  assert.deepEqual([is.played, is.ended], [['A001'], []]);
});

test('a call ends a notice, and follows it', async () => {
  const is = await reader();
  await is.call('A001');
  assert.deepEqual([is.played, is.ended], [['notice', 'A001'], [['notice', null]]]);
});

test('a call that is withdrawn before it could be said is not said', async () => {
  const is = monitor();
  await is.call('A001'); // waits for the word
  is.sound.silence();
  await is.call('A002');
  await is.hear(true);
  assert.deepEqual(is.played, ['A002']);
});

/** A monitor on a connection. */
function connected() {
  const is = monitor();
  const m = machine();
  const { sound } = is;
  const announcer = new Announcer({ now: () => m.time, silence: () => sound.silence(), announce: (call) => sound.call(call) });
  const live = new Live('ws://office/', {
    onView(view) {
      sound.show(view);
      announcer.offer(view.calls);
    },
    onState: (state) => sound.connection(state === 'live'),
    onReturn: () => sound.returned(),
    onMessage: (message) => sound.hear(message),
  }, m);
  live.start();
  const iso = (ms) => new Date(ms).toISOString();
  is.view = async (seq, ...numbers) => {
    const calls = numbers.map((number) => ({ id: Number(number.slice(1)), times: 1, number, say: [number], at: iso(m.time) }));
    m.say({ type: 'view', seq, at: iso(m.time), view: { seq, at: iso(m.time), display, notices: [], calls } });
    await settled();
  };
  return { ...is, m, live };
}

test('the view that ends a silence of the server has its call spoken', async () => {
  const { m, live, view, played } = connected();
  m.say({ type: 'sound', owner: true });
  await view(1);
  m.pass(STALE_MS + 500);
  assert.equal(live.state, 'stale');
  await view(2, 'A001');
  assert.deepEqual(played, ['A001']);
});

test('the first view of a server that came late has its call spoken', async () => {
  const { m, live, view, played } = connected();
  m.pass(STALE_MS + 500);
  assert.equal(live.state, 'lost');
  await view(1, 'A001');
  assert.deepEqual(played, []); // it waits to be told whose the sound is
  m.say({ type: 'sound', owner: true });
  await settled();
  assert.deepEqual(played, ['A001']);
});

test('nothing is spoken by a monitor that comes back, before it is told anew', async () => {
  const { m, live, view, played } = connected();
  m.say({ type: 'sound', owner: true });
  await view(1);
  m.hangUp();
  m.pass(STALE_MS + 500);
  assert.equal(live.state, 'lost');
  await view(2, 'A001');
  m.say({ type: 'sound', owner: false });
  await settled();
  assert.deepEqual(played, []);
});

test('the voices that the view names are loaded once, and one that takes the place of another', async () => {
  const is = monitor();
  mock.timers.tick(5000);
  assert.deepEqual(is.prepared, [], 'the page comes first');
  is.sound.voiceAt = performance.now();
  mock.timers.tick(2000);
  assert.deepEqual(is.prepared.map(([voice]) => voice), display.voices);
  is.sound.show({ display: { ...display, voices: ['/voice/it.json?a', '/voice/own-it.json?c'] }, notices: [] });
  mock.timers.tick(2000);
  assert.deepEqual(is.prepared.map(([voice, wanted]) => [voice, wanted()]), [
    ['/voice/it.json?a', true], ['/voice/own-it.json?b', false], ['/voice/own-it.json?c', true],
  ]);
});
