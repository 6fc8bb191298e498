/** Says when what is shown may no longer be true. */

/** @import { Connection } from './connection.js' */
import { connection } from './catalogue.js';
import { h } from './dom.js';
import { clock, MAIN, Phrases } from './text.js';

const phrases = new Phrases(connection);

/**
 * The banner over a page whose connection fails. It also writes the state on the page itself
 * (`data-connection`), whose style sheet greys out what is old.
 */
export class ConnectionBanner {
  /**
   * @param {HTMLElement} element an empty one: it becomes a polite live region
   * @param {{ advice?: string | (() => string), alone?: boolean }} [options] what to do meanwhile;
   *   alone: in the page's language, without another beside it
   */
  constructor(element, options = {}) {
    this.element = element;
    const advice = options.advice || '';
    this.alone = options.alone;
    this.advice = typeof advice === 'string' ? () => advice : advice;
    this.shown = '';
    element.setAttribute('role', 'status');
    element.classList.add('connection');
  }

  /**
   * @param {Connection} state
   * @param {string | number | null} at of the last update
   * @param {string} [zone]
   */
  show(state, at, zone = 'Europe/Rome') {
    document.documentElement.setAttribute('data-connection', state);
    const time = at === null ? '' : clock(at, zone);
    const advice = state === 'connecting' ? '' : this.advice();
    const shown = `${state} ${time} ${advice}`;
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.textContent = '';
    if (state === 'live' || (state === 'connecting' && at !== null)) return;
    const language = document.documentElement.lang || MAIN;
    const beside = language === MAIN ? 'en' : MAIN;
    const last = time && state !== 'connecting' ? phrases.say('last', { time }, language) : '';
    this.element.append(
      h(
        'div',
        { class: 'connection-banner' },
        h('strong', {}, phrases.say(state, {}, language)),
        !this.alone && h('span', { lang: beside, dir: 'ltr' }, phrases.say(state, {}, beside)),
        last && h('span', { class: 'connection-last' }, last),
        advice && h('span', {}, advice),
      ),
    );
  }
}
