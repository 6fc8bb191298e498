/**
 * The questions about a ticket that some actions ask first. Each gives the body of the command;
 * null: left.
 */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
import { both, h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { ask, choices, field } from './dialog.js';
import { reasonField, reasonOf } from './reasons.js';
import { numberOr, ticketNumber } from './words.js';

/** @param {CounterPage} view */
export async function askHold(view) {
  const minutes = h('select', {}, ...[0, 5, 10, 15, 30, 60].map((n) => h('option', { value: n * 60 }, n === 0 ? 'finché non lo richiamo' : `${n} minuti, poi torna in coda`)));
  const data = await ask({
    title: [`Sospendi ${numberOr(view.ticket ? view.ticket.number : '')}`, 'Hold'],
    body: [
      reasonField('reason', [
        ['Compila un modulo', 'Fills in a form'],
        ['Va a pagare', 'Goes to pay'],
        ['Cerca un documento', 'Looks for a document'],
      ]),
      field('for_s', ['Per quanto', 'How long'], minutes),
    ],
    confirm: ['Sospendi', 'Hold'],
  });
  return data && { reason: reasonOf(data), for_s: Number(data.get('for_s')) };
}

/** @param {CounterPage} view */
export async function askTransfer(view) {
  const ticket = view.ticket;
  const channels = view.channels
    .filter((c) => !ticket || c.id !== ticket.channel)
    .map((c) => ({ value: `channel:${c.id}`, words: /** @type {[string, string]} */ ([pick(c.names), c.names.en || '']), letter: c.letter, color: c.color }));
  const counters = view.counters
    .filter((c) => c.id !== view.counter.id && c.status !== 'closed')
    .map((c) => ({ value: `counter:${c.id}`, words: /** @type {[string, string]} */ ([`${pick(c.names)} (${c.operator})`, c.names.en || '']), letter: '→' }));
  const data = await ask({
    title: [`Trasferisci ${numberOr(ticket ? ticket.number : '')}`, 'Transfer'],
    body: [
      choices('to', ['A chi', 'To'], [...channels, ...counters], channels.length > 0 ? channels[0].value : undefined),
      h('label', { class: 'choice' }, h('input', { class: 'choice-mark', type: 'checkbox', name: 'return' }), h('span', {}, both('Poi torna qui', 'Then comes back here'))),
      h('p', { class: 'note' }, both('Conserva il numero e il tempo già atteso.', 'Keeps the number and the time waited.')),
    ],
    confirm: ['Trasferisci', 'Transfer'],
  });
  if (!data || !data.get('to')) return null;
  const [kind, id] = splitOnce(String(data.get('to')));
  return { [kind]: id, return: data.has('return') };
}

/** @param {string} value */
function splitOnce(value) {
  const at = value.indexOf(':');
  return [value.slice(0, at), value.slice(at + 1)];
}

/** @param {CounterPage} view @param {string} [number] already known */
export async function askNumber(view, number = '') {
  const input = h('input', { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 8, value: number, placeholder: 'A042', class: 'input-number' });
  const data = await ask({
    title: ['Chiama un numero', 'Call a number'],
    body: [field('number', ['Numero del biglietto', 'Ticket number'], input, ['Anche assente o sospeso. Chiama fuori dall’ordine.', 'Absent and held ones too. Calls out of turn.']), finishing(view)],
    confirm: ['Chiama', 'Call'],
    check: (values) => (ticketNumber(String(values.get('number'))) ? null : { field: input, words: ['Scrivere un numero come A042.', 'Enter a number such as A042.'] }),
  });
  return data && { number: ticketNumber(String(data.get('number'))) };
}

/** @param {CounterPage} view */
export async function askWalkIn(view) {
  const data = await ask({
    title: ['Senza biglietto', 'Without a ticket'],
    body: [
      choices(
        'channel',
        ['Canale', 'Channel'],
        view.channels.map((c) => ({ value: c.id, words: [pick(c.names), c.names.en || ''], letter: c.letter, color: c.color })),
        view.channels.length > 0 ? view.channels[0].id : undefined,
      ),
      finishing(view),
    ],
    confirm: ['Inizia', 'Begin'],
  });
  return data && { channel: String(data.get('channel')) };
}

/**
 * The numbers torn off a roll of paper. Without a first one they follow the last that was given.
 * @param {CounterPage} view
 */
export async function askRoll(view) {
  const number = (/** @type {object} */ more) => h('input', { autocomplete: 'off', inputmode: 'numeric', maxlength: 6, class: 'input-number', ...more });
  const last = number({ placeholder: '61' });
  const first = number({});
  const typed = (/** @type {FormData} */ data, /** @type {string} */ name) => Number(String(data.get(name) || '').trim().replace(/^[A-Za-z]/, '') || 0);
  const data = await ask({
    title: ['Numeri dal rotolo', 'Numbers of the roll'],
    body: [
      h('p', { class: 'note' }, both('Quando il totem è guasto si dà il rotolo di carta: qui si scrive l’ultimo numero strappato.', 'While the totem is broken: enter the last number torn off the roll.')),
      choices(
        'channel',
        ['Canale', 'Channel'],
        view.channels.map((c) => ({ value: c.id, words: [pick(c.names), c.names.en || ''], letter: c.letter, color: c.color })),
        view.channels.length > 0 ? view.channels[0].id : undefined,
      ),
      field('last', ['Ultimo numero strappato', 'Last number torn off'], last),
      field('first', ['Primo numero', 'First number'], first, ['Vuoto: quello dopo l’ultimo già dato.', 'Empty: the one after the last given.']),
    ],
    confirm: ['Metti in coda', 'Queue them'],
    check: (values) => {
      const [from, to] = [typed(values, 'first'), typed(values, 'last')];
      if (!Number.isInteger(to) || to < 1) return { field: last, words: ['Scrivere un numero come 61.', 'Enter a number such as 61.'] };
      if (!Number.isInteger(from) || from < 0 || from > to) return { field: first, words: ['Il primo non viene dopo l’ultimo.', 'The first is not after the last.'] };
      return null;
    },
  });
  if (!data) return null;
  const from = typed(data, 'first');
  return { channel: String(data.get('channel')), last: typed(data, 'last'), ...(from ? { first: from } : {}) };
}

/** Says that the ticket still here will be finished. @param {CounterPage} view */
export function finishing(view) {
  return view.ticket && h('p', { class: 'message' }, both(`${numberOr(view.ticket.number)}, ora allo sportello, sarà concluso.`, 'The one here now will be finished.'));
}
