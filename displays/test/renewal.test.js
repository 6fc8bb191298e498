import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUSY_MS, Renewal, SPREAD_MS } from '../lib/renewal.js';

/** A page whose server's versions come one after another; null: it doesn't tell. */
function page(versions, mayGo) {
  const p = { reloads: 0, waited: [] };
  p.renewal = new Renewal(mayGo, {
    version: async () => {
      const version = versions.length > 1 ? versions.shift() : versions[0];
      if (version === null) throw new Error('no answer');
      return version;
    },
    reload: () => p.reloads++,
    after: (run, ms) => {
      p.waited.push(ms);
      run();
    },
    random: () => 0.5,
  });
  return p;
}

test('a server that comes back with another version has the page loaded anew, not at once', async () => {
  const p = page(['1.0', '1.1']);
  await p.renewal.returned();
  assert.equal(p.reloads, 1);
  assert.deepEqual(p.waited, [SPREAD_MS / 2]);
});

test('one that comes back the same, or tells nothing, does not', async () => {
  for (const versions of [['1.0'], ['1.0', null], [null, '1.1']]) {
    const p = page(versions);
    await p.renewal.returned();
    assert.equal(p.reloads, 0, JSON.stringify(versions));
  }
});

test('whoever is in the middle of something is let finish', async () => {
  let asked = 0;
  const p = page(['1.0', '1.1'], () => ++asked > 2);
  await p.renewal.returned();
  assert.equal(p.reloads, 1);
  assert.deepEqual(p.waited, [SPREAD_MS / 2, BUSY_MS, BUSY_MS]);
});

test('a connection that comes and goes asks once at a time', async () => {
  const p = page(['1.0', '1.1', '1.1']);
  await Promise.all([p.renewal.returned(), p.renewal.returned()]);
  assert.equal(p.reloads, 1);
});
