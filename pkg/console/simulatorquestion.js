/** What the simulator is asked: as it stands in the form, in the address and in the call. Pure. */

/** @import { Span, Spans, Usual } from './simulatordays.js' */

/**
 * The form, each field as it was typed.
 * @typedef {object} Form
 * @property {string} office
 * @property {Usual | 'range'} days
 * @property {string} from
 * @property {string} to
 * @property {'counters' | 'target'} ask
 * @property {string} how "1": one more, "-1": one fewer, "n": as many as counters says
 * @property {string} counters
 * @property {string} share in percent
 * @property {string} minutes
 */
/** @typedef {{ field: 'from' | 'to' | 'counters' | 'share' | 'minutes', words: string }} Wrong */

/** @type {Form} */
export const USUAL = { office: '', days: 'last', from: '', to: '', ask: 'counters', how: '1', counters: '4', share: '90', minutes: '15' };

/** What `how` can be beside a number. */
const STEPS = ['1', '2', '-1', '-2'];

/** The days of a form. @param {Form} form @param {Spans} spans @returns {Span} */
export function spanOf(form, spans) {
  return (form.days !== 'range' && spans[form.days]) || { from: form.from, to: form.to };
}

/** What is wrong with a form, the first thing; null: nothing that is known here. @param {Form} form @returns {Wrong | null} */
export function wrongIn(form) {
  const whole = (/** @type {string} */ typed, /** @type {number} */ most) => /^\d+$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= most;
  if (form.days === 'range') {
    if (!form.from) return { field: 'from', words: 'Scrivi il primo giorno.' };
    if (!form.to) return { field: 'to', words: 'Scrivi l’ultimo giorno.' };
    if (form.to < form.from) return { field: 'to', words: 'L’ultimo giorno viene prima del primo: scambiali.' };
    if (Date.parse(form.to) - Date.parse(form.from) > 365 * 86_400_000) return { field: 'to', words: 'Al massimo un anno: scegli meno giorni.' };
  }
  if (form.ask === 'counters' && form.how === 'n' && !whole(form.counters, 200)) return { field: 'counters', words: 'Scrivi quanti sportelli, da 1 a 200.' };
  if (form.ask === 'target' && !whole(form.share, 100)) return { field: 'share', words: 'Scrivi una percentuale intera, da 1 a 100.' };
  if (form.ask === 'target' && !whole(form.minutes, 1440)) return { field: 'minutes', words: 'Scrivi quanti minuti, da 1 a 1440.' };
  return null;
}

/** The call's body. @param {Form} form without fault @param {Span} span */
export function bodyOf(form, span) {
  if (form.ask === 'target') return { ...span, target_s: Number(form.minutes) * 60, share: Number(form.share) / 100 };
  return form.how === 'n' ? { ...span, counters: Number(form.counters) } : { ...span, more: Number(form.how) };
}

/** The address of a question: its query. @param {Form} form @param {Span} span */
export function queryOf(form, span) {
  /** @type {Record<string, string>} */
  const query = { ...(form.office ? { office: form.office } : {}), ...span };
  if (form.ask === 'target') Object.assign(query, { share: form.share, minutes: form.minutes });
  else if (form.how === 'n') query.counters = form.counters;
  else query.more = form.how;
  return new URLSearchParams(query).toString();
}

/**
 * The form of an address, and whether that asks for an answer.
 * @param {string} search @param {Spans} spans
 * @returns {{ form: Form, asked: boolean }}
 */
export function formOf(search, spans) {
  const query = new URLSearchParams(search);
  const form = { ...USUAL };
  for (const name of /** @type {const} */ (['office', 'from', 'to', 'counters', 'share', 'minutes'])) form[name] = query.get(name) || USUAL[name];
  if (query.has('share') || query.has('minutes')) form.ask = 'target';
  if (query.has('counters')) form.how = 'n';
  if (STEPS.includes(query.get('more') || '')) form.how = query.get('more') || '';
  const asked = Boolean(form.from && form.to);
  const usual = /** @type {Usual[]} */ (Object.keys(spans)).find((name) => spans[name]?.from === form.from && spans[name]?.to === form.to);
  if (asked) form.days = usual || 'range';
  return { form, asked };
}
