/** Words and durations of the console. Pure. */

/** @import { Ticket } from '../../displays/lib/wire.d.ts' */
import { printed as papers, printer, states, unprinted } from '../../displays/lib/catalogue.js';

/** "3 min", "1 h 05" @param {number} ms */
export function minutes(ms) {
  const whole = Math.max(0, Math.floor(ms / 60_000));
  if (whole < 60) return `${whole} min`;
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')}`;
}

/**
 * The state of a ticket, as it stands alone.
 * @param {Ticket['state']} state @returns {[it: string, en: string]}
 */
export function stateOf(state) {
  return [capital(states.it[state]), capital(states.en[state])];
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/**
 * What is wrong with a ticket's paper, or that of its last copy, and why; null: nothing, as far as
 * anybody knows.
 * @param {Pick<Ticket, 'printed' | 'print_reason' | 'reprints'>} ticket
 * @returns {[it: string, en: string] | null}
 */
export function paperOf({ printed, print_reason: why, reprints }) {
  if (printed !== 'failed' && printed !== 'unknown') return null;
  /** @param {'it' | 'en'} language */
  const say = (language) => {
    const because = /** @type {Record<string, string>} */ (unprinted[language])[why || ''];
    return because ? `${papers[language][printed]}: ${because}` : papers[language][printed];
  };
  return reprints ? [`${say('it')} (ristampa ${reprints})`, `${say('en')} (reprint ${reprints})`] : [say('it'), say('en')];
}

/**
 * Where somebody has the number from, and since when.
 * @param {Pick<Ticket, 'number' | 'offline'>} ticket @param {string} time
 */
export function originOf({ number, offline }, time) {
  return `${number ? 'Biglietto delle' : 'Dalle'} ${time}${offline ? ', dato senza rete' : ''}`;
}

/** How a printer is, in words where there are some. @param {string} state @returns {[it: string, en: string]} */
export function printerOf(state) {
  const it = /** @type {Record<string, string>} */ (printer.it)[state];
  const en = /** @type {Record<string, string>} */ (printer.en)[state];
  return it && en ? [it, en] : [state.replaceAll('_', ' '), ''];
}

/** @type {Record<string, [it: string, en: string]>} */
export const CLASSES = {
  priority: ['Precedenza', 'Priority'],
  appointment: ['Appuntamento', 'Appointment'],
};

/** @type {Record<string, [it: string, en: string]>} */
export const STATUSES = {
  closed: ['Chiuso', 'Closed'],
  open: ['Aperto', 'Open'],
  paused: ['In pausa', 'On a break'],
};

/** What a step was, for the undo button. @type {Record<string, string>} */
export const STEPS = {
  ticket_called: 'chiamata',
  ticket_issued: 'senza biglietto',
  ticket_started: 'inizio',
  ticket_served: 'conclusione',
  ticket_absent: 'assente',
  ticket_held: 'sospensione',
  ticket_requeued: 'rimesso in coda',
  ticket_transferred: 'trasferimento',
};

/** The number of a visit, or words for one that has none. @param {string} number */
export function numberOr(number) {
  return number || 'Senza biglietto';
}

/**
 * A number as people type it, as tickets have it: "a42", "A 042" are A042. Null when it isn't one.
 * @param {string} typed
 */
export function ticketNumber(typed) {
  const found = /^([A-Z])0*(\d{1,6})$/.exec(typed.toUpperCase().replace(/[\s-]/g, ''));
  return found && Number(found[2]) > 0 ? found[1] + found[2].padStart(3, '0') : null;
}
