import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { short, Waits } from '../lib/wait.js';

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** What pkg/words/wait_test.go holds the pages without scripts to as well. */
const { cases } = read('wait.json');
const waits = new Waits(Object.fromEntries(['it', 'en', 'fr', 'es', 'ro', 'sq', 'uk', 'ar', 'zh'].map((language) => [language, read(`../../pkg/words/${language}.json`).wait])));

for (const { low_s, high_s, says } of cases) {
  test(`a wait of ${low_s} to ${high_s} seconds in words`, () => {
    for (const language of Object.keys(says)) assert.equal(waits.say({ low_s, likely_s: low_s, high_s }, language), says[language]);
  });
}

test('that no counter is open is said in every language', () => {
  const said = new Set(['it', 'en', 'fr', 'es', 'ro', 'sq', 'uk', 'ar', 'zh'].map((language) => waits.unattended(language)));
  assert.equal(said.size, 9);
});

test('a monitor says a wait in few letters', () => {
  assert.equal(short({ low_s: 1150, likely_s: 1500, high_s: 1850 }), '15–\u206035\u00a0min');
  assert.equal(short({ low_s: 10, likely_s: 20, high_s: 40 }), '<\u00a05\u00a0min');
  assert.equal(short({ low_s: 4000, likely_s: 4500, high_s: 5000 }), '60–\u206090\u00a0min');
  assert.equal(short(null), '');
});
