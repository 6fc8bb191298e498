/** The page of one's own ticket: keeps live what the server has written into it. */

/** @import { PublicPage, Sooner, Ticket, TicketPage, Wait } from '../lib/wire.d.ts' */
import { Api, ApiError } from '../lib/api.js';
import '../lib/catalogue-more.js';
import { connection } from '../lib/catalogue.js';
import { byId, counted, h, marked, setText } from '../lib/dom.js';
import { LiveView } from '../lib/live.js';
import { openingWords, told } from '../lib/opening.js';
import { clock, Phrases, pick, within } from '../lib/text.js';
import { Alert } from './alert.js';
import { advices, beside, both, language, paper, sooner, visits, waits, words } from './words.js';

/** @typedef {import('../lib/text.js').Text} Text */

/** The telephone's buzz on a call: on, off, on... in milliseconds. */
const BUZZ = [400, 200, 400, 200, 800];

/** And when it is time to come near. */
const NUDGE = [200, 150, 200];

/** Whoever was to come near is asked again once it was so far away in between. Seconds. */
const AWAY_S = 600;

/** A call older than this is shown, but no longer spoken. Milliseconds. */
const OLDEST_MS = 60000;

/** The states in which somebody still waits for something. */
const WAITS = ['waiting', 'held', 'absent'];

const page = document.body.dataset;
const id = page.ticket || '';
const title = document.title;

/** Where the reader's choice of a language is kept, with the ticket that it was made for. */
const KEPT = 'eliminacode-ticket-language';
keepLanguage();

/** The last call that the telephone buzzed for. */
let buzzed = '';
/** Whether its holder was asked to come near, and hasn't been sent away since. */
let nudged = false;
/** What is on the page: nothing is written twice, so that screen readers hear only what is new. */
let shown = '';

const alert = new Alert(byId('alert'), (on, notifies) => {
  put('alert', both((lang) => words.say(!on ? 'sound' : notifies ? 'notified' : 'sound_on', {}, lang)));
});

/** @type {LiveView<TicketPage>} */
const live = new LiveView({ view: 'ticket', ticket: id }, {
  at: page.at,
  onView: render,
  says: (state) => (isOver() ? 'live' : state),
  onState() {
    if (live.state !== 'live' && !isOver()) document.title = `${new Phrases(connection).say('lost', {}, language)} · ${title.split(' · ')[0]}`;
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
  alert.show(WAITS.includes(ticket.state) || (alert.on && !isOver()), visit.say);
  buzz(ticket, visit); // a recall changes nothing else on the page
  const key = JSON.stringify([ticket, isEarly(ticket), visit.late, visit.near, visit.may_postpone, visit.sooner, visit.where, visit.public && visit.public.ended, isUnattended(visit)]);
  if (key === shown) return;
  shown = key;
  document.body.setAttribute('data-state', stateOf(visit));
  const channel = visit.public && visit.public.channels.find((c) => c.id === ticket.channel);
  if (channel) put('channel', channel.names);
  setText(byId('number'), ticket.number);
  put('state', both((lang) => visits.say(stateOf(visit), {}, lang)));
  put('slot', ticket.slot ? both((lang) => paper.say('appointment', { time: time(ticket.slot) }, lang)) : {});
  put('advice', both((lang) => advice(ticket, visit, lang)));
  showWhere(ticket, visit);
  showAhead(ticket, visit);
  showSooner(visit.sooner);
  byId('cancel').hidden = !WAITS.includes(ticket.state);
  byId('postpone').hidden = !visit.may_postpone;
  put('postpone-means', both((lang) => words.say('postpone_means', { minutes: waits.about(visit.postpone_s, lang) }, lang)));
}

/**
 * A reader who has chosen a language finds it again by the ticket's code, which doesn't say it.
 */
function keepLanguage() {
  const chosen = new URLSearchParams(location.search).has('lang');
  try {
    if (chosen) localStorage.setItem(KEPT, `${id} ${language}`);
    const [of, kept] = (localStorage.getItem(KEPT) || '').split(' ');
    if (!chosen && of === id && kept !== language) location.replace(`?lang=${kept}`);
  } catch {
    // Nothing is kept where the browser keeps nothing.
  }
}

/** What to do now. @param {Ticket} ticket @param {TicketPage} visit @param {string} lang */
function advice(ticket, visit, lang) {
  if (ticket.state === 'expired' && visit.public && visit.public.ended) return openingWords(visit.public, live.now(), lang);
  if (ticket.state === 'absent' && ticket.until) return words.say('absent_until', { time: time(ticket.until) }, lang);
  return advices.say(stateOf(visit), {}, lang);
}

/** The state of the ticket, or that its holder is to come near. @param {TicketPage} visit */
function stateOf(visit) {
  if (visit.near) return 'near';
  return visit.ticket ? visit.ticket.state : '';
}

/**
 * Whether it waits for an appointment's time that hasn't come: however few are before it, it isn't next.
 * @param {Ticket} ticket
 */
function isEarly(ticket) {
  return ticket.state === 'waiting' && Boolean(ticket.slot) && live.now() < Date.parse(ticket.slot || '');
}

/** @param {string | null} at */
function time(at) {
  return clock(at || '', live.zone);
}

/** That the office closes early or has closed, to whoever still waits. @param {TicketPage} visit */
function showOpening(visit) {
  const office = visit.public;
  const waits = visit.ticket && WAITS.includes(visit.ticket.state);
  const say = (/** @type {PublicPage} */ view, /** @type {string} */ lang) => {
    if (view.situation !== 'attended' || !visit.attended) return openingWords(view, live.now(), lang);
    return `${told(view, live.now(), lang)} ${words.say('anyway', {}, lang)}`;
  };
  const news = waits && office ? both((lang) => say(office, lang)) : {};
  const element = byId('opening');
  const said = news[language] || '';
  element.hidden = !said;
  if (element.getAttribute('data-shown') === said) return;
  element.setAttribute('data-shown', said);
  put('opening', news);
}

/** @param {string} where @param {Text} text @param {(said: string) => Node} [write] */
function put(where, text, write) {
  fill(byId(where), text, write);
}

/**
 * Writes a text and the one beside it, as Two of displays/ticket.go does.
 * @param {HTMLElement} element @param {Text} text
 * @param {(said: string) => Node} [write] the first one
 */
function fill(element, text, write = marked) {
  element.textContent = '';
  const first = within(text, language);
  if (!first) return;
  element.append(h('span', {}, write(first)));
  const second = text[beside];
  if (second && second !== pick(text, language)) element.append(' ', h('span', { class: 'en', lang: beside, dir: 'ltr' }, marked(second)));
}

/** @param {Ticket} ticket @param {TicketPage} visit */
function showWhere(ticket, visit) {
  const called = ticket.state === 'called' || ticket.state === 'serving';
  put('where', called ? visit.where : {});
  if (called) byId('where').prepend(h('span', { class: 'where-arrow', 'aria-hidden': 'true' }, '→'), ' ');
}

/** Whether no counter is open, although the office is. @param {TicketPage} visit */
function isUnattended({ public: office, late }) {
  return Boolean(office && office.open && !office.attended && !late);
}

/** @param {Ticket} ticket @param {TicketPage} visit */
function showAhead(ticket, visit) {
  const waiting = ticket.state === 'waiting';
  const n = ticket.ahead;
  const slot = { time: time(ticket.slot || ticket.issued_at) };
  const before = (/** @type {string} */ lang) => {
    if (isEarly(ticket)) return words.say(visit.late ? 'late' : 'at_slot', slot, lang);
    return n === 0 ? words.say('next', {}, lang) : paper.say('ahead', { n }, lang);
  };
  put('ahead', waiting ? both(before) : {}, isEarly(ticket) ? whole : (said) => counted(said, n) || whole(said));
  const wait = waiting ? ticket.wait : null;
  if (wait) put('wait', both((lang) => waitOf(wait, lang)));
  else put('wait', waiting && isUnattended(visit) ? both((lang) => waits.unattended(lang)) : {});
}

/** Who came later and was called before, and why. @param {Sooner[]} list */
function showSooner(list) {
  byId('sooner').hidden = list.length === 0;
  byId('sooner-list').replaceChildren(...list.map(({ number, why, slot }) => {
    const item = h('li', {});
    fill(item, both((lang) => sooner.say(why, { number, time: slot ? time(slot) : '' }, lang)));
    return item;
  }));
}

/** @param {string} said */
function whole(said) {
  return h('strong', { class: 'soon' }, said);
}

/** @param {Wait} wait @param {string} lang */
function waitOf(wait, lang) {
  return paper.say('wait', { wait: waits.say(wait, lang) }, lang);
}

/** @param {TicketPage} visit */
function setTitle(visit) {
  const ticket = visit.ticket;
  if (!ticket) return;
  const mark = ticket.state === 'called' ? '● ' : visit.near ? '○ ' : '';
  document.title = `${mark}${ticket.number} · ${titleOf(ticket, visit)}`;
}

/** @param {Ticket} ticket @param {TicketPage} visit */
function titleOf(ticket, visit) {
  if (ticket.state === 'called') return `${visits.say('called', {}, language).toUpperCase()} → ${pick(visit.where, language)}`;
  if (visit.near) return visits.say('near', {}, language);
  if (isEarly(ticket)) return paper.say('appointment', { time: time(ticket.slot) }, language);
  if (ticket.state !== 'waiting') return visits.say(ticket.state, {}, language);
  return ticket.ahead ? paper.say('ahead', { n: ticket.ahead }, language) : words.say('next', {}, language);
}

/**
 * Buzzes and sounds when it is time to come near, once for a call, and once more for each recall.
 * @param {Ticket} ticket @param {TicketPage} visit
 */
function buzz(ticket, visit) {
  if (!visit.near && (!ticket.wait || ticket.wait.likely_s >= AWAY_S)) nudged = false;
  if (visit.near && !nudged) {
    nudged = true;
    vibrate(NUDGE);
    alert.nudge();
    alert.notify(`${ticket.number} · ${visits.say('near', {}, language)}`, advices.say('near', {}, language), NUDGE);
  }
  if (ticket.state !== 'called' || !ticket.called_at) return;
  const announced = visit.public && visit.public.calls.find((c) => c.number === ticket.number);
  const call = `${ticket.called_at} ${announced ? announced.times : 1}`;
  if (call === buzzed) return;
  buzzed = call;
  vibrate(BUZZ);
  if (live.now() - Date.parse(announced ? announced.at : ticket.called_at) > OLDEST_MS) return;
  alert.call();
  alert.notify(`${ticket.number} · ${visits.say('called', {}, language)}`, pick(visit.where, language), BUZZ);
}

/** @param {number[]} pattern */
function vibrate(pattern) {
  // Before a first touch browsers don't let a page buzz, and say so aloud.
  if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(pattern);
}

/**
 * A wish of its holder: a form, which also works without this.
 * @param {string} form @param {string} refusal what is said where it can't be had any more
 * @param {() => Promise<unknown>} ask
 */
function wish(form, refusal, ask) {
  byId(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (byId(form).querySelector('button'));
    const message = byId('message');
    message.hidden = true;
    button.disabled = true;
    try {
      await ask();
      byId(form).removeAttribute('open');
      byId('number').focus(); // what was pressed goes
    } catch (error) {
      const refused = error instanceof ApiError && (error.status === 404 || error.status === 409);
      put('message', both((lang) => words.say(refused ? refusal : 'not_now', {}, lang)));
      message.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

const path = `/tickets/${encodeURIComponent(id)}`;
wish('cancel', 'not_cancelled', () => new Api().delete(path));
wish('postpone', 'not_postponed', () => new Api().post(`${path}/postpone`));
