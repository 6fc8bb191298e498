import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipOf, inOrder, isClipped, missing, mono, needs, trim, wav } from './voicesound.js';

const RATE = 48_000;

/**
 * A room with something in it.
 * @param {number} seconds @param {number} room its loudness
 * @param {[from: number, to: number][]} spoken in seconds
 */
function recording(seconds, room, spoken) {
  const samples = new Float32Array(seconds * RATE);
  let seed = 1;
  for (let i = 0; i < samples.length; i++) {
    seed = (seed * 48271) % 2147483647;
    samples[i] = (seed / 1073741824 - 1) * room;
    if (spoken.some(([from, to]) => i >= from * RATE && i < to * RATE)) samples[i] += 0.3 * Math.sin(i / 20);
  }
  return samples;
}

test('what is spoken is left, in a silent room and in a noisy one', () => {
  for (const room of [0, 0.001, 0.02]) {
    const cut = trim(recording(2, room, [[0.7, 1.3]]), RATE);
    assert.ok(Math.abs(cut.length / RATE - 0.69) < 0.03, `room ${room}: ${cut.length / RATE} s`);
    assert.ok(Math.abs(cut[0]) < 1e-6 && Math.abs(cut[cut.length - 1]) < 1e-6, 'it would click');
  }
});

test('keys before and after are not speech, a stop within a word is', () => {
  const cut = trim(recording(3, 0.001, [[0.02, 0.05], [1, 1.3], [1.45, 1.8], [2.9, 2.93]]), RATE);
  assert.ok(Math.abs(cut.length / RATE - 0.89) < 0.03, `${cut.length / RATE} s`);
});

test('a file without silence is left whole', () => {
  const cut = trim(recording(1, 0, [[0, 1]]), RATE);
  assert.equal(cut.length, RATE);
});

test('nobody spoke', () => {
  assert.equal(trim(recording(1, 0.001, []), RATE).length, 0);
  assert.equal(trim(new Float32Array(0), RATE).length, 0);
  assert.equal(trim(recording(1, 0, [[0.4, 0.43]]), RATE).length, 0);
});

test('a WAV of 16 bits with all of them used', () => {
  const view = new DataView(wav(Float32Array.of(0, 0.01, -0.02), 16_000));
  const text = (/** @type {number} */ at) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  assert.deepEqual([text(0), text(8), text(12), text(36)], ['RIFF', 'WAVE', 'fmt ', 'data']);
  assert.deepEqual([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)], [1, 1, 16_000, 16]);
  assert.deepEqual([view.byteLength, view.getUint32(4, true), view.getUint32(40, true)], [50, 42, 6]);
  assert.deepEqual([44, 46, 48].map((at) => view.getInt16(at, true)), [0, 14745, -29490]);
});

test('channels become one, and what is cut off is told', () => {
  assert.deepEqual([...mono([Float32Array.of(1, 0), Float32Array.of(0, 0.5)])], [0.5, 0.25]);
  assert.ok(isClipped(Float32Array.of(0, 1, 1, 1, 0)));
  assert.ok(!isClipped(Float32Array.of(0, 1, 0, 1, 0, -1)));
});

const clips = [['a', 'a'], ['b', 'bi'], ['0', 'zero'], ['1', 'uno'], ['42', 'quarantadue'], ['23', 'ventitré'], ['100', 'cento'], ['numero', 'numero'], ['sportello', 'sportello'], ['primo-piano', 'primo piano']]
  .map(([clip, prompt]) => ({ clip, prompt, seconds: 0, url: '' }));

test('files are named as clips, or as what they say', () => {
  for (const [file, clip] of [
    ['42.wav', '42'], ['042.MP3', '42'], ['0.wav', '0'], ['000.wav', '0'], ['A.ogg', 'a'], ['bi.wav', 'b'], ['voce/it/numero.m4a', 'numero'], ['Primo piano.wav', 'primo-piano'], ['primo_piano.wav', 'primo-piano'],
    ['ventitré.wav', '23'], ['ventitre\u0301.wav', '23'], ['quarantadue', '42'],
  ]) assert.equal(clipOf(file, clips)?.clip, clip, file);
  for (const file of ['42b.wav', 'ciao.wav', '.DS_Store', '', '142.wav']) assert.equal(clipOf(file, clips), null, file);
});

test('what most calls need comes first', () => {
  assert.deepEqual(needs(clips, ['B', 'Z'], ['sportello', '1']).map((n) => n.clips.map((c) => c.clip)), [['numero', 'sportello'], ['b'], ['1', '42', '23']]);
  assert.deepEqual(needs(clips, ['B'], ['a', 'b', '100', '1', 'primo-piano']).map((n) => n.clips.map((c) => c.clip)), [['a', '100', 'numero', 'primo-piano'], ['b'], ['1', '42', '23']]);
  assert.deepEqual(inOrder(clips, ['B'], ['sportello', '1', 'b']).map((c) => c.clip), ['numero', 'sportello', 'b', '1', '42', '23', 'a', '0', '100', 'primo-piano']);
});

test('what a call still lacks', () => {
  const some = clips.map((c) => ({ ...c, seconds: c.clip === '42' ? 1 : 0 }));
  assert.deepEqual(missing(['numero', 'a', '42', ',', 'sportello', '1.'], some).map((c) => c.clip), ['a', '1', 'numero', 'sportello']);
});
