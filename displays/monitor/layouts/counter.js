/** The sign over one counter: which it is, and who is expected at it. */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Moment } from './layouts.js' */
import { h } from '../../lib/dom.js';
import { reopens } from '../../lib/opening.js';
import { beside, pick } from '../../lib/text.js';
import { placeOf } from '../places.js';
import { measure } from '../screen.js';
import { arrow } from '../stage.js';
import { words } from '../words.js';

/** What a sign leaves out, one after another. */
const LESS = ['sign-brief', 'sign-bare'];

export class Counter {
  constructor() {
    this.shown = '';
    this.element = h('section', { class: 'sign', id: 'sign', 'aria-label': 'Sportello', 'aria-live': 'polite' });
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, { current, now }) {
    const { display, counters } = view;
    const counter = counters.find(({ id }) => id === display.counter);
    const call = view.calls.find(({ counter: at, holds }) => holds && at === display.counter) || null;
    const state = call ? 'called' : counter ? counter.status : 'closed';
    const others = counters.filter(({ id, status }) => status === 'open' && id !== display.counter);
    const again = state === 'closed' ? [reopens(view, now), reopens(view, now, 'en')] : [];
    const shown = JSON.stringify([counter, counters, call, state, again]);
    this.element.classList.toggle('fresh', current !== null);
    this.element.setAttribute('data-state', state);
    if (call) this.element.setAttribute('data-number', call.number);
    else this.element.removeAttribute('data-number');
    if (shown === this.shown) return;
    this.shown = shown;
    const names = counter ? counter.names : display.names;
    const place = placeOf({ counter: display.counter, where: names }, counters, 'it');
    const english = placeOf({ counter: display.counter, where: names }, counters, 'en');
    this.element.classList.toggle('sign-long', !place.word);
    this.element.style.setProperty('--channel', call ? call.color : 'var(--accent-deep)');
    this.element.replaceChildren(
      h(
        'div',
        { class: place.word ? 'sign-which' : 'sign-which sign-which-long' },
        place.word && h('p', { class: 'sign-word' }, place.word, ' ', english.word !== place.word && h('span', { lang: 'en', class: 'sign-en' }, english.word)),
        h('p', { class: place.word ? 'sign-desk fit' : 'sign-name fit-box' }, place.name),
        !place.word && h('p', { lang: 'en', class: 'sign-en' }, beside(names)),
      ),
      call ? called(call, view) : h('div', { class: 'sign-says' }, ...says(state, others.length > 0)),
      ...(state === 'closed' && others.length
        ? [h('ul', { class: 'sign-others' }, ...others.map((other) => h('li', {}, arrow('sign-arrow'), h('span', {}, pick(other.names)))))]
        : []),
      ...(state === 'closed' && !others.length && again[0] ? [h('p', { class: 'sign-again' }, again[0], ' ', h('span', { lang: 'en', class: 'sign-en' }, again[1]))] : []),
    );
  }

  /** What has no room is left out: what to do, the word before the number, the last others. */
  resize() {
    const { element } = this;
    const parts = Array.from(element.children);
    const others = Array.from(element.querySelectorAll('.sign-others li'), (each) => /** @type {HTMLElement} */ (each));
    element.classList.remove(...LESS);
    for (const other of others) other.hidden = false;
    const lacks = () => {
      measure(element, 1.4);
      return [element, ...parts].some((part) => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1);
    };
    for (let i = 0; i < LESS.length && lacks(); i++) element.classList.add(LESS[i]);
    for (let left = others.length; left > 1 && lacks(); left--) others[left - 1].hidden = true;
    measure(element, 1.4);
  }
}

/** @param {Call} call @param {DisplayPage} view */
function called(call, view) {
  const channel = view.channels.find(({ id }) => id === call.channel);
  return h(
    'div',
    { class: 'sign-called' },
    channel && h('p', { class: 'sign-channel' }, h('span', {}, pick(channel.names)), h('span', { lang: 'en', class: 'sign-en' }, beside(channel.names))),
    h('p', { class: 'sign-number fit' }, call.number),
  );
}

/** @param {'open' | 'paused' | 'closed' | string} state @param {boolean} others whether others are open */
function says(state, others) {
  const key = state === 'open' ? 'signOpen' : state === 'paused' ? 'signPaused' : 'signClosed';
  const hint = state === 'open' ? 'signOpenHint' : state === 'paused' ? 'signPausedHint' : others ? 'signOthers' : '';
  return [
    h('p', { class: 'sign-title' }, words.say(key)),
    h('p', { class: 'sign-en', lang: 'en' }, words.say(key, {}, 'en')),
    hint && h('p', { class: 'sign-hint' }, words.say(hint)),
    hint && h('p', { class: 'sign-en', lang: 'en' }, words.say(hint, {}, 'en')),
  ].filter((/** @type {any} */ part) => part);
}
