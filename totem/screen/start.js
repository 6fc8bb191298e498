/** The first screen: priority, and a button for each channel. */

/** @import { Channel, TotemPage } from '../../displays/lib/wire.d.ts' */
/** @import { State } from './flow.js' */
import { byId, h, setText } from '../../displays/lib/dom.js';
import { drawnList, KeyedList } from '../../displays/lib/keyed.js';
import { expected, pick } from '../../displays/lib/text.js';
import { channelsOn, KEYS } from './flow.js';
import { Pager } from './pager.js';
import { officeNews } from './result.js';
import { people, phrases, say2, two } from './texts.js';

/** More channels than this stand closer, */
const DENSE = 4;
/** and more than this in two columns. */
const PACKED = 6;

/** @typedef {{ channel: Channel, language: string, mode: 'ready' | 'busy' | 'sending' }} Choice */

/** One channel. Its button stays the same element, so that neither focus nor a finger loses it. */
class Tile {
  /** @param {string} id @param {(channel: string) => void} choose */
  constructor(id, choose) {
    this.letter = h('span', { class: 'tile-letter', 'aria-hidden': 'true' });
    this.name = h('span', { class: 'tile-name' });
    this.hint = h('span', { class: 'tile-hint' });
    this.queue = h('span', { class: 'tile-queue' });
    this.wait = h('span', { class: 'tile-wait' });
    this.element = h(
      'button',
      { class: 'tile', type: 'button' },
      this.letter,
      h('span', { class: 'tile-key', 'aria-hidden': 'true' }),
      h('span', { class: 'tile-words' }, this.name, this.hint),
      h('span', { class: 'tile-numbers' }, this.queue, this.wait),
    );
    this.element.addEventListener('click', () => {
      if (this.element.getAttribute('aria-disabled') !== 'true') choose(id);
    });
    this.drawn = '';
  }

  /** @param {Choice} choice */
  update({ channel, language, mode }) {
    const drawn = JSON.stringify([channel, language, mode]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.style.setProperty('--channel', channel.color);
    this.element.setAttribute('aria-disabled', String(!channel.open || mode !== 'ready'));
    this.element.classList.toggle('is-closed', !channel.open);
    this.element.classList.toggle('is-sending', mode === 'sending');
    this.element.setAttribute('aria-busy', String(mode === 'sending'));
    setText(this.letter, channel.letter);
    this.name.replaceChildren(two(channel.names, language));
    if (mode === 'sending') {
      this.hint.replaceChildren(say2('sending', language));
    } else if (channel.open) {
      setText(this.hint, pick(channel.hints, language));
    } else {
      this.hint.replaceChildren(two(channel.closed, language));
    }
    if (channel.open) {
      setText(this.queue, people(channel.waiting, language));
      setText(this.wait, channel.wait && channel.waiting > 0 ? phrases.say('wait', { wait: expected(channel.wait) }, language) : '');
    } else {
      setText(this.queue, ''); // the hint says why
      setText(this.wait, '');
    }
  }
}

export class StartScreen {
  /**
   * @param {{ choose: (channel: string) => void, togglePriority: () => void, turned: () => void }}
   *   actions turned: another page is wanted
   */
  constructor(actions) {
    this.element = byId('start');
    this.title = byId('start-title');
    this.opening = byId('opening');
    this.priority = byId('priority');
    this.channels = byId('channels');
    this.pager = new Pager(byId('pager'), (step) => {
      this.page += step;
      actions.turned();
    });
    /** @type {KeyedList<Choice>} */
    this.tiles = new KeyedList(this.channels, (choice) => choice.channel.id, (id) => new Tile(id, actions.choose), this.title);
    this.notices = drawnList(byId('notices'), (/** @type {string} */ text) => h('li', {}, text));
    /** Which page of the channels is shown, from 0. */
    this.page = 0;
    this.pages = 1;
    /**
     * The channels on it, in the order of their keys.
     * @type {Channel[]}
     */
    this.shown = [];
    this.laid = '';
    this.priority.addEventListener('click', () => actions.togglePriority());
  }

  /** @param {TotemPage} view @param {State} state @param {string} language @param {number} now */
  update(view, state, language, now) {
    this.words(language, state);
    this.priority.hidden = !view.classes.includes('priority');
    this.priority.setAttribute('aria-pressed', String(state.priority));
    const news = officeNews(view, now, language);
    this.opening.hidden = !news;
    setText(this.opening, news);
    const chosen = state.step === 'sending' && state.wish ? state.wish.channel : '';
    this.tiles.update(
      view.channels.map((channel) => ({
        channel,
        language,
        mode: !chosen ? 'ready' : channel.id === chosen ? 'sending' : 'busy',
      })),
    );
    const notices = view.notices.slice(0, view.channels.length > DENSE ? 1 : 2);
    this.notices.update(notices.map((notice) => pick(notice.texts, language) || notice.text));
    this.lay(view.channels.length, language);
    this.shown = channelsOn(view.channels, this.page, this.pages);
  }

  /**
   * Shows as many channels as have room, the others on further pages: no button is ever out of
   * sight without a sign.
   * @private @param {number} count @param {string} language
   */
  lay(count, language) {
    const { low, large, keyboard } = document.documentElement.dataset;
    const key = JSON.stringify([count, language, low, large, keyboard, innerWidth, innerHeight, this.channels.textContent, this.opening.textContent, this.priority.textContent]);
    if (key !== this.laid && !this.element.hidden) {
      this.laid = key;
      this.channels.dataset.density = count > PACKED ? 'packed' : count > DENSE ? 'dense' : 'roomy';
      this.channels.dataset.count = String(count);
      for (this.pages = 1; this.pages < count && !this.fits(count, language); ) this.pages++;
    }
    this.page = Math.max(0, Math.min(this.page, this.pages - 1));
    this.turn(this.page, count, language);
  }

  /** Whether every page has room. @private @param {number} count @param {string} language */
  fits(count, language) {
    for (let page = 0; page < this.pages; page++) {
      this.turn(page, count, language);
      if (this.element.scrollHeight > this.element.clientHeight + 1) return false;
    }
    return true;
  }

  /** @private @param {number} page @param {number} count @param {string} language */
  turn(page, count, language) {
    const each = Math.ceil(count / this.pages);
    Array.from(this.channels.children).forEach((tile, i) => {
      if (!(tile instanceof HTMLElement)) return;
      tile.hidden = Math.floor(i / each) !== page;
      const key = (i % each) + 1;
      const sign = tile.querySelector('.tile-key');
      if (sign instanceof HTMLElement) setText(sign, key <= KEYS ? String(key) : '');
    });
    this.pager.show(page, this.pages, language);
  }

  /** @private @param {string} language @param {State} state */
  words(language, state) {
    const key = `${language} ${state.priority}`;
    if (this.title.dataset.words === key) return;
    this.title.dataset.words = key;
    this.title.replaceChildren(say2('title', language));
    this.priority.replaceChildren(
      h('span', { class: 'priority-mark', 'aria-hidden': 'true' }),
      h('span', { class: 'priority-words' }, say2('priority', language), h('span', { class: 'priority-who' }, phrases.say(state.priority ? 'priorityOn' : 'priorityWho', {}, language))),
    );
  }
}
