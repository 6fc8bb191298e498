import assert from 'node:assert/strict';
import { test } from 'node:test';
import { before, direction, offered, OWN_NAMES, tables, waitOf } from './texts.js';

/** @type {Record<string, Record<string, string | Record<string, string>>>} */
const all = tables;
const languages = Object.keys(OWN_NAMES);
/** @param {string} text */
const values = (text) => [...new Set(Array.from(text.matchAll(/\{(\w+)\}/g), (m) => m[1]))].sort().join();

test('no language lacks a phrase, and none has one that nobody says', () => {
  assert.deepEqual(Object.keys(all).sort(), [...languages].sort());
  for (const language of languages) {
    assert.deepEqual(Object.keys(all[language]), Object.keys(all.it), language);
    for (const [key, phrase] of Object.entries(all[language])) {
      for (const form of typeof phrase === 'string' ? [phrase] : Object.values(phrase)) assert.ok(form.trim(), `${language}: ${key}`);
    }
  }
});

test('what is counted has the forms of its language, and all phrases the same values', () => {
  for (const language of languages) {
    const rules = new Intl.PluralRules(language);
    const forms = [...new Set(Array.from({ length: 200 }, (_, n) => rules.select(n)).concat('other'))].sort();
    for (const [key, italian] of Object.entries(all.it)) {
      const phrase = all[language][key];
      const told = `${language}: ${key}`;
      const first = typeof italian === 'string' ? italian : italian.other;
      assert.equal(values(typeof phrase === 'string' ? phrase : phrase.other), values(first), told);
      if (typeof phrase !== 'string') assert.deepEqual(Object.keys(phrase).sort(), forms, told);
      else if (typeof italian !== 'string') assert.deepEqual(forms, ['other'], `${told} counts without forms`);
    }
  }
});

test('words that are the same in two languages were forgotten to be translated', () => {
  const same = ['language', 'classNo', 'sending'];
  for (const language of languages.slice(1)) {
    const left = Object.keys(all.it).filter((key) => !same.includes(key) && JSON.stringify(all[language][key]) === JSON.stringify(all.it[key]));
    assert.deepEqual(left, [], language);
  }
});

test('waits and people are said as each language counts', () => {
  const wait = { low_s: 600, likely_s: 700, high_s: 900 };
  assert.equal(waitOf(wait, 'wait').it, 'attesa 10–15\u00a0min');
  assert.equal(waitOf(wait, 'expected').ar, 'وقت الانتظار: من 10 إلى 15 دقيقة', 'a dash would turn the range round');
  assert.equal(waitOf({ low_s: 60, likely_s: 60, high_s: 60 }, 'expected').en, 'Expected wait: less than 5 minutes');
  assert.equal(waitOf({ low_s: 660, likely_s: 700, high_s: 910 }, 'wait').it, 'attesa 10–20\u00a0min', 'rounded outwards');
  assert.equal(before(2).uk, 'Перед вами 2 людини');
  assert.equal(before(5).uk, 'Перед вами 5 людей');
  assert.equal(before(20).ro, '20 de persoane înaintea dumneavoastră');
  assert.equal(before(0).zh, '您前面没有人');
});

test('Italian and English are always offered, the others where they are configured', () => {
  assert.deepEqual(offered([]), ['it', 'en']);
  assert.deepEqual(offered(['it', 'ar', 'de', 'zh']), ['it', 'en', 'ar', 'zh']);
  assert.equal(direction('ar'), 'rtl');
});
