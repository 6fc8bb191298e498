import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPITALS, plan, within } from '../monitor/legible.js';

const wide = { width: 1920, height: 1080, inches: 43, metres: 3, channels: 3, bands: 0 };
/** The height of a 43-inch screen of 16:9. */
const HEIGHT_MM = (43 * 25.4 * 9) / Math.hypot(16, 9);

test('capitals of numbers are 12.2 mm for each metre, of the rest 9, whatever the pixels', () => {
  for (const [width, height] of [[1280, 720], [1920, 1080], [3840, 2160]]) {
    const made = plan({ ...wide, width, height }, 3);
    const millimetres = (/** @type {number} */ size) => ((size * CAPITALS) / height) * HEIGHT_MM;
    assert.ok(Math.abs(millimetres(made.number) - 3 * 12.2) < 0.1, `${millimetres(made.number)}`);
    assert.ok(Math.abs(millimetres(made.rest) - 3 * 9) < 0.1, `${millimetres(made.rest)}`);
  }
});

test('without a size or a distance nothing is asked', () => {
  for (const none of [{ inches: 0 }, { metres: 0 }]) {
    assert.deepEqual(plan({ ...wide, ...none }, 3), { number: 0, rest: 0, rows: 3, strip: true, lines: true, roomy: true, legible: 'ok', spare: Infinity });
  }
});

test('the farther away, the fewer parts, and never more', () => {
  const parts = [1, 2, 3, 4, 5, 6, 8, 10].map((metres) => plan({ ...wide, metres }, 3));
  const count = (/** @type {ReturnType<typeof plan>} */ p) => p.rows + Number(p.strip) + Number(p.lines) + Number(p.roomy);
  for (let i = 1; i < parts.length; i++) assert.ok(count(parts[i]) <= count(parts[i - 1]), JSON.stringify(parts));
  assert.deepEqual(parts.slice(0, 4).map((p) => p.legible), ['ok', 'ok', 'ok', 'ok']);
  assert.equal(parts[7].legible, 'number');
});

test('an upright screen has its rows below the stage', () => {
  const upright = { width: 1080, height: 1920, inches: 43, metres: 3, channels: 3, bands: 0 };
  assert.equal(plan(upright, 5).legible, 'ok');
  assert.ok(plan(upright, 5).rows >= 3);
});

test('what stands at the foot takes room from who waits and from rows, not from the letters', () => {
  const far = { ...wide, inches: 55, metres: 4 };
  const without = plan(far, 3);
  const beside = plan({ ...far, bands: without.spare }, 3);
  assert.deepEqual([without.strip, beside.strip, beside.lines, beside.rows, beside.legible], [true, false, false, 1, 'ok']);
  assert.equal(beside.number, without.number);
  assert.equal(plan({ ...far, bands: without.spare + 1 }, 3).legible, 'number');
});

test('letters that have no room are as large as there is room for, and it is said', () => {
  const least = within({ ...wide, metres: 20 }, 3);
  assert.equal(least.legible, 'number');
  assert.ok(least.number < plan({ ...wide, metres: 20 }, 3).number / 2);
  assert.ok(least.number > plan({ ...wide, metres: 4 }, 3).number);
  assert.deepEqual(within(wide, 3), plan(wide, 3));
});

test('what has nothing beside its number is read from farther away', () => {
  const far = { ...wide, inches: 32, metres: 5 };
  assert.deepEqual([plan(far, 3).legible, plan(far, 0).legible, plan(far, 0).rows], ['number', 'ok', 0]);
  assert.equal(plan({ ...far, metres: 8 }, 0).legible, 'number');
});
