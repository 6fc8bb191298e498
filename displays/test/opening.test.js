import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import '../lib/catalogue-more.js';
import { openingNews, openingWords, told } from '../lib/opening.js';

/** What displays/page_test.go holds the pages without scripts to as well. */
const { now, time_zone, cases } = JSON.parse(readFileSync(new URL('opening.json', import.meta.url), 'utf8'));
const at = Date.parse(now);

for (const { of, opening, says } of cases) {
  test(`the sentences of ${of}`, () => {
    const view = { ...opening, office: { time_zone } };
    for (const language of Object.keys(says)) assert.equal(openingWords(view, at, language), says[language], language);
  });
}

test('a closing as on any day is no news, unless somebody is still served', () => {
  const closed = { office: { time_zone }, situation: 'closed', open: false, opens_at: null, closes_at: null, reasons: {}, reason_for: {} };
  assert.equal(openingNews(closed, at), '');
  assert.match(openingNews({ ...closed, situation: 'attended' }, at), /viene servito/);
  assert.equal(told(closed, at, 'en'), 'The office is closed.');
});
