import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Guide } from './guide.js';

test('each sentence is handed to the voice once somebody wants to be led', () => {
  /** @type {string[]} */
  const said = [];
  const region = /** @type {any} */ ({ textContent: '' });
  const guide = new Guide(region, (sentence, language) => said.push(`${language}: ${sentence}`), () => said.push('-'));
  guide.tell(['Scegli.', '', 'Premi 1.'], 'it');
  assert.equal(region.textContent, 'Scegli. Premi 1.');
  assert.deepEqual(said, [], 'nobody asked for a voice');
  guide.lead(['Scegli.', 'Premi 1.'], 'it');
  guide.tell(['Il tuo numero.'], 'it');
  guide.point('Ho finito', 'it');
  assert.deepEqual(said, ['-', 'it: Scegli.', 'it: Premi 1.', '-', 'it: Il tuo numero.', '-', 'it: Ho finito']);
  guide.stop();
  guide.point('Riprova', 'it');
  assert.equal(said.length, 8);
});
