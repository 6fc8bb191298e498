/** What the kiosk does, step by step. Pure: no DOM, no clock, no network. */

/** @import { Channel, Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { Connection } from '../../displays/lib/connection.js' */

/** A press so soon after a change of screen was meant for the screen before. Milliseconds. */
export const GHOST_MS = 500;
/** How long a ticket stays on the screen. Milliseconds, as all below. */
const TICKET_MS = 30_000;
/** How long a refusal stays. */
const REFUSAL_MS = 20_000;
/** Untouched so long, the start screen asks whether anybody is still there. */
export const IDLE_MS = 60_000;
/** How long it waits for the answer. */
export const ASK_MS = 20_000;
/**
 * With priority asked for it asks sooner: priority belongs to one person, and isn't left to the
 * next.
 */
const PRIORITY_IDLE_MS = 15_000;
/** What "I need more time" gives, as often as wanted. */
export const MORE_MS = 60_000;

/**
 * @typedef {{ channel: string, class: string, key: string }} Wish a ticket asked for; the key makes
 *   it one ticket, however often it is sent
 */
/** @typedef {{ code: string, message: string }} Failure */

/**
 * @typedef {object} State
 * @property {'choose' | 'sending' | 'ticket' | 'failed'} step
 * @property {number} since when the step began
 * @property {boolean} priority
 * @property {Wish | null} wish
 * @property {Ticket | null} ticket
 * @property {Failure | null} failure
 */

/** @param {number} now @returns {State} */
export function start(now) {
  return { step: 'choose', since: now, priority: false, wish: null, ticket: null, failure: null };
}

/**
 * A press on a channel. The same state comes back when it doesn't count: a second tap, one meant
 * for the screen before.
 * @param {State} state @param {string} channel @param {string} key @param {number} now
 * @returns {State}
 */
export function choose(state, channel, key, now) {
  if (state.step !== 'choose' || now - state.since < GHOST_MS) return state;
  const wish = { channel, class: state.priority ? 'priority' : 'standard', key };
  return { ...state, step: 'sending', since: now, wish };
}

/** @param {State} state @returns {State} */
export function togglePriority(state) {
  return state.step === 'choose' ? { ...state, priority: !state.priority } : state;
}

/** @param {State} state @param {Ticket} ticket @param {number} now @returns {State} */
export function issued(state, ticket, now) {
  return { ...state, step: 'ticket', since: now, ticket, failure: null };
}

/** @param {State} state @param {Failure} failure @param {number} now @returns {State} */
export function failed(state, failure, now) {
  return { ...state, step: 'failed', since: now, failure };
}

/**
 * Sends the wish again, with its key: had it arrived, its ticket comes back.
 * @param {State} state @param {number} now @returns {State}
 */
export function again(state, now) {
  if (state.step !== 'failed' || !state.wish || !mayRepeat(state.failure)) return state;
  return { ...state, step: 'sending', since: now, failure: null };
}

/** Whether sending the same again may help. @param {Failure | null} failure */
export function mayRepeat(failure) {
  return failure !== null && (failure.code === 'unreachable' || failure.code === 'unavailable');
}

/** Whether the kiosk isn't known to the server. @param {Failure | null} failure */
function isUnpaired(failure) {
  return failure !== null && (failure.code === 'unauthenticated' || failure.code === 'forbidden');
}

/** How long a step stays on the screen; 0: until somebody acts. @param {State} state */
export function lasts(state) {
  if (state.step === 'ticket') return TICKET_MS;
  if (state.step === 'failed') return isUnpaired(state.failure) ? 0 : REFUSAL_MS;
  return 0;
}

/** How long the start screen is left alone before it asks. @param {State} state */
export function patience(state) {
  return state.priority ? PRIORITY_IDLE_MS : IDLE_MS;
}

/**
 * Which screen is shown.
 * @param {State} state @param {TotemPage | null} view @param {Connection} connection
 * @param {boolean} [refused] whether the server doesn't know the kiosk: then nothing else counts
 * @returns {'start' | 'ticket' | 'failed' | 'unpaired' | 'connecting' | 'lost' | 'closed' |
 *   'empty'}
 */
export function screen(state, view, connection, refused = false) {
  if (state.step === 'ticket') return 'ticket';
  if (state.step === 'failed') return isUnpaired(state.failure) ? 'unpaired' : 'failed';
  if (state.step === 'sending') return 'start';
  if (refused) return 'unpaired';
  if (connection === 'lost') return 'lost';
  if (!view) return 'connecting';
  if (!view.open && view.channels.every((channel) => !channel.open)) return 'closed';
  return view.channels.length === 0 ? 'empty' : 'start';
}

/** How many channels of a page have a key: the digits from 1. */
export const KEYS = 9;

/**
 * The channels on one of so many pages, counted from 0.
 * @param {Channel[]} channels @param {number} page @param {number} pages
 */
export function channelsOn(channels, page, pages) {
  const each = Math.ceil(channels.length / pages);
  return channels.slice(page * each, (page + 1) * each);
}

/**
 * The channel that a digit key chooses: 1 the first of those on the screen.
 * @param {Channel[]} shown @param {string} key @returns {string | null}
 */
export function channelOfKey(shown, key) {
  if (!/^[1-9]$/.test(key)) return null;
  const channel = shown[Number(key) - 1];
  return channel && channel.open ? channel.id : null;
}
