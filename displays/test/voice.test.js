import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gong, loudest } from '../lib/voice/gong.js';
import { gainOf, sentenceOf } from '../lib/voice/plan.js';
import { AHEAD, Player } from '../lib/voice/player.js';
import { machine } from './machine.js';

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a}, not ${b}`);

test('clips make a sentence, each where the one before it ends, with a pause for a comma', () => {
  const index = { sound: '/v', clips: { numero: [119, 0.5], a: [0, 0.25], own: { url: '/o', length: 1 } }, pauses: { ',': 0.25 } };
  assert.deepEqual(sentenceOf(index, ['numero', 'a', ',', 'own']), {
    parts: [
      { url: '/v', offset: 119, length: 0.5, at: 0 },
      { url: '/v', offset: 0, length: 0.25, at: 0.5 },
      { url: '/o', offset: 0, length: 1, at: 1 },
    ],
    length: 2,
  });
});

test('a sentence of which a clip is lacking is not said at all', () => {
  const index = { sound: '/v', clips: { a: [0, 1] }, pauses: { ',': 0.2 } };
  assert.equal(sentenceOf(index, ['a', 'b']), null);
  assert.equal(sentenceOf(index, [',']), null);
  assert.equal(sentenceOf(index, []), null);
});

test('the shipped clips are where their index says, and do not overlap', () => {
  for (const language of ['it', 'en', 'fr', 'es']) {
    const { clips } = JSON.parse(readFileSync(new URL(`../../pkg/voice/clips/${language}.json`, import.meta.url), 'utf8'));
    const all = Object.values(clips).sort((a, b) => a[0] - b[0]);
    all.forEach(([at, length], i) => assert.ok(length > 0.02 && (i === 0 || at > all[i - 1][0] + all[i - 1][1])));
  }
});

test('half the volume sounds half as loud, and no volume is louder than all', () => {
  near(gainOf(100), 1);
  near(gainOf(0), 0);
  near(gainOf(200), 1);
  assert.ok(Math.abs(20 * Math.log10(gainOf(50)) + 10) < 0.1);
});

for (const name of ['two-tone', 'three-tone', 'bell']) {
  test(`the gong ${name} is there at once, as loud as a voice, and ends without a click`, () => {
    const rate = 48000;
    const samples = gong(name, rate);
    const loud = 20 * Math.log10(loudest(samples, 0.4 * rate));
    assert.ok(loud > -21.5 && loud < -19, `${loud} dB`);
    assert.ok(samples.every((s) => Math.abs(s) < 0.7));
    assert.ok(loudest(samples.slice(0, 0.02 * rate), 0.02 * rate) > 0.02, 'the first 20 ms are heard');
    assert.equal(samples[0], 0);
    assert.ok(Math.abs(samples[samples.length - 1]) < 1e-6);
    const jump = samples.reduce((most, s, i) => Math.max(most, Math.abs(s - (samples[i - 1] || 0))), 0);
    assert.ok(jump < 0.1, `a jump of ${jump}`);
  });
}

test('no gong has no samples', () => assert.equal(gong('none', 48000).length, 0));

/** An audio context whose time is a machine's, and which notes what is played. */
function audio(m) {
  const a = {
    state: 'running', sampleRate: 1000, destination: {}, onstatechange: null, resumed: 0, born: m.time,
    played: [], // [what, when it begins, when it ends]
    connected: 0,
    get currentTime() {
      return (m.time - a.born) / 1000;
    },
    resume: async () => void a.resumed++,
    decodeAudioData: async (name) => ({ name, duration: 2 }),
    createBuffer: (_, length, rate) => ({ name: 'gong', duration: length / rate, getChannelData: () => new Float32Array(length) }),
    createGain: () => ({
      gain: { value: 1, setValueAtTime() {}, linearRampToValueAtTime() {} },
      connect: () => a.connected++,
      disconnect: () => a.connected--,
    }),
    createBufferSource() {
      const source = { buffer: null, onended: null, connect() {}, ended: 0 };
      let entry = null;
      const endAt = (at) => {
        entry[2] = at;
        m.cancel(source.ended);
        source.ended = m.after(() => source.onended(), Math.max(0, at * 1000 - (m.time - a.born)));
      };
      source.start = (at, offset, length) => {
        a.played.push((entry = [offset ? `${source.buffer.name}@${offset}` : source.buffer.name, at, 0]));
        endAt(at + length);
      };
      source.stop = (at = a.currentTime) => endAt(Math.min(entry[2], at));
      return source;
    },
  };
  return a;
}

const index = { sound: '/it.opus', clips: { a: [1, 0.5], 1: [2, 0.25] }, pauses: { ',': 0.2 } };
const utterance = (clips, sentence = '') => ({ language: 'it', voice: '/it.json', clips, sentence });

/** A player with a network of its own. */
function setup(late = {}, voice = index) {
  const m = machine();
  const context = audio(m);
  const asked = [];
  const fetch = async (address) => {
    asked.push(address);
    if (late[address] === Infinity) throw new Error('no network');
    if (late[address]) await new Promise((wake) => m.after(() => wake(null), late[address]));
    return { ok: true, json: async () => structuredClone(voice), arrayBuffer: async () => address };
  };
  const player = new Player({ audio: context, machine: m, fetch });
  /** Lets time pass in small steps, with all that happens in between. */
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 10) {
      await new Promise((turn) => setImmediate(turn));
      m.pass(10);
    }
    await new Promise((turn) => setImmediate(turn));
  };
  return { m, context, asked, player, pass };
}

/** What was heard of what was begun, to the hundredth. */
const rounded = (played) => played.filter(([, from, to]) => from < to).map(([what, from, to]) => [what, Math.round(from * 100) / 100, Math.round(to * 100) / 100]);

test('the gong is begun in the same breath, and the clips follow it sample by sample', async () => {
  const { player, context, pass } = setup();
  await player.prepare('/it.json');
  let said;
  player.play({ gong: 'two-tone', say: [utterance(['a', ',', '1']), utterance(['1'])], volume: 100 }).then((w) => (said = w));
  assert.deepEqual(rounded(context.played), [['gong', 0.01, 1.61]]);
  await pass(3000);
  assert.deepEqual(rounded(context.played), [
    ['gong', 0.01, 1.61], ['/it.opus@1', 1.61, 2.11], ['/it.opus@2', 2.31, 2.56], ['/it.opus@2', 3.06, 3.31],
  ]);
  assert.equal(said, undefined);
  await pass(500);
  assert.equal(said, 2);
});

test('what is asked for while something is played comes after it', async () => {
  const { player, context, pass } = setup();
  await player.prepare('/it.json');
  for (let i = 0; i < 3; i++) player.play({ gong: 'two-tone', say: [utterance(['a'])], volume: 100 });
  await pass(8000);
  const played = rounded(context.played);
  assert.equal(played.length, 6);
  played.forEach(([, from], i) => assert.ok(i === 0 || from >= played[i - 1][2], JSON.stringify(played)));
});

test('a sentence as a whole is played if it is there soon after the gong, else its clips', async () => {
  const { player, context, pass } = setup({ '/soon': 2500, '/late': 4000 });
  await player.prepare('/it.json');
  player.play({ gong: 'two-tone', say: [utterance(['a'], '/soon')], volume: 100 });
  await pass(6000);
  assert.deepEqual(context.played.map(([what]) => what), ['gong', '/soon']);
  context.played.length = 0;
  player.play({ gong: 'two-tone', say: [utterance(['a'], '/late')], volume: 100 });
  await pass(6000);
  assert.deepEqual(context.played.map(([what]) => what), ['gong', '/it.opus@1']);
});

test('a voice that can not be loaded leaves the gong, and is loaded later', async () => {
  const { player, context, pass, m, asked } = setup({ '/it.json': Infinity });
  const warn = console.warn;
  console.warn = () => {};
  let ready = false;
  player.prepare('/it.json').then(() => (ready = true));
  let said;
  player.play({ gong: 'bell', say: [utterance(['a'])], volume: 100 }).then((w) => (said = w));
  await pass(4000);
  assert.deepEqual(context.played.map(([what]) => what), ['gong']);
  assert.equal(said, 0);
  assert.ok(!ready && asked.length > 2 && m.timers.length > 0);
  console.warn = warn;
});

test('a voice with a file for each clip is loaded ahead: all of it up to a bound, or some clips', async () => {
  const long = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`z${n}`, { url: `/z${n}.wav`, length: 10 }]));
  const own = { clips: { a: { url: '/a.wav', length: 0.5 }, 1: { url: '/1.wav', length: 0.25 }, ...long }, pauses: { ',': 0.2 } };
  const { player, context, pass, asked } = setup({}, own);
  await player.prepare('/it.json', { names: ['a', ',', 'unknown'] });
  assert.deepEqual(asked, ['/it.json', '/a.wav']);
  await player.prepare('/it.json');
  assert.deepEqual(asked.slice(2), ['/1.wav', ...Array.from({ length: 17 }, (_, n) => `/z${n}.wav`)], `more than ${AHEAD} s`);
  const before = asked.length;
  player.play({ say: [utterance(['a', '1'])], volume: 100 });
  await pass(1000);
  assert.deepEqual(rounded(context.played), [['/a.wav', 0.01, 0.51], ['/1.wav', 0.51, 0.76]]);
  assert.equal(asked.length, before);
});

test('a voice that is loaded ahead is not tried again once it is no longer wanted', async () => {
  const own = { clips: { a: { url: '/gone.wav', length: 0.5 } }, pauses: {} };
  const { player, pass, asked } = setup({ '/gone.wav': Infinity }, own);
  const warn = console.warn;
  console.warn = () => {};
  let ended = false;
  let wanted = true;
  player.prepare('/it.json', { wanted: () => wanted }).then(() => (ended = true));
  await pass(1000);
  const times = asked.length;
  assert.ok(times > 2 && !ended, 'it may only be late');
  wanted = false;
  await pass(60000);
  console.warn = warn;
  assert.equal(asked.length, times);
  assert.ok(ended);
});

test('stopped, nothing sounds any more, neither of now nor of later', async () => {
  const { player, context, pass } = setup();
  await player.prepare('/it.json');
  const all = [];
  for (let i = 0; i < 2; i++) player.play({ gong: 'two-tone', say: [utterance(['a'])], volume: 100 }).then((w) => all.push(w));
  await pass(1000);
  player.stop();
  await pass(5000);
  assert.deepEqual(all, [null, null]);
  assert.deepEqual(rounded(context.played), [['gong', 0.01, 1.03]]);
  const before = context.played.length;
  player.stop();
  player.play({ say: [utterance(['a'])], volume: 100 });
  await pass(1000);
  assert.equal(context.played.length, before + 1, 'and the next is heard');
});

test('an audio that the system takes away is asked back, and what it cut is not played later', async () => {
  const { player, context, pass } = setup();
  await player.prepare('/it.json');
  let said;
  player.play({ gong: 'two-tone', say: [utterance(['a'])], volume: 100 }).then((w) => (said = w));
  context.state = 'suspended';
  context.onstatechange();
  await pass(100);
  assert.equal(said, null);
  assert.equal(context.resumed, 1);
  assert.equal(await player.play({ say: [utterance(['a'])], volume: 100 }), null, 'blocked');
  context.state = 'running';
  context.onstatechange();
  let again;
  player.play({ say: [utterance(['a'])], volume: 100 }).then((w) => (again = w));
  await pass(1000);
  assert.equal(again, 1);
});

test('an audio whose clock stands still holds nothing up', async () => {
  const { player, context, pass } = setup();
  Object.defineProperty(context, 'currentTime', { get: () => 0 });
  let said;
  player.play({ gong: 'two-tone', say: [], volume: 100 }).then((w) => (said = w));
  await pass(4000);
  assert.equal(said, 0);
});

test('an audio whose clock is slow, since the machine has much to do, says all', async () => {
  const { player, context, m, pass } = setup();
  Object.defineProperty(context, 'currentTime', { get: () => (m.time - context.born) / 3000 });
  let said;
  player.play({ gong: 'two-tone', say: [], volume: 100 }).then((w) => (said = w));
  await pass(4500);
  assert.equal(said, undefined);
  await pass(500);
  assert.equal(said, 0);
});

test('a thousand calls leave nothing behind', async () => {
  const { player, context, pass } = setup();
  await player.prepare('/it.json');
  await pass(10);
  const before = context.connected;
  for (let i = 0; i < 1000; i++) player.play({ say: [utterance(['1'])], volume: 100 });
  await pass(400000);
  assert.equal(context.played.length, 1000);
  assert.equal(context.connected, before);
  assert.equal(player.sounds.size, 1);
  assert.equal(player.queue.length, 0);
});
