/** The questions that some actions ask first. Each gives the body of the command; null: left. */

/** @import { Counter } from '../../displays/lib/wire.d.ts' */
import { both, h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { ACTIONS } from './actions.js';
import { ask, choices, field } from './dialog.js';
import { numberOr, ticketNumber } from './words.js';

const OTHER = 'altro';

/** @param {string} name @param {[string, string][]} reasons */
function reasonField(name, reasons) {
  const text = h('input', { maxlength: 100, autocomplete: 'off', 'aria-label': 'Altro motivo' });
  text.name = 'text';
  const list = choices(
    name,
    ['Motivo', 'Reason'],
    [...reasons.map((words) => ({ value: words[0], words })), { value: OTHER, words: ['Altro:', 'Other:'] }],
    reasons[0][0],
  );
  const last = list.querySelector('.choice:last-child');
  if (last) last.append(text);
  text.addEventListener('input', () => {
    const radio = /** @type {HTMLInputElement | null} */ (list.querySelector(`input[value="${OTHER}"]`));
    if (radio && text.value) radio.checked = true;
  });
  return list;
}

/** @param {FormData} data */
function reasonOf(data) {
  const reason = String(data.get('reason') || '');
  return reason === OTHER ? String(data.get('text') || '').trim() : reason;
}

/** @param {Counter} view */
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

/** @param {Counter} view */
export async function askTransfer(view) {
  const ticket = view.ticket;
  const channels = view.channels
    .filter((c) => !ticket || c.id !== ticket.channel)
    .map((c) => ({ value: `channel:${c.id}`, words: /** @type {[string, string]} */ ([pick(c.names), c.names.en || '']), letter: c.letter, color: c.color }));
  const counters = view.counters
    .filter((c) => c.id !== view.counter.id && c.status !== 'closed')
    .map((c) => ({ value: `counter:${c.id}`, words: /** @type {[string, string]} */ ([`${pick(c.names)} (${c.operator})`, c.names.en || '']), letter: '→', color: '#17324d' }));
  const data = await ask({
    title: [`Trasferisci ${numberOr(ticket ? ticket.number : '')}`, 'Transfer'],
    body: [
      choices('to', ['A chi', 'To'], [...channels, ...counters], channels.length > 0 ? channels[0].value : undefined),
      h('label', { class: 'choice' }, h('input', { type: 'checkbox', name: 'return' }), h('span', {}, both('Poi torna qui', 'Then comes back here'))),
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

/** @param {Counter} view @param {string} [number] already known */
export async function askNumber(view, number = '') {
  const input = h('input', { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 8, value: number, placeholder: 'A042', class: 'number-input' });
  const data = await ask({
    title: ['Chiama un numero', 'Call a number'],
    body: [field('number', ['Numero del biglietto', 'Ticket number'], input, ['Anche assente o sospeso. Chiama fuori dall’ordine.', 'Absent and held ones too. Calls out of turn.']), finishing(view)],
    confirm: ['Chiama', 'Call'],
    check: (values) => (ticketNumber(String(values.get('number'))) ? null : { field: input, words: ['Scrivere un numero come A042.', 'Enter a number such as A042.'] }),
  });
  return data && { number: ticketNumber(String(data.get('number'))) };
}

/** @param {Counter} view */
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

/** Says that the ticket still here will be finished. @param {Counter} view */
function finishing(view) {
  return view.ticket && h('p', { class: 'message' }, both(`${numberOr(view.ticket.number)}, ora allo sportello, sarà concluso.`, 'The one here now will be finished.'));
}

export async function askPause() {
  const data = await ask({
    title: ['Pausa', 'Break'],
    body: [
      reasonField('reason', [
        ['Torno subito', 'Back soon'],
        ['Pausa pranzo', 'Lunch break'],
        ['Lavoro d’ufficio', 'Desk work'],
      ]),
    ],
    confirm: ['In pausa', 'Start the break'],
  });
  return data && { reason: reasonOf(data) };
}

/** @param {Counter} view */
export async function askClose(view) {
  const body = [];
  const last = finishing(view);
  if (last) body.push(last);
  const others = view.counters.some((c) => c.id !== view.counter.id && c.status === 'open');
  const waiting = view.lines.reduce((n, line) => n + line.waiting, 0);
  if (!others && waiting > 0) {
    body.push(h('p', { class: 'message message-bad' }, both(`È l’ultimo sportello aperto e ci sono ${waiting} persone in attesa.`, `This is the last open counter and ${waiting} people are waiting.`)));
  }
  if (body.length === 0) return {};
  return (await ask({ title: ['Chiudere lo sportello?', 'Close the counter?'], body, confirm: ['Chiudi sportello', 'Close'] })) && {};
}

/** @param {Counter} view */
export async function askAlarm(view) {
  const data = await ask({
    title: ['Dare l’allarme?', 'Raise the alarm?'],
    body: [h('p', {}, both(`Su tutti gli sportelli appare che ${pick(view.counter.names)} ha bisogno di aiuto. I monitor del pubblico non lo mostrano.`, 'Every console shows that help is needed here. The public displays do not.'))],
    confirm: ['Dai l’allarme', 'Raise the alarm'],
    danger: true,
  });
  return data && {};
}

/** @param {string} operator @param {string} counter */
export async function askTakeover(operator, counter) {
  const data = await ask({
    title: [`${counter} è occupato`, 'Counter in use'],
    body: [h('p', {}, both(`A questo sportello lavora ${operator}. Prenderlo comunque? ${operator} non potrà più chiamare da qui.`, `${operator} works at this counter. Take it over all the same?`))],
    confirm: ['Prendi lo sportello', 'Take over'],
    danger: true,
  });
  return data !== null;
}

/** The keys, and whether they are on. @param {boolean} on @returns {Promise<boolean>} whether they shall be on */
export async function askHelp(on) {
  const row = (/** @type {string[]} */ keys, /** @type {string} */ it, /** @type {string} */ en) => h('li', {}, h('span', { class: 'keys-keys' }, ...keys.map((key) => h('kbd', {}, key))), h('span', {}, both(it, en)));
  const data = await ask({
    title: ['Tasti rapidi', 'Shortcuts'],
    body: [
      h('label', { class: 'choice' }, h('input', { type: 'checkbox', name: 'on', checked: on }), h('span', {}, both('Usa i tasti rapidi', 'Use single-key shortcuts'))),
      h(
        'ul',
        { class: 'keys' },
        ...ACTIONS.map((a) => row(a.name === 'next' ? [a.key, 'Spazio', 'Invio'] : [a.key], a.it, a.en)),
        row(['1', '9'], 'Una prestazione in più; con Maiusc una in meno', 'One more outcome; with Shift one less'),
        row(['?'], 'Questo aiuto', 'This help'),
      ),
    ],
    confirm: ['Va bene', 'OK'],
  });
  return data ? data.has('on') : on;
}
