/** The screens between the choice and the ticket, and those without a choice. */

/** @import { Ticket, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { Failure, Invitation, State } from './flow.js' */
/** @import { Key } from './texts.js' */
import { h } from '../../displays/lib/dom.js';
import { fate, openingSentences, reasonOf } from '../../displays/lib/opening.js';
import { clock } from '../../displays/lib/text.js';
import { mayRepeat } from './flow.js';
import { refusal } from './refusal.js';
import { direction, other, phrases, say2, two } from './texts.js';

/**
 * Whether one has priority: asked of each one alone, in quiet words, and of the same size whatever
 * the answer.
 * @param {State} state @param {string} language
 * @param {{ answer: (priority: boolean) => void, back: () => void }} actions
 */
export function classScreen(state, language, actions) {
  const sent = state.step === 'sending' && state.wish ? state.wish.class : '';
  const answer = (/** @type {Key} */ key, /** @type {string} */ kind, /** @type {number} */ n) => {
    const element = button(key, language, () => actions.answer(kind === 'priority'), 'big-button plain answer');
    element.prepend(h('span', { class: 'tile-key', 'aria-hidden': 'true' }, String(n)));
    if (!sent) return element;
    element.setAttribute('aria-disabled', 'true');
    element.classList.toggle('is-sending', sent === kind);
    return element;
  };
  const back = button('goBack', language, actions.back, 'big-button plain');
  back.toggleAttribute('data-idle', !!sent);
  return h(
    'div',
    { class: 'screen-body class-body' },
    h('div', { class: 'screen-head' }, h('h1', { tabindex: -1 }, say2('classTitle', language)), h('p', { class: 'class-who' }, say2('classWho', language))),
    h('div', { class: 'answers' }, answer('classNo', 'standard', 1), answer('classYes', 'priority', 2)),
    h('p', { class: 'class-sending', role: 'status' }, sent ? say2('sending', language) : null),
    back,
  );
}

/**
 * @param {Failure} failure @param {string} language
 * @param {{ home: () => void, again: () => void }} actions
 */
export function failureScreen(failure, language, actions) {
  if (mayRepeat(failure)) {
    return message('!', 'silent', language, [
      h('p', { class: 'message-do fits' }, say2('silentDo', language)),
      h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button plain'), button('retry', language, actions.again, 'big-button')),
    ]);
  }
  return message('!', 'refused', language, [
    h('p', { class: 'message-do fits' }, two(refusal(failure), language)),
    h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button')),
  ]);
}

/**
 * The code that makes the ticket on the phone that scans it.
 * @param {Invitation} invitation @param {string} language
 * @param {{ home: () => void, onPaper: () => void }} actions
 */
export function invitedScreen(invitation, language, actions) {
  return h(
    'div',
    { class: 'screen-body message-body' },
    h(
      'div',
      { class: 'invited' },
      h('img', { class: 'invitation fits', src: invitation.qr, alt: phrases.say('qr', {}, language), width: 240, height: 240, 'data-url': invitation.url }),
      h('div', { class: 'invited-words' }, h('h1', { class: 'fits', tabindex: -1 }, say2('inviteTitle', language)), h('p', { class: 'message-do fits' }, say2('inviteDo', language))),
    ),
    h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button plain'), button('paperTool', language, actions.onPaper, 'big-button')),
  );
}

/** A place was given up. @param {Ticket} ticket @param {string} language @param {{ home: () => void }} actions */
export function goneScreen(ticket, language, actions) {
  return message('–', 'gone', language, [
    h('p', { class: 'message-do fits' }, say2('goneDo', language, { number: ticket.number })),
    h('div', { class: 'reach row' }, button('home', language, actions.home, 'big-button')),
  ]);
}

/**
 * The screens on which nothing can be chosen.
 * @param {'unpaired' | 'connecting' | 'lost' | 'closed' | 'empty'} which
 * @param {TotemPage | null} view @param {string} language @param {number} now
 */
export function idleScreen(which, view, language, now) {
  if (which === 'unpaired') {
    return message('!', 'unpaired', language, [
      h('p', { class: 'message-do fits' }, say2('unpairedDo', language)),
      h('p', { class: 'message-small fits' }, say2('unpairedAdmin', language)),
    ]);
  }
  if (which === 'connecting') return message('…', 'connecting', language, []);
  if (which === 'lost') return message('!', 'lost', language, [h('p', { class: 'message-do fits' }, say2('lostDo', language))]);
  if (which === 'closed') {
    const [what, beside] = [language, other(language)].map((lang) => (view ? officeNews(view, now, lang) : ''));
    return message('–', view?.situation === 'full' ? 'officeFull' : 'office', language, [
      h('p', { class: 'message-do fits' }, h('span', { class: 'first' }, what), h('span', { class: 'second', lang: other(language), dir: direction(other(language)) }, beside)),
    ]);
  }
  return message('–', 'empty', language, [h('p', { class: 'message-do fits' }, say2('emptyDo', language))]);
}

/** So long before it the closing is told. Minutes. */
const SOON = 30;

/**
 * What is to be known of an early or near closing or of a closed office; nothing on a usual day.
 * That the office is closed the screen's title says, so a closing without a reason isn't told twice.
 * @param {TotemPage} view @param {number} now @param {string} language
 */
export function officeNews(view, now, language) {
  const said = !view.open && !reasonOf(view, language);
  const usual = openingSentences(view, now, language).slice(said ? 1 : 0);
  const left = view.open && view.closes_at ? Math.ceil((Date.parse(view.closes_at) - now) / 60000) : SOON + 1;
  // An early closing tells its time anyway.
  if (!view.closes_at || left > SOON || left < 1 || view.situation === 'closing') return usual.join(' ');
  const time = clock(view.closes_at, view.office.time_zone);
  const soon = phrases.say('soonCloses', { n: left, time }, language);
  return [soon, ...(usual.length > 0 ? usual : [fate({ ...view, situation: 'closing' }, language)])].join(' ');
}

/**
 * @param {string} sign @param {Key} title @param {string} language
 * @param {(Node | null | false | '')[]} rest
 */
function message(sign, title, language, rest) {
  return h(
    'div',
    { class: 'screen-body message-body' },
    h('div', { class: 'message-sign fits', 'aria-hidden': 'true' }, sign),
    h('h1', { class: 'fits', tabindex: -1 }, say2(title, language)),
    ...rest.map((node) => node || null),
  );
}

/** @param {Key} key @param {string} language @param {() => void} act @param {string} style */
export function button(key, language, act, style) {
  const element = h('button', { class: style, type: 'button' }, say2(key, language));
  element.addEventListener('click', act);
  return element;
}
