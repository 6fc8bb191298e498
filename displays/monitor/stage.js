/** The newest call, as large as the screen allows. */

/** @import { Call, DisplayPage } from '../lib/wire.d.ts' */
import { h, svg } from '../lib/dom.js';
import { fate, reasonOf, reopens, told } from '../lib/opening.js';
import { beside, pick } from '../lib/text.js';
import { holds } from './arrange.js';
import { placeOf } from './places.js';
import { fit } from './screen.js';
import { words } from './words.js';

/** How long a new call flashes, in milliseconds: within the 5 s of WCAG 2.2.2, once a second. */
export const FLASH_MS = 4000;
/** How long it does when another one waits to be announced. */
export const HURRIED_MS = 2500;

/** An arrow to the right, in the colour of the text. @param {string} name */
export function arrow(name) {
  return svg(
    'svg',
    { class: name, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: 'M2 9.5h11V3.5L23 12l-10 8.5v-6H2z', fill: 'currentColor' }),
  );
}

/** The left or upper half of the screen. */
export class Stage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.shown = '';
  }

  /**
   * @param {Call} call @param {DisplayPage} view
   * @param {boolean} fresh whether it is being announced
   */
  showCall(call, view, fresh) {
    const channel = view.channels.find((c) => c.id === call.channel);
    const names = channel ? channel.names : {};
    this.swap(JSON.stringify([call, names, view.counters]), () => {
      this.element.style.setProperty('--channel', call.color);
      const place = placeOf(call, view.counters, 'it');
      const english = placeOf(call, view.counters, 'en');
      return [
        h(
          'div',
          { class: 'stage-ticket' },
          h(
            'p',
            { class: 'stage-channel' },
            h('span', { class: 'stage-service' }, h('span', {}, pick(names)), h('span', { lang: 'en', class: 'stage-en' }, beside(names))),
            call.times > 1 && h('span', { class: 'stage-again' }, `${words.say('again')} · ${words.say('again', {}, 'en')}`),
          ),
          h('p', { class: 'stage-number fit' }, call.number),
        ),
        h(
          'div',
          { class: place.word ? 'stage-where' : 'stage-where stage-where-long' },
          arrow('stage-arrow'),
          h(
            'div',
            { class: 'stage-names' },
            place.word && h('p', { class: 'stage-word fit' }, place.word),
            !place.word && h('p', { class: 'stage-name fit-box' }, place.name),
            english.word !== place.word || !place.word
              ? h('p', { class: 'stage-en', lang: 'en' }, english.word || beside(call.where))
              : null,
            place.place && h('p', { class: 'stage-place fit' }, place.place),
          ),
          place.word && h('p', { class: 'stage-desk' }, place.name),
        ),
      ];
    });
    this.element.setAttribute('data-number', call.number);
    this.element.classList.toggle('fresh', fresh);
    this.element.classList.toggle('past', !holds(call));
    this.element.classList.remove('closed');
  }

  /**
   * Nobody is called: as yet, or not now.
   * @param {DisplayPage} view @param {string[]} last the numbers last called
   */
  showEmpty(view, last) {
    const color = view.channels.length === 1 ? view.channels[0].color : '';
    if (last.length) this.showWords(false, words.all('idle'), words.all('last', { n: last.length, numbers: last.join(', ') }), color);
    else this.showWords(false, words.all('empty'), words.all('emptyHint'), color);
  }

  /** @param {DisplayPage} view @param {number} now */
  showClosed(view, now) {
    /** @param {string} language */
    const hint = (language) => [reasonOf(view, language) && told(view, now, language), view.situation === 'ended' && fate(view, language), reopens(view, now, language)];
    this.showWords(true, words.all('closed'), { it: lines(hint('it')), en: lines(hint('en')) }, '');
  }

  /**
   * @param {boolean} closed @param {Record<string, string>} title @param {Record<string, string>} hint
   * @param {string} color
   */
  showWords(closed, title, hint, color) {
    this.element.classList.toggle('closed', closed);
    this.swap(JSON.stringify([closed, title, hint]), () => {
      if (color) this.element.style.setProperty('--channel', color);
      return [
        h(
          'div',
          { class: 'stage-words' },
          h('p', { class: 'stage-title' }, title.it),
          h('p', { class: 'stage-hint' }, pick(hint)),
          h('p', { class: 'stage-en', lang: 'en' }, [title.en, beside(hint)].filter(Boolean).join(' – ')),
        ),
      ];
    });
    this.element.removeAttribute('data-number');
    this.element.classList.remove('fresh', 'past');
  }

  /** @private @param {string} key @param {() => (Node | string)[]} make */
  swap(key, make) {
    if (key === this.shown) return;
    this.shown = key;
    this.element.replaceChildren(...make());
    fit(this.element);
  }
}

/** @param {(string | false)[]} sentences */
function lines(sentences) {
  return sentences.filter(Boolean).join('\n');
}
