/** The row of help: language, buttons lower, large text, reading aloud, and whether without paper. */

import { h } from '../../displays/lib/dom.js';
import { MAIN } from '../../displays/lib/text.js';
import { phoneIcon, reachIcon, speakerIcon } from './icons.js';
import { Languages } from './languages.js';
import { direction, other, phrases } from './texts.js';

export class Tools {
  /** @param {HTMLElement} element @param {HTMLElement} languages @param {{ changed: () => void, read: () => void }} actions */
  constructor(element, languages, actions) {
    this.element = element;
    this.languages = new Languages(languages, (language) => {
      this.language = language;
      actions.changed();
    });
    /** Those that are offered. */
    this.offered = [MAIN, 'en'];
    this.actions = actions;
    this.language = MAIN;
    this.low = false;
    this.large = false;
    this.readable = false;
    /** Whether the next ticket is to be on the citizen's phone alone. */
    this.paperless = false;
    /** Whether that can be had. */
    this.invites = false;
    this.languageButton = this.add(() => (this.language = other(this.language)));
    this.lowButton = this.add(() => (this.low = !this.low));
    this.lowButton.classList.add('tool-reach');
    this.largeButton = this.add(() => (this.large = !this.large));
    this.readButton = this.add(() => actions.read());
    this.phoneButton = this.add(() => (this.paperless = !this.paperless));
  }

  /** Whether anything differs from what the next citizen expects. */
  get changed() {
    return this.language !== MAIN || this.low || this.large || this.paperless;
  }

  reset() {
    this.language = MAIN;
    this.low = false;
    this.large = false;
    this.paperless = false;
  }

  update() {
    this.element.setAttribute('aria-label', phrases.say('tools', {}, this.language));
    document.documentElement.lang = this.language;
    document.documentElement.dir = direction(this.language);
    this.languages.show(this.offered, this.language);
    this.languageButton.hidden = this.offered.length > 2;
    document.documentElement.toggleAttribute('data-low', this.low);
    document.documentElement.toggleAttribute('data-large', this.large);
    document.documentElement.toggleAttribute('data-contrast', this.large);
    this.label(this.languageButton, other(this.language).toUpperCase(), phrases.say('language', {}, this.language), this.language !== MAIN);
    this.languageButton.lang = other(this.language);
    this.label(this.lowButton, this.low ? 'high' : 'low', phrases.say(this.low ? 'high' : 'low', {}, this.language), this.low);
    this.label(this.largeButton, this.large ? 'A−' : 'A+', phrases.say(this.large ? 'normal' : 'large', {}, this.language), this.large);
    this.label(this.readButton, 'read', phrases.say('read', {}, this.language), false);
    this.readButton.hidden = !this.readable;
    this.label(this.phoneButton, 'phone', phrases.say(this.paperless ? 'paperTool' : 'phoneTool', {}, this.language), this.paperless);
    this.phoneButton.hidden = !this.invites;
  }

  /** @private @param {() => void} act */
  add(act) {
    const button = h('button', { class: 'tool', type: 'button' }, h('span', { class: 'tool-sign', 'aria-hidden': 'true', dir: 'ltr' }), h('span', { class: 'tool-words' }));
    button.addEventListener('click', () => {
      act();
      this.actions.changed();
    });
    this.element.append(button);
    return button;
  }

  /**
   * Says what a press brings.
   * @private @param {HTMLElement} button @param {string} sign letters, or a drawing's name
   * @param {string} words @param {boolean} on
   */
  label(button, sign, words, on) {
    button.classList.toggle('is-on', on);
    if (button.dataset.sign === sign && button.lastElementChild?.textContent === words) return;
    button.dataset.sign = sign;
    const drawing = sign === 'read' ? speakerIcon() : sign === 'phone' ? phoneIcon() : sign === 'low' || sign === 'high' ? reachIcon(sign === 'low') : sign;
    button.firstElementChild?.replaceChildren(drawing);
    button.lastElementChild?.replaceChildren(words);
  }
}
