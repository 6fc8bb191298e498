/** Shows a virtual printer: its paper as it comes, and what is wrong with it. */

import { both, byId, h, setText } from '../../displays/lib/dom.js';

/**
 * @typedef {{ id: number, height: number, text: string, torn: string, rest: boolean, came: number, taken: boolean,
 *   wrong: string }} Ticket
 * @typedef {{ revision: number, title: string, address: string, dots: number, online: boolean, faults: string[],
 *   jammed: boolean, client: boolean, waiting: number, printing: boolean, hanging: number, count: number,
 *   tickets: Ticket[] }} State
 * @typedef {[it: string, en: string]} Words
 */

/** How wide a dot is shown, in CSS pixels: a roll of 80 mm is about as wide as in life. */
const DOT = 0.55;
/** How far into the next ticket its middle is, in millimetres. */
const MIDDLE_MM = 30;
/** How often the page asks again after the program has gone. */
const AGAIN_MS = 1500;

/** @type {Record<string, Words>} */
const FAULTS = {
  paper_low: ['Carta quasi finita', 'Paper near its end'],
  paper_out: ['Carta finita', 'Out of paper'],
  cover_open: ['Coperchio aperto', 'Cover open'],
  cutter_jam: ['Taglierina bloccata', 'Cutter jammed'],
  broken: ['Guasto grave', 'Unrecoverable error'],
  power_off: ['Senza corrente', 'Power off'],
  unplugged: ['Cavo di rete staccato', 'Network cable pulled'],
  slow: ['Lenta', 'Slow'],
  deaf: ['Non risponde', 'Never answers'],
  garbage: ['Risponde a caso', 'Answers noise'],
};
const IN_THE_MIDDLE = ['paper_out', 'cover_open', 'power_off', 'unplugged'];

/** @type {Record<string, Words>} */
const TORN = { ...FAULTS, by_hand: ['Strappato a mano', 'Torn by hand'], cleared: ['Il resto è stato annullato', 'The rest was cleared'] };

/** @param {string} path @param {unknown} [body] */
async function send(path, body) {
  const failure = byId('failure');
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body || {}) });
    if (!answer.ok) throw new Error(await answer.text());
    failure.hidden = true;
  } catch (error) {
    failure.hidden = false;
    failure.replaceChildren(both(`Non riuscito: ${error instanceof Error ? error.message : error}`, 'That failed.'));
  }
}

function buttons() {
  for (const fault of Object.keys(FAULTS)) {
    const button = h('button', { class: 'button button-plain printer-fault', type: 'button', 'aria-pressed': 'false', id: `fault-${fault}` });
    button.append(both(...FAULTS[fault]));
    button.addEventListener('click', () => send(`/faults/${fault}`, { on: button.getAttribute('aria-pressed') !== 'true' }));
    byId('faults').append(h('li', {}, button));
  }
  for (const fault of IN_THE_MIDDLE) {
    const button = h('button', { class: 'button button-plain printer-fault', type: 'button' });
    button.append(both(...FAULTS[fault]));
    button.addEventListener('click', () => send(`/faults/${fault}`, { on: true, after_mm: MIDDLE_MM }));
    byId('middle').append(h('li', {}, button));
  }
  byId('tear').addEventListener('click', () => send('/tear'));
}

/** What the printer is doing, in a word. @param {State} state @returns {[Words, string]} */
function status(state) {
  const fault = state.jammed ? 'cutter_jam' : ['power_off', 'broken', 'cover_open', 'paper_out'].find((f) => state.faults.includes(f));
  if (fault && !state.online) return [FAULTS[fault], 'chip-bad'];
  if (state.printing) return [['Stampa', 'Printing'], 'chip-good'];
  return [['Pronta', 'Ready'], 'chip-good'];
}

/** @param {Ticket} t @param {number} dots */
function picture(t, dots) {
  return h('img', {
    class: t.torn ? 'printer-paper printer-torn' : 'printer-paper', src: `/tickets/${t.id}.png`, loading: 'lazy',
    width: Math.round(dots * DOT), height: Math.max(1, Math.round(t.height * DOT)), alt: `Biglietto ${t.id}: ${t.text}`,
  });
}

/** What is to be said about a ticket. @param {Ticket} t */
function remarks(t) {
  const list = h('p', { class: 'printer-remarks' });
  const add = (/** @type {string} */ kind, /** @type {Words} */ words) => list.append(h('span', { class: `chip ${kind}` }, both(...words)), ' ');
  if (t.torn) add('chip-bad', TORN[t.torn] || [t.torn, '']);
  else if (!t.rest) add('chip-good', ['Intero', 'Whole']);
  if (t.rest) add('chip-bad', ['Comincia a metà', 'Begins in the middle']);
  if (t.came > 1) add('chip-bad', [`Uguale per la ${t.came}ª volta`, `The same, number ${t.came}`]);
  if (t.wrong) add('chip-bad', [`Non capito: ${t.wrong}`, 'not understood']);
  return list;
}

/** @param {Ticket} t @param {number} dots */
function item(t, dots) {
  return h('li', { 'data-id': t.id }, picture(t, dots), h('p', { class: 'printer-number' }, `N. ${t.id}`), remarks(t));
}

/** Keeps a list in step with the tickets in it. @param {Element} list @param {Ticket[]} tickets @param {number} dots */
function keep(list, tickets, dots) {
  const there = new Map([...list.children].map((element) => [Number(element.getAttribute('data-id')), element]));
  const wanted = tickets.map((t) => there.get(t.id) || item(t, dots));
  for (const element of there.values()) {
    if (!wanted.includes(element)) element.remove();
  }
  wanted.forEach((element, i) => {
    if (list.children[i] !== element) list.insertBefore(element, list.children[i] || null);
  });
}

/** Where the ticket in the making is; it has a picture of its own for every state. */
let making = 0;

/** @param {State} state */
function showMaking(state) {
  const image = /** @type {HTMLImageElement} */ (byId('making'));
  if (state.hanging === 0) {
    making = 0;
    image.hidden = true;
    return;
  }
  const revision = (making = state.revision);
  const next = new Image();
  next.src = `/paper.png?${revision}`;
  next.decode().then(() => {
    if (making !== revision) return; // a newer one is on its way
    image.src = next.src;
    image.width = Math.round(next.naturalWidth * DOT);
    image.height = Math.round(next.naturalHeight * DOT);
    image.hidden = false;
    const outlet = byId('outlet');
    outlet.scrollTop = outlet.scrollHeight;
  }, () => {});
}

let newest = 0;

/** Says something in a place, unless it says so already. @param {string} id @param {Words} words @param {string} [kind] */
function say(id, words, kind = '') {
  const place = byId(id);
  if (place.dataset.said === words[0]) return;
  place.dataset.said = words[0];
  place.className = kind;
  place.replaceChildren(both(...words));
}

/** @param {State} state */
function show(state) {
  const [words, kind] = status(state);
  say('status', words, `chip printer-status ${kind}`);
  setText(byId('title'), state.title);
  setText(byId('address'), `tcp://${state.address}`);
  say('client', state.client ? ['Un programma è collegato', 'A program is connected'] : ['Nessuno è collegato', 'Nobody is connected']);
  say('waiting', state.waiting ? [`${state.waiting} byte in attesa`, 'bytes are waiting'] : ['', '']);
  for (const fault of Object.keys(FAULTS)) byId(`fault-${fault}`).setAttribute('aria-pressed', String(state.faults.includes(fault)));
  const hanging = state.tickets.filter((t) => !t.taken);
  const taken = state.tickets.filter((t) => t.taken).reverse();
  keep(byId('strip'), hanging, state.dots);
  keep(byId('taken'), taken, state.dots);
  byId('none').hidden = taken.length > 0;
  byId('nothing').hidden = hanging.length > 0 || state.hanging > 0;
  showMaking(state);
  if (state.count !== newest) {
    newest = state.count;
    const outlet = byId('outlet');
    outlet.scrollTop = outlet.scrollHeight;
  }
}

function gone() {
  say('status', ['Il programma non è attivo', 'The program has ended'], 'chip printer-status chip-bad');
}

function listen() {
  const events = new EventSource('/events');
  events.onmessage = (event) => show(JSON.parse(event.data));
  events.onerror = () => {
    events.close(); // by itself a browser may wait long, or give up
    gone();
    setTimeout(listen, AGAIN_MS);
  };
}

buttons();
listen();
