/** What a clerk can do, by which key, and when it makes sense. Pure. */

/** @import { CounterPage, Desk } from '../../displays/lib/wire.d.ts' */

/**
 * @typedef {'next' | 'start' | 'recall' | 'absent' | 'done' | 'hold' | 'transfer' | 'requeue' |
 *   'undo' | 'call' | 'walkin' | 'pause' | 'resume' | 'open' | 'close' | 'alarm'} Name
 */
/** @typedef {{ name: Name, key: string, it: string, en: string }} Action */

/** In the order in which the console shows them. @type {Action[]} */
export const ACTIONS = [
  { name: 'next', key: 'N', it: 'Chiama prossimo', en: 'Call next' },
  { name: 'start', key: 'I', it: 'Inizia', en: 'Begin' },
  { name: 'recall', key: 'R', it: 'Richiama', en: 'Recall' },
  { name: 'absent', key: 'A', it: 'Assente', en: 'Absent' },
  { name: 'done', key: 'C', it: 'Concludi', en: 'Finish' },
  { name: 'hold', key: 'S', it: 'Sospendi', en: 'Hold' },
  { name: 'transfer', key: 'T', it: 'Trasferisci', en: 'Transfer' },
  { name: 'requeue', key: 'Q', it: 'Rimetti in coda', en: 'Requeue' },
  { name: 'undo', key: 'Z', it: 'Annulla ultima azione', en: 'Undo' },
  { name: 'call', key: 'G', it: 'Chiama un numero', en: 'Call a number' },
  { name: 'walkin', key: 'B', it: 'Senza biglietto', en: 'Without a ticket' },
  { name: 'pause', key: 'P', it: 'Pausa', en: 'Break' },
  { name: 'resume', key: 'P', it: 'Riprendi', en: 'Resume' },
  { name: 'open', key: 'O', it: 'Apri sportello', en: 'Open counter' },
  { name: 'close', key: 'X', it: 'Chiudi sportello', en: 'Close counter' },
  { name: 'alarm', key: 'E', it: 'Allarme', en: 'Alarm' },
];

/**
 * So long after a call, calling the next one would pass over somebody who is still on the way.
 * Milliseconds.
 */
const ON_THE_WAY_MS = 6_000;
/** So long a warning counts as read, and the same press goes through. Milliseconds. */
export const WARNED_MS = 5_000;

/** Whether the clerk is the one signed in at a counter. @param {Desk} counter @param {string} me */
export function isAt(counter, me) {
  return counter.status !== 'closed' && counter.operator === me;
}

/**
 * The actions that make sense now.
 * @param {CounterPage} view @param {string} me the clerk
 * @param {number} now the server's time, in milliseconds
 * @param {boolean} [supervises] the clerk may close a colleague's counter
 * @returns {Set<Name>}
 */
export function allowed(view, me, now, supervises = false) {
  /** @type {Set<Name>} */
  const can = new Set();
  const { counter, ticket } = view;
  if (!isAt(counter, me)) return counter.status !== 'closed' && supervises ? can.add('open').add('close') : can.add('open');
  can.add('close');
  if (!counter.alarm) can.add('alarm');
  if (counter.status === 'paused') return can.add('resume');
  can.add('call').add('walkin');
  if (view.next) can.add('next');
  if (view.undo && now < Date.parse(view.undo.until)) can.add('undo');
  if (!ticket) return can.add('pause');
  can.add('done').add('hold').add('transfer');
  if (ticket.number) can.add('requeue');
  if (ticket.state === 'called') can.add('start').add('recall').add('absent');
  return can;
}

/**
 * The action of a key press, of those allowed.
 * @param {{ key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, repeat: boolean }}
 *   event
 * @param {Set<Name>} can
 * @param {boolean} onControl a button or field has the focus: space and return are its own
 * @returns {Name | null}
 */
export function actionOfKey(event, can, onControl) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  if (event.key === ' ' || event.key === 'Enter') return !onControl && can.has('next') ? 'next' : null;
  const key = event.key.toUpperCase();
  const action = ACTIONS.find((a) => a.key === key && can.has(a.name));
  return action ? action.name : null;
}

/**
 * Whether "next" would pass over somebody who was called just now and hasn't come yet.
 * @param {CounterPage} view @param {number} now
 */
export function isHasty(view, now) {
  return view.ticket !== null && view.ticket.state === 'called' && view.call !== null && now - Date.parse(view.call.at) < ON_THE_WAY_MS;
}
