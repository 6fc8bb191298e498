/** What the kiosk does, step by step. Pure: no DOM, no clock, no network. */

/** @import { Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { Connection } from '../../displays/lib/connection.js' */

/** A press so soon after a change of screen was meant for the screen before. Milliseconds. */
export const GHOST_MS = 500;
/** How long a ticket stays on the screen. Milliseconds, as all below. */
const TICKET_MS = 30_000;
/** How long it is asked whether to keep the place of a ticket that isn't on paper. */
const KEEP_MS = 60_000;
/** Nothing heard of the paper for so long: the screen goes on as with any ticket. */
export const PRINTING_MS = 25_000;
/** How long a refusal stays, or that a place was given up. */
const REFUSAL_MS = 20_000;
/** Untouched so long, the kiosk asks whether anybody is still there. */
export const IDLE_MS = 60_000;
/** How long a code stays that makes the ticket on whoever's phone scans it. */
const INVITED_MS = 60_000;
/** A code is as old as this when another takes its place; it holds for 90 seconds. */
export const INVITATION_MS = 75_000;
/** How long it waits for the answer. */
export const ASK_MS = 20_000;
/** What "I need more time" gives, as often as wanted. */
export const MORE_MS = 60_000;

/**
 * @typedef {{ channel: string, class: string, key: string }} Wish a ticket asked for; the key makes
 *   it one ticket, however often it is sent
 */
/**
 * @typedef {{ code: string, message: string, language: string, reason?: string }} Failure language:
 *   of the message; reason: the refusal's, by name
 */
/** @typedef {{ url: string, qr: string, ticket: string }} Invitation ticket: the id of the one that it becomes */
/** @typedef {'choose' | 'services' | 'search' | 'class'} Place where something is chosen */

/**
 * @typedef {object} State
 * @property {Place | 'sending' | 'invited' | 'ticket' | 'failed' | 'gone'} step
 * @property {Place[]} path the places before this one, to go back to
 * @property {number} since when the step began
 * @property {string} channel chosen so far; empty: none
 * @property {string} service chosen so far
 * @property {Wish | null} wish
 * @property {Invitation[]} invitations those that may still be scanned, the newest last
 * @property {Ticket | null} ticket
 * @property {Failure | null} failure
 * @property {boolean} kept its holder has said to keep the place
 * @property {string} stale what was known of the paper when another copy was asked for, in JSON:
 *   it is no news of the copy
 */

/** @param {number} now @returns {State} */
export function start(now) {
  return { step: 'choose', path: [], since: now, channel: '', service: '', wish: null, invitations: [], ticket: null, failure: null, kept: false, stale: '' };
}

/** Where one is, or was before a wish was sent. @param {State} state @returns {Place | null} */
export function place(state) {
  if (state.step === 'sending') return state.path[state.path.length - 1];
  return state.step === 'invited' || state.step === 'ticket' || state.step === 'failed' || state.step === 'gone' ? null : state.step;
}

/** @param {State} state @param {number} now */
function isGhost(state, now) {
  return now - state.since < GHOST_MS;
}

/**
 * Enters a place.
 * @param {State} state @param {Place} step @param {number} now @param {Partial<State>} more
 * @returns {State}
 */
function enter(state, step, now, more) {
  const from = place(state);
  return { ...state, ...more, step, since: now, path: from ? [...state.path, from] : [] };
}

/**
 * A press on a channel: its services come next if it offers any, then whether one has priority if
 * that is asked here, then the wish. The same state comes back when the press doesn't count: a
 * second tap, one meant for the screen before.
 * @param {State} state @param {string} channel @param {string} key @param {number} now
 * @param {Pick<TotemPage, 'classes' | 'services'>} view
 * @returns {State}
 */
export function choose(state, channel, key, now, view) {
  if (state.step !== 'choose' || isGhost(state, now)) return state;
  if (servicesOf(view, channel).length > 0) return enter(state, 'services', now, { channel });
  return pick(state, channel, '', key, now, view);
}

/**
 * A press on a service, or on "something else" of a channel.
 * @param {State} state @param {string} channel @param {string} service empty: something else
 * @param {string} key @param {number} now
 * @param {Pick<TotemPage, 'classes'>} view
 * @returns {State}
 */
export function chooseService(state, channel, service, key, now, view) {
  if ((state.step !== 'services' && state.step !== 'search') || isGhost(state, now)) return state;
  return pick(state, channel, service, key, now, view);
}

/**
 * @param {State} state @param {string} channel @param {string} service @param {string} key
 * @param {number} now @param {Pick<TotemPage, 'classes'>} view
 */
function pick(state, channel, service, key, now, view) {
  if (view.classes.includes('priority')) return enter(state, 'class', now, { channel, service });
  return ask({ ...state, channel, service }, 'standard', key, now);
}

/**
 * The answer to whether one has priority. It counts for this ticket alone.
 * @param {State} state @param {boolean} priority @param {string} key @param {number} now
 * @returns {State}
 */
export function chooseClass(state, priority, key, now) {
  if (state.step !== 'class' || isGhost(state, now)) return state;
  return ask(state, priority ? 'priority' : 'standard', key, now);
}

/** @param {State} state @param {string} kind @param {string} key @param {number} now @returns {State} */
function ask(state, kind, key, now) {
  const from = place(state);
  return { ...state, step: 'sending', since: now, path: from ? [...state.path, from] : state.path, wish: { channel: state.channel, class: kind, key } };
}

/** @param {State} state @param {number} now @returns {State} */
export function search(state, now) {
  return state.step === 'choose' && !isGhost(state, now) ? enter(state, 'search', now, {}) : state;
}

/** One place back. @param {State} state @param {number} now @returns {State} */
export function back(state, now) {
  const before = state.path[state.path.length - 1];
  if (!before || place(state) === null || state.step === 'sending') return state;
  return { ...state, step: before, since: now, path: state.path.slice(0, -1), service: '' };
}

/** The services that are offered under a channel. @param {Pick<TotemPage, 'services'>} view @param {string} channel */
export function servicesOf(view, channel) {
  return (view.services || []).filter((service) => service.on_totem && service.channel === channel);
}

/**
 * A code is there to be scanned, or a fresh one, beside the last, which may be on a phone already.
 * @param {State} state @param {Invitation} invitation @param {number} now @returns {State}
 */
export function invited(state, invitation, now) {
  if (state.step === 'sending') return { ...state, step: 'invited', since: now, invitations: [invitation], failure: null };
  return state.step === 'invited' ? { ...state, invitations: [...state.invitations.slice(-1), invitation] } : state;
}

/** The ticket on paper after all. @param {State} state @param {string} key @param {number} now @returns {State} */
export function onPaper(state, key, now) {
  if (state.step !== 'invited' || !state.wish || isGhost(state, now)) return state;
  return { ...state, step: 'sending', since: now, invitations: [], wish: { ...state.wish, key } };
}

/** @param {State} state @param {Ticket} ticket @param {number} now @returns {State} */
export function issued(state, ticket, now) {
  return { ...state, step: 'ticket', since: now, ticket, failure: null, kept: false, stale: '' };
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

/** Refusals of the kiosk's agent that pass with no second try. */
const LASTING = ['offline_numbers_gone', 'offline_disk', 'offline_nothing_known'];

/** Whether sending the same again may help. @param {Failure | null} failure */
export function mayRepeat(failure) {
  return failure !== null && (failure.code === 'unreachable' || failure.code === 'unavailable') && !LASTING.includes(failure.reason || '');
}

/** Whether the kiosk isn't known to the server. @param {Failure | null} failure */
function isUnpaired(failure) {
  return failure !== null && (failure.code === 'unauthenticated' || failure.code === 'forbidden' || failure.reason === 'totem_unpaired');
}

/**
 * What was heard of the ticket's paper.
 * @param {State} state @param {{ ticket: string, printed: string, reason?: string }} news
 * @param {number} now @returns {State}
 */
export function paper(state, news, now) {
  const ticket = state.ticket;
  if (state.step !== 'ticket' || !ticket || ticket.id !== news.ticket || JSON.stringify(news) === state.stale) return state;
  if (ticket.printed === news.printed) return state.stale ? { ...state, stale: '' } : state;
  const printed = /** @type {Ticket['printed']} */ (news.printed);
  return { ...state, since: now, stale: '', ticket: { ...ticket, printed, print_reason: news.reason } };
}

/**
 * Another copy was asked for.
 * @param {State} state @param {Ticket} ticket the answer
 * @param {{ ticket: string, printed: string, reason?: string } | undefined} known of its paper until now
 * @param {number} now @returns {State}
 */
export function reprinting(state, ticket, known, now) {
  if (state.step !== 'ticket' || !state.ticket || state.ticket.id !== ticket.id) return state;
  return { ...state, since: now, ticket, stale: known ? JSON.stringify(known) : '' };
}

/** @param {State} state @param {number} now @returns {State} */
export function keep(state, now) {
  return state.step === 'ticket' ? { ...state, since: now, kept: true } : state;
}

/** The place was given up. @param {State} state @param {number} now @returns {State} */
export function givenUp(state, now) {
  return state.step === 'ticket' ? { ...state, step: 'gone', since: now } : state;
}

/**
 * What the screen of a ticket is about: it is being printed, is there to be taken, isn't on paper
 * or may not be, or needs none.
 * @param {State} state @param {number} now
 * @returns {'printing' | 'take' | 'ask' | 'kept' | 'plain'}
 */
export function about(state, now) {
  switch (state.ticket && state.ticket.printed) {
    case 'pending':
      return now - state.since < PRINTING_MS ? 'printing' : 'plain';
    case 'yes':
      return 'take';
    case 'failed':
    case 'unknown':
      return state.kept ? 'kept' : 'ask';
  }
  return 'plain';
}

/** How long a step stays on the screen; 0: until something happens. @param {State} state @param {number} now */
export function lasts(state, now) {
  if (state.step === 'gone') return REFUSAL_MS;
  if (state.step === 'failed') return isUnpaired(state.failure) ? 0 : REFUSAL_MS;
  if (state.step === 'invited') return INVITED_MS;
  if (state.step !== 'ticket') return 0;
  const what = about(state, now);
  return what === 'printing' ? 0 : what === 'ask' ? KEEP_MS : TICKET_MS;
}

/**
 * Which screen is shown.
 * @param {State} state @param {TotemPage | null} view @param {Connection} connection
 * @param {boolean} [refused] whether the server doesn't know the kiosk: then nothing else counts
 * @returns {'start' | 'class' | 'invited' | 'ticket' | 'gone' | 'failed' | 'unpaired' | 'connecting' | 'lost' |
 *   'closed' | 'empty'}
 */
export function screen(state, view, connection, refused = false) {
  if (state.step === 'invited' || state.step === 'ticket' || state.step === 'gone') return state.step;
  if (state.step === 'failed') return isUnpaired(state.failure) ? 'unpaired' : 'failed';
  const at = place(state) === 'class' ? 'class' : 'start';
  if (state.step === 'sending') return at;
  if (refused) return 'unpaired';
  if (connection === 'lost') return 'lost';
  if (!view) return 'connecting';
  if (at === 'class') return at;
  if (!view.open && view.channels.every((channel) => !channel.open)) return 'closed';
  return view.channels.length === 0 ? 'empty' : 'start';
}

/** How many choices of a page have a key: the digits from 1. */
export const KEYS = 9;

/**
 * The choices on one of so many pages, counted from 0.
 * @template Choice
 * @param {Choice[]} choices @param {number} page @param {number} pages
 */
export function choicesOn(choices, page, pages) {
  const each = Math.ceil(choices.length / pages);
  return choices.slice(page * each, (page + 1) * each);
}

/**
 * What a digit key chooses: 1 the first of those on the screen.
 * @template {{ open: boolean }} Choice
 * @param {Choice[]} shown @param {string} key @returns {Choice | null}
 */
export function choiceOfKey(shown, key) {
  if (!/^[1-9]$/.test(key)) return null;
  const choice = shown[Number(key) - 1];
  return choice && choice.open ? choice : null;
}
