/** The displays in a draft of the configuration. Pure. */

/** @import { Gong, Layout } from './displayswords.js' */
/**
 * @typedef {Record<string, string>} Text
 * @typedef {{ text?: Text, file?: string, seconds?: number }} Slide
 * @typedef {{ from: string, to: string }} Interval
 * @typedef {{ accent?: string, background?: string, arms?: string, picture?: string }} Look
 * @typedef {{ path: string, message: string }} Fault
 */
/**
 * A display as the document has it: see pkg/queue/display.go.
 * @typedef {object} Display
 * @property {string} id
 * @property {Text} name
 * @property {Layout} [layout]
 * @property {string[]} [channels]
 * @property {string} [counter]
 * @property {Slide[]} [playlist]
 * @property {boolean} [paired]
 * @property {boolean} sound
 * @property {string} [room]
 * @property {number} [volume]
 * @property {Gong} [gong]
 * @property {Interval[]} [quiet]
 * @property {number} [inches]
 * @property {number} [metres]
 * @property {Look} [look]
 */
/**
 * The document, as far as this section changes it.
 * @typedef {object} Draft
 * @property {number} version
 * @property {{ id: string, letter: string, color: string, name: Text, on_deck?: number }[]} channels
 * @property {{ id: string, name: Text }[]} counters
 * @property {Display[]} [displays]
 * @property {{ id: string, text: Text, spoken?: boolean }[]} [notices]
 * @property {{ ticket_language?: boolean }} [voice]
 */
import { NUMBER_MM, REST_MM } from '../../displays/monitor/legible.js';
import { contrast } from '../../displays/monitor/look.js';

/** @template T @param {T} value @returns {T} */
export function copy(value) {
  return JSON.parse(JSON.stringify(value));
}

/** Whether two values say the same, whatever the order of their properties. @param {unknown} a @param {unknown} b */
export function same(a, b) {
  return ordered(a) === ordered(b);
}

/** @param {unknown} value */
function ordered(value) {
  return JSON.stringify(value, (_, v) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v));
}

/**
 * Sets a property, or takes it away where it would say nothing: an unchanged document stays one.
 * @param {any} object @param {string} key @param {unknown} value
 */
export function put(object, key, value) {
  const empty = !value || (typeof value === 'object' && Object.keys(value).length === 0);
  if (empty) delete object[key];
  else object[key] = value;
}

/** An id for a name: what stands in the display's address. @param {string} name @param {string[]} taken */
export function idFor(name, taken) {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const base = plain.slice(0, 28).replace(/-+$/, '') || 'monitor';
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}-${n}`;
  return id;
}

/**
 * Carries what a draft changed over to a document that others have changed meanwhile. Where both
 * changed the same display, it is the draft's.
 * @param {Draft} base what the draft began as @param {Draft} draft @param {Draft} now
 * @returns {Draft}
 */
export function rebase(base, draft, now) {
  const made = copy(now);
  /** @param {{ id: string }[] | undefined} list @param {string} id */
  const find = (list, id) => (list || []).find((item) => item.id === id);
  const kept = (draft.displays || []).filter((d) => !same(d, find(base.displays, d.id)));
  const gone = (base.displays || []).filter((d) => !find(draft.displays, d.id));
  const displays = (made.displays || []).filter((d) => !find(gone, d.id)).map((d) => kept.find((k) => k.id === d.id) || d);
  put(made, 'displays', displays.concat(kept.filter((d) => !find(displays, d.id))));
  for (const key of /** @type {const} */ (['channels', 'notices'])) {
    const property = key === 'channels' ? 'on_deck' : 'spoken';
    for (const item of made[key] || []) {
      const [was, is] = [base, draft].map((document) => /** @type {any} */ (find(document[key], item.id) || {})[property]);
      if (!same(was, is)) put(item, property, is);
    }
  }
  if (!same(base.voice, draft.voice)) put(made, 'voice', draft.voice);
  return made;
}

/**
 * The faults of the display at a place, by what follows it in their paths, and all others.
 * @param {Fault[]} faults @param {number} index
 */
export function faultsOf(faults, index) {
  const prefix = `displays[${index}].`;
  const own = faults.filter((f) => f.path.startsWith(prefix)).map((f) => ({ ...f, path: f.path.slice(prefix.length) }));
  return { own, others: faults.filter((f) => !f.path.startsWith(prefix)) };
}

/** Whether a fault is of a field or of a part of it: "quiet[0].to" is of "quiet". @param {string} path @param {string} field */
export function isOf(path, field) {
  return path === field || (path.startsWith(field) && /^[.[]/.test(path.slice(field.length)));
}

/** The contrast of white and of black letters on a colour; null: it is none yet. @param {string} hex */
export function contrastOn(hex) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!found) return null;
  const [r, g, b] = found.slice(1).map((part) => parseInt(part, 16));
  return { white: contrast([r, g, b], [255, 255, 255]), black: contrast([r, g, b], [0, 0, 0]) };
}

/**
 * What a screen's size and the distance come to.
 * @param {Pick<Display, 'inches' | 'metres'>} display
 * @param {{ legible: string, number: number } | null} seen in the preview: what can't be met, and
 *   the height of the smallest number in millimetres, 0: there is none; null: nothing yet
 * @returns {{ kind: 'none' | 'ok' | 'warn', words: string }}
 */
export function reading({ inches, metres }, seen) {
  if (!inches || !metres) return { kind: 'none', words: 'Con pollici e metri le lettere diventano grandi abbastanza per chi legge da lontano.' };
  const [number, rest] = [NUMBER_MM * metres, REST_MM * metres].map(millimetres);
  const from = `${figure(metres)} m`;
  if (!seen) return { kind: 'none', words: `Da ${from} i numeri devono essere alti ${number} mm, il resto ${rest} mm.` };
  if (seen.legible === 'number') return { kind: 'warn', words: `Da ${from} i numeri dovrebbero essere alti ${number} mm: su ${figure(inches)} pollici non ci stanno. Serve uno schermo più grande, o più vicino.` };
  if (seen.legible === 'rest') return { kind: 'warn', words: `Da ${from} le scritte dovrebbero essere alte ${rest} mm: su ${figure(inches)} pollici non ci stanno tutte. Serve uno schermo più grande, o più vicino.` };
  if (seen.number) return { kind: 'ok', words: `Numeri alti ${millimetres(seen.number)} mm: bastano per ${from}.` };
  return { kind: 'ok', words: `Scritte alte almeno ${rest} mm: bastano per ${from}.` };
}

/** @param {number} mm */
const millimetres = (mm) => String(Math.round(mm));

/** "5", "2,5" @param {number} n */
export function figure(n) {
  return n.toLocaleString('it', { maximumFractionDigits: 1 });
}
