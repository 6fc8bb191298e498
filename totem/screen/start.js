/** Where something is chosen: the channels, the services of one, or what a search finds. */

/** @import { KioskPage } from './agent.d.ts' */
/** @import { Choice } from './choices.js' */
/** @import { Place, State } from './flow.js' */
/** @import { Key } from './texts.js' */
import { byId, h, setText } from '../../displays/lib/dom.js';
import { drawnList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';
import { channelChoices, foundChoices, isOffline, paperFault, searchable, serviceChoices } from './choices.js';
import { place } from './flow.js';
import { searchIcon } from './icons.js';
import { Keyboard } from './keyboard.js';
import { officeNews } from './result.js';
import { phrases, say2, two } from './texts.js';
import { Tiles } from './tiles.js';

/** More channels than this leave room for one notice alone. */
const FEW = 4;

/** The titles of the places. @type {Record<Place, Key>} */
const TITLES = { choose: 'title', services: 'which', search: 'searchOpen', class: 'classTitle' };

export class StartScreen {
  /**
   * @param {{ choose: (choice: Choice) => void, search: () => void, back: () => void, changed: () => void }} actions
   */
  constructor(actions) {
    this.element = byId('start');
    this.head = byId('start-head');
    this.title = byId('start-title');
    this.opening = byId('opening');
    this.paper = byId('paper');
    this.offline = byId('offline');
    this.none = byId('none');
    this.back = byId('back');
    this.search = byId('search');
    this.find = byId('find');
    this.field = /** @type {HTMLInputElement} */ (byId('field'));
    this.tiles = new Tiles(this.element, this.title, { choose: actions.choose, turned: actions.changed });
    this.keyboard = new Keyboard(byId('keyboard'), this.field, () => {
      this.tiles.page = 0;
      actions.changed();
    });
    this.notices = drawnList(byId('notices'), (/** @type {string} */ text) => h('li', {}, text));
    this.worded = '';
    this.search.addEventListener('click', actions.search);
    this.back.addEventListener('click', actions.back);
    this.field.addEventListener('input', () => this.keyboard.typed());
  }

  /** The choices on the screen, in the order of their keys. */
  get shown() {
    return this.tiles.shown;
  }

  /** What is forgotten with each citizen, and with each place. */
  reset() {
    this.tiles.page = 0;
    this.keyboard.reset();
  }

  /** @param {KioskPage} view @param {State} state @param {string} language @param {number} now */
  update(view, state, language, now) {
    const at = place(state) || 'choose';
    this.words(at, language);
    this.news(view, language, now);
    const searches = at === 'search';
    this.search.hidden = at !== 'choose' || searchable(view).length === 0;
    this.back.hidden = at === 'choose';
    this.find.hidden = !searches;
    this.keyboard.element.hidden = !searches;
    if (searches) this.keyboard.show(language);
    this.element.dataset.place = at;
    document.documentElement.dataset.place = at;
    const choices = searches ? foundChoices(view, this.field.value, language) : at === 'services' ? serviceChoices(view, state.channel) : channelChoices(view);
    this.none.hidden = choices.length > 0;
    const notices = at === 'choose' ? view.notices.slice(0, view.channels.length > FEW ? 1 : 2) : [];
    this.notices.update(notices.map((notice) => pick(notice.texts, language) || notice.text));
    const sent = state.step === 'sending' ? `${state.channel}${state.service || at !== 'choose' ? ` ${state.service}` : ''}` : '';
    this.tiles.update(choices, language, sent, `${at} ${this.head.textContent} ${this.search.hidden}`);
  }

  /** @private @param {KioskPage} view @param {string} language @param {number} now */
  news(view, language, now) {
    const news = officeNews(view, now, language);
    this.opening.hidden = !news;
    setText(this.opening, news);
    const fault = paperFault(view);
    this.tell(this.paper, fault, 'noPaperDo', language);
    this.tell(this.offline, isOffline(view) ? 'offline' : '', 'offlineDo', language);
  }

  /** @private @param {HTMLElement} element @param {Key | ''} what @param {Key} advice @param {string} language */
  tell(element, what, advice, language) {
    element.hidden = !what;
    const said = what ? `${what} ${language}` : '';
    if (element.dataset.said === said) return;
    element.dataset.said = said;
    element.replaceChildren();
    if (what) element.append(h('strong', {}, phrases.say(what, {}, language)), ' ', phrases.say(advice, {}, language));
  }

  /** @private @param {Place} at @param {string} language */
  words(at, language) {
    const key = `${at} ${language}`;
    if (this.worded === key) return;
    this.worded = key;
    this.title.replaceChildren(say2(TITLES[at], language));
    this.search.replaceChildren(searchIcon(), h('span', {}, say2('searchOpen', language)));
    this.back.replaceChildren(say2('goBack', language));
    this.none.replaceChildren(two(phrases.all('searchNone'), language));
    setText(byId('field-label'), phrases.say('searchField', {}, language));
    this.field.placeholder = phrases.say('searchHint', {}, language);
  }
}
