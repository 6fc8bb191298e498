/**
 * The spoken guide: every sentence that is for whoever doesn't see the screen passes here. A voice
 * is handed each of them, in its order; screen readers get the same words.
 */

import { setText } from '../../displays/lib/dom.js';
import { hush, read } from './reader.js';

/** @typedef {(sentence: string, language: string) => void} Voice says a sentence after those before it */

export class Guide {
  /** @param {HTMLElement} region a polite live region @param {Voice} [voice] @param {() => void} [silence] ends what is being said */
  constructor(region, voice = read, silence = hush) {
    this.region = region;
    this.voice = voice;
    this.silence = silence;
    /** Whether somebody is led by the voice: by the key or button that asks for it, until they go. */
    this.leads = false;
  }

  /** Tells what is new; what was being said ends. @param {string[]} sentences @param {string} language */
  tell(sentences, language) {
    const said = sentences.filter(Boolean);
    setText(this.region, said.join(' '));
    if (this.leads) this.speak(said, language);
  }

  /** Leads from now on, and begins with what is on the screen. @param {string[]} sentences @param {string} language */
  lead(sentences, language) {
    this.leads = true;
    this.speak(sentences, language);
  }

  /** Says which button the keypad has come to; screen readers say that by themselves. @param {string} name @param {string} language */
  point(name, language) {
    if (this.leads) this.speak([name], language);
  }

  stop() {
    this.leads = false;
    this.silence();
  }

  /** @private @param {string[]} sentences @param {string} language */
  speak(sentences, language) {
    this.silence();
    for (const sentence of sentences) this.voice(sentence, language);
  }
}
