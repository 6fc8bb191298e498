/** Finds what somebody is here for, by everyday words. Pure. */

/** @import { TotemService } from '../../displays/lib/wire.d.ts' */

/**
 * A text as it is compared: small letters without accents, and the letters of Arabic that are
 * written in more than one way as one.
 * @param {string} text
 */
export function plain(text) {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0640]/g, '')
    .toLowerCase()
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How well a word that was typed goes with one of a service: 0 not at all. @param {string} typed @param {string} word */
function match(typed, word) {
  if (word === typed) return 4;
  if (word.startsWith(typed)) return 3;
  // Chinese has no spaces between words.
  if (/\p{Script=Han}/u.test(typed) && word.includes(typed)) return 3;
  return typed.length >= 4 && isNear(typed, word.slice(0, typed.length + 1)) ? 1 : 0;
}

/** Whether one letter too many, too few or wrong stands between a word and another's beginning. @param {string} typed @param {string} word */
function isNear(typed, word) {
  let i = 0;
  while (i < typed.length && typed[i] === word[i]) i++;
  const [left, rest] = [typed.slice(i), word.slice(i)];
  return rest.startsWith(left.slice(1)) || rest.slice(1).startsWith(left.slice(1)) || rest.slice(1).startsWith(left);
}

/**
 * The services that go with what was typed, the best first; all of them for nothing typed. Each
 * word that was typed must go with one of the service's, in the language or in the ones beside it.
 * @param {TotemService[]} services @param {string} typed @param {string} language
 */
export function find(services, typed, language) {
  const wanted = plain(typed).split(' ').filter(Boolean);
  return services
    .map((service, i) => ({ service, i, rank: rank(service, wanted, language) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.i - b.i)
    .map((found) => found.service);
}

/** @param {TotemService} service @param {string[]} wanted @param {string} language */
function rank(service, wanted, language) {
  let sum = 1;
  for (const typed of wanted) {
    let best = 0;
    for (const lang of new Set([language, 'it', 'en'])) {
      for (const word of plain(service.names[lang] || '').split(' ')) best = Math.max(best, match(typed, word) * 2);
      for (const word of plain(service.words[lang] || '').split(' ')) best = Math.max(best, match(typed, word));
    }
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** The rows of keys, by script. @type {Record<string, string[]>} */
const LAYOUTS = {
  latin: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  uk: ['йцукенгшщзх', 'фівапролджє', 'ячсмитьбюґї'],
  ar: ['ضصثقفغعهخحج', 'شسيبلاتنمكط', 'ئءؤرىةوزظدذ'],
};

/** The keys of a language; the Latin ones too where it has others. @param {string} language */
export function layouts(language) {
  return LAYOUTS[language] ? [LAYOUTS[language], LAYOUTS.latin] : [LAYOUTS.latin];
}
