import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountOf, reach } from './reach.js';

test('a standing screen of 32 inches is reached in its lower part', () => {
  const { above, below, target } = reach(1080, 1920, { inches: 32, edge: 750 });
  const mm = (32 * 25.4) / Math.hypot(1080, 1920);
  assert.ok(750 + (1920 - above) * mm <= 1220.5, 'not above 1220 mm');
  assert.ok(750 + (1920 - above) * mm > 1215, 'and as high as may be');
  assert.equal(below, 0);
  assert.ok(target * mm >= 20 && target * mm < 21);
});

test('what is below the knee is left free, and a screen too high stays usable', () => {
  const { below } = reach(1080, 1920, { inches: 55, edge: 200 });
  const mm = (55 * 25.4) / Math.hypot(1080, 1920);
  assert.ok(200 + below * mm >= 379.5);
  assert.equal(reach(1080, 1920, { inches: 32, edge: 1300 }).above, 1152);
});

test('the address says how the screen hangs, and nonsense counts for nothing', () => {
  assert.deepEqual(mountOf('?inches=27&edge_mm=820', 1080, 1920), { inches: 27, edge: 820 });
  assert.deepEqual(mountOf('', 1080, 1920), { inches: 32, edge: 750 });
  assert.deepEqual(mountOf('?inches=0&edge_mm=x', 1280, 1024), { inches: 22, edge: 950 });
});
