import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelsOf, languagesOf, readDocument, spoken, unprintable } from './draft.js';

test('what isn’t a document is none', () => {
  for (const text of ['', '{', '[]', 'null', '"x"', '7']) assert.equal(readDocument(text), null, text);
  assert.deepEqual(readDocument('{"channels":[]}'), { channels: [] });
});

test('a document that is half written offers what it has', () => {
  const half = { channels: [{ id: 'a', name: { it: 'Anagrafe' } }, null, { name: { it: 'Senza id' } }, { id: 'b' }], languages: ['it', 7, 'uk'] };
  assert.deepEqual(channelsOf(/** @type {any} */ (half)), [['a', 'Anagrafe'], ['b', 'b']]);
  assert.deepEqual(languagesOf(/** @type {any} */ (half)), ['it', 'uk']);
  assert.deepEqual(channelsOf(/** @type {any} */ ({ channels: 'x' })), []);
  assert.deepEqual(languagesOf({}), ['it']);
});

test('languages and characters have names', () => {
  assert.equal(spoken('uk'), 'ucraino');
  assert.equal(spoken('not a code'), 'not a code');
  assert.equal(unprintable('😀\u0007'), '😀 (U+1F600), \u0007 (U+0007)');
});
