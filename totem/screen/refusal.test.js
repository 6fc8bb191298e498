import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal } from './refusal.js';
import { OWN_NAMES, tables } from './texts.js';

/** @param {string} code @param {string} [reason] */
const failure = (code, reason) => ({ code, reason, message: 'Già chiamato.', language: 'it' });

test('what the server says in one language is said in all', () => {
  for (const language of Object.keys(OWN_NAMES)) {
    const text = refusal(failure('conflict', 'not_cancellable'));
    assert.equal(text[language], language === 'it' ? 'Già chiamato.' : tables[/** @type {'ro'} */ (language)].refusedCalled, language);
  }
});

test('each kind of refusal has words of its own', () => {
  const english = (/** @type {string} */ code, /** @type {string} */ reason = '') => refusal(failure(code, reason)).en;
  const said = [
    english('unavailable', 'offline_numbers_gone'),
    english('conflict', 'ticket_already'),
    english('conflict', 'too_many_tickets'),
    english('office_closed'),
    english('channel_full'),
    english('unreachable'),
    english('unavailable', 'offline_disk'),
  ];
  assert.equal(new Set(said).size, said.length, said.join(' | '));
  assert.equal(english('unavailable', 'offline_disk'), tables.en.refusedElse, 'trying again is of no use');
});
