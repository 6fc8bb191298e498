import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audio } from '../../displays/test/audio.js';

const { resumed, allow } = audio();
const said = [];
Object.assign(globalThis, {
  window: globalThis,
  location: { pathname: '/totem' },
  fetch: async () => ({ ok: true, json: async () => ({ say: { language: 'it', voice: '', clips: [], sentence: '/voice/said/x' } }) }),
});
const { Player } = await import('../../displays/lib/voice/player.js');
Player.prototype.play = async ({ say }) => said.push(say[0].sentence);
const { canRead, hush, read } = await import('./reader.js');

const settled = () => new Promise((done) => setImmediate(done));

test('what is silenced while the browser has yet to allow sound is not read', async () => {
  canRead('it', 'Buongiorno');
  await settled();
  assert.ok(canRead('it', 'Buongiorno'));
  read('Prendere il numero', 'it');
  await settled();
  assert.equal(resumed(), 1);
  hush();
  allow();
  await settled();
  assert.deepEqual(said, []);
  read('Toccare un servizio', 'it');
  await settled();
  assert.deepEqual(said, ['/voice/said/x']);
});
