import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audio } from './audio.js';

const { resumed, allow } = audio();
const played = [];
let awake = 0;
const wakeLock = { request: async () => (awake++, { release: async () => void awake-- }) };
Object.defineProperty(globalThis, 'navigator', { value: { wakeLock }, configurable: true });
Object.defineProperty(globalThis, 'document', { value: Object.assign(new EventTarget(), { hidden: false }), configurable: true });
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
  press();
  await settled();
});

test('the screen is kept awake for as long as there is something to hear', async () => {
  let press = () => {};
  const alert = new Alert({ addEventListener: (_, pressed) => (press = pressed), setAttribute() {} }, () => {});
  const seen = async () => {
    document.dispatchEvent(new Event('visibilitychange')); // the browser let go of it when the page was out of sight
    await settled();
  };
  press();
  await settled();
  assert.equal(awake, 1);
  press();
  await settled();
  assert.equal(awake, 0, 'switched off');
  await seen();
  assert.equal(awake, 0, 'switched off and seen again');
  press();
  await settled();
  alert.show(false, []);
  await settled();
  assert.equal(awake, 0, 'the visit is over');
  await seen();
  assert.equal(awake, 0, 'the visit is over and seen again');
  alert.show(true, []);
  await settled();
  assert.equal(awake, 1, 'it was not over');
  press();
  press();
  press();
  await settled();
  assert.equal(awake, 0, 'switched off before the browser answered');
});

/** Lets what waits for a promise run. */
function settled() {
  return new Promise((done) => setImmediate(done));
}
