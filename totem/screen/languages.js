/** The languages, each by its own name and by one touch. */

import { h } from '../../displays/lib/dom.js';
import { direction, OWN_NAMES, phrases } from './texts.js';

export class Languages {
  /** @param {HTMLElement} element @param {(language: string) => void} choose */
  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
    this.drawn = '';
  }

  /** Two have one button among the tools; more have a row of their own. @param {string[]} offered @param {string} language */
  show(offered, language) {
    this.element.hidden = offered.length < 3;
    const drawn = offered.join();
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.element.style.setProperty('--columns', String(offered.length));
      this.element.style.setProperty('--half', String(offered.length > 5 ? Math.ceil(offered.length / 2) : offered.length));
      this.element.replaceChildren(...offered.map((each) => this.button(each)));
    }
    this.element.setAttribute('aria-label', phrases.say('languages', {}, language));
    for (const button of this.element.children) button.setAttribute('aria-pressed', String(button.getAttribute('lang') === language));
  }

  /** @private @param {string} language */
  button(language) {
    const button = h('button', { class: 'language', type: 'button', lang: language, dir: direction(language) }, OWN_NAMES[language]);
    button.addEventListener('click', () => this.choose(language));
    return button;
  }
}
