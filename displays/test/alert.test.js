import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audio } from './audio.js';

const { resumed, allow } = audio();
const played = [];
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
const { Player } = await import('../lib/voice/player.js');
Player.prototype.play = async ({ gong }) => played.push(gong);
const { Alert } = await import('../ticket/alert.js');

test('a sound that is switched off while the browser has yet to allow it is not heard', async () => {
  let press = () => {};
  new Alert({ addEventListener: (_, pressed) => (press = pressed), setAttribute() {} }, () => {});
  press();
  for (let turns = 0; !resumed() && turns < 1000; turns++) await settled();
  assert.equal(resumed(), 1);
  press();
  allow();
  await settled();
  assert.deepEqual(played, []);
  press();
  await settled();
  assert.deepEqual(played, ['two-tone']);
});

/** Lets what waits for a promise run. */
function settled() {
  return new Promise((done) => setImmediate(done));
}
