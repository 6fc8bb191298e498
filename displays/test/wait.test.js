import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Waits } from '../lib/wait.js';

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
