import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find, layouts, plain } from './search.js';

/** @param {string} id @param {Record<string, string>} names @param {Record<string, string>} words */
const service = (id, names, words = {}) => /** @type {any} */ ({ id, channel: 'c', names, words, bring: {}, on_totem: true });
const services = [
  service('carta', { it: 'Carta d’identità', en: 'Identity card' }, { it: 'documento, tessera, rinnovo', ar: 'هوية، بطاقة' }),
  service('residenza', { it: 'Cambio di residenza', en: 'Change of residence' }, { it: 'trasloco, casa, indirizzo', zh: '搬家，住址' }),
  service('nascita', { it: 'Nascita' }, { it: 'figlio, bambino, denuncia' }),
];
/** @param {string} typed @param {string} [language] */
const found = (typed, language = 'it') => find(services, typed, language).map((s) => s.id).join();

test('everyday words find a service, whatever their accents', () => {
  assert.equal(found('IDENTITA'), 'carta');
  assert.equal(found('identità'), 'carta');
  assert.equal(found('trasl'), 'residenza');
  assert.equal(found('carta identita'), 'carta');
  assert.equal(found('bambino carta'), '');
  assert.equal(found('zzz'), '');
  assert.equal(found(''), 'carta,residenza,nascita');
});

test('a wrong letter is forgiven in longer words', () => {
  assert.equal(found('redidenza'), 'residenza');
  assert.equal(found('residnza'), 'residenza');
  assert.equal(found('docummento'), 'carta');
  assert.equal(found('cas'), 'residenza');
  assert.equal(found('cat'), '');
});

test('a name counts more than a word', () => {
  const two = [service('words', { it: 'Altro' }, { it: 'nascita' }), services[2]];
  assert.equal(find(two, 'nascita', 'it')[0].id, 'nascita');
});

test('words of the language, of Italian and of English all find', () => {
  assert.equal(found('هويه', 'ar'), 'carta');
  assert.equal(found('住址', 'zh'), 'residenza');
  assert.equal(found('card', 'uk'), 'carta');
  assert.equal(plain('Ștefan È'), 'stefan e');
});

test('each script has its keys, and the Latin ones', () => {
  assert.equal(layouts('it').length, 1);
  for (const language of ['uk', 'ar']) {
    assert.equal(layouts(language).length, 2);
    for (const row of layouts(language)[0]) assert.ok(row.length <= 11);
  }
});
