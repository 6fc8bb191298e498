/** The page of one's own ticket: keeps live what the server has written into it. */

/** @import { Ticket, TicketPage } from '../lib/wire.d.ts' */
import { Api, ApiError } from '../lib/api.js';
import { both, byId, h, setText } from '../lib/dom.js';
import { LiveView } from '../lib/live.js';
import { openingWords, reasonOf } from '../lib/opening.js';
import { beside, clock, expected, pick } from '../lib/text.js';
import { advices, states, words } from './words.js';

/** The telephone's buzz on a call: on, off, on... in milliseconds. */
const BUZZ = [400, 200, 400, 200, 800];

/** The states in which somebody still waits for something. */
const WAITS = ['waiting', 'held', 'absent'];

const page = document.body.dataset;
const id = page.ticket || '';
const title = document.title;

/** The last call that the telephone buzzed for. */
let buzzed = '';
/** What is on the page: nothing is written twice, so that screen readers hear only what is new. */
let shown = '';

/** @type {LiveView<TicketPage>} */
const live = new LiveView({ view: 'ticket', ticket: id }, {
  at: page.at,
  onView: render,
  says: (state) => (isOver() ? 'live' : state),
  onState() {
    if (live.state !== 'live' && !isOver()) document.title = `${words.say('noConnection')} · ${title.split(' · ')[0]}`;
    else if (live.view) setTitle(live.view);
  },
  askWhy: () => isOver() || askWhetherItIs(),
});

/** Whether the page has its answer, and needs no connection any more. */
function isOver() {
  const visit = live && live.view;
  return !!visit && (!visit.ticket || ['served', 'cancelled', 'expired'].includes(visit.ticket.state));
}

/** The server has no connection for a ticket of another day: then the page says so. */
async function askWhetherItIs() {
  try {
    await new Api({ patience: 1 }).get(`/tickets/${encodeURIComponent(id)}`); // once: it is asked again
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) location.reload();
  }
}

/** @param {TicketPage} visit */
function render(visit) {
  const ticket = visit.ticket;
  if (!ticket) {
    location.reload();
    return;
  }
  setTitle(visit);
  showOpening(visit);
  const key = JSON.stringify([ticket, isEarly(ticket), visit.late, visit.where, visit.public && visit.public.ended]);
  if (key === shown) return;
  shown = key;
  document.body.setAttribute('data-state', ticket.state);
  const channel = visit.public && visit.public.channels.find((c) => c.id === ticket.channel);
  if (channel) byId('channel').replaceChildren(both(pick(channel.names), beside(channel.names)));
  setText(byId('number'), ticket.number);
  put('state', states.say(ticket.state), states.say(ticket.state, {}, 'en'));
  put('slot', ticket.slot ? words.say('slot', { time: time(ticket.slot) }) : '', ticket.slot ? words.say('slot', { time: time(ticket.slot) }, 'en') : '');
  put('advice', advice(ticket, visit, 'it'), advice(ticket, visit, 'en'));
  showWhere(ticket, visit);
  showAhead(ticket, visit.late);
  byId('cancel').hidden = !WAITS.includes(ticket.state);
  buzz(ticket);
}

/** What to do now. @param {Ticket} ticket @param {TicketPage} visit @param {string} language */
function advice(ticket, visit, language) {
  if (ticket.state === 'expired' && visit.public && visit.public.ended) return openingWords(visit.public, live.now(), language);
  if (ticket.state === 'absent' && ticket.until) return words.say('absentUntil', { time: time(ticket.until) }, language);
  return advices.say(ticket.state, {}, language);
}

/**
 * Whether it waits for an appointment's time that hasn't come: however few are before it, it isn't next.
 * @param {Ticket} ticket
 */
function isEarly(ticket) {
  return ticket.state === 'waiting' && Boolean(ticket.slot) && live.now() < Date.parse(ticket.slot || '');
}

/** @param {string} at */
function time(at) {
  return clock(at, live.zone);
}

/**
 * That the office closes early or has closed, to whoever still waits; the reason also in the
 * reader's own language.
 * @param {TicketPage} visit
 */
function showOpening(visit) {
  const waits = visit.ticket && WAITS.includes(visit.ticket.state);
  const news = waits && visit.public ? openingWords(visit.public, live.now()) : '';
  const element = byId('opening');
  element.hidden = !news;
  if (!visit.public || element.getAttribute('data-shown') === news) return;
  element.setAttribute('data-shown', news);
  put('opening', news, openingWords(visit.public, live.now(), 'en'));
  const reader = navigator.language.slice(0, 2);
  const own = visit.public.reasons[reader];
  if (news && own && own !== reasonOf(visit.public) && reader !== 'en') element.append(h('span', { class: 'en-line', lang: reader }, own));
}

/** @param {string} where @param {string} it @param {string} en */
function put(where, it, en) {
  byId(where).replaceChildren(...(it ? [h('span', {}, it), ' ', h('span', { class: 'en en-line', lang: 'en' }, en)] : []));
}

/** @param {Ticket} ticket @param {TicketPage} visit */
function showWhere(ticket, visit) {
  const where = byId('where');
  where.textContent = '';
  if (ticket.state !== 'called' && ticket.state !== 'serving') return;
  where.append(h('span', { class: 'where-arrow', 'aria-hidden': 'true' }, '→ '), pick(visit.where), ' ');
  if (beside(visit.where)) where.append(h('span', { class: 'en en-line', lang: 'en' }, beside(visit.where)));
}

/** @param {Ticket} ticket @param {boolean} late */
function showAhead(ticket, late) {
  const ahead = byId('ahead');
  const wait = byId('wait');
  ahead.textContent = '';
  wait.textContent = '';
  if (ticket.state !== 'waiting') return;
  const n = ticket.ahead;
  const slot = { time: time(ticket.slot || ticket.issued_at) };
  if (isEarly(ticket) && late) ahead.append(h('strong', { class: 'soon' }, words.say('late', slot)), both(' ', words.say('late', slot, 'en')));
  else if (isEarly(ticket)) ahead.append(h('strong', { class: 'soon' }, words.say('atSlot', slot)), both(' ', words.say('atSlot', slot, 'en')));
  else if (n === 0) ahead.append(h('strong', { class: 'soon' }, words.say('next')), both(' ', words.say('next', {}, 'en')));
  else {
    ahead.append(
      h('strong', {}, String(n)),
      ' ',
      h('span', {}, words.say('ahead', { n }), ' ', h('span', { class: 'en en-line', lang: 'en' }, words.say('ahead', { n }, 'en'))),
    );
  }
  const range = expected(ticket.wait);
  if (range) wait.append('Attesa prevista ', h('strong', {}, range), both('', 'Expected wait'));
}

/** @param {TicketPage} visit */
function setTitle(visit) {
  const ticket = visit.ticket;
  if (!ticket) return;
  if (ticket.state === 'called') document.title = `● ${ticket.number} · ${states.say('called').toUpperCase()} → ${pick(visit.where)}`;
  else if (isEarly(ticket)) document.title = `${ticket.number} · ${words.say('slot', { time: time(ticket.slot || '') })}`;
  else if (ticket.state === 'waiting') document.title = `${ticket.number} · ${ticket.ahead ? words.say('titleAhead', { n: ticket.ahead }) : words.say('next')}`;
  else document.title = `${ticket.number} · ${states.say(ticket.state)}`;
}

/** Buzzes once for a call, and once more for each recall. @param {Ticket} ticket */
function buzz(ticket) {
  if (ticket.state !== 'called' || !ticket.called_at) return;
  const call = `${ticket.called_at} ${callTimes(ticket)}`;
  if (call === buzzed) return;
  buzzed = call;
  // Before a first touch browsers don't let a page buzz, and say so aloud.
  if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(BUZZ);
}

/** How often the ticket's call was announced. @param {Ticket} ticket */
function callTimes(ticket) {
  const visit = live.view;
  const call = visit && visit.public && visit.public.calls.find((c) => c.number === ticket.number);
  return call ? call.times : 1;
}

byId('cancel').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const message = byId('message');
  message.hidden = true;
  button.disabled = true;
  try {
    await new Api().delete(`/tickets/${encodeURIComponent(id)}`);
    byId('cancel').removeAttribute('open');
  } catch (error) {
    message.textContent = error instanceof ApiError ? error.message : String(error);
    message.hidden = false;
  } finally {
    button.disabled = false;
  }
});
