/** Asks about a visit that lasts so long that it may have been forgotten. It blocks nothing. */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
import { h, setText } from '../../displays/lib/dom.js';
import { minutes } from './words.js';

/** Answered with yes, the question comes again so much later. Milliseconds. */
const AGAIN_MS = 3_600_000;

export class Forgotten {
  /** @param {HTMLElement} element @param {{ now: () => number, finish: () => void }} desk */
  constructor(element, desk) {
    this.element = element;
    this.desk = desk;
    /** The ticket that is still here, by the clerk's word, and until when that word holds. */
    this.answered = { ticket: '', until: 0 };
    this.ticket = '';
    this.words = h('span');
    this.english = h('span', { class: 'en', lang: 'en' });
    const yes = h('button', { class: 'button button-plain button-small', type: 'button', title: 'Yes, still here' }, 'Sì');
    const no = h('button', { class: 'button button-small', type: 'button', title: 'Finish now' }, 'Concludi ora');
    yes.addEventListener('click', () => this.stays());
    no.addEventListener('click', () => desk.finish());
    element.classList.add('message', 'message-warn', 'forgotten');
    element.replaceChildren(h('p', {}, this.words, ' ', this.english), h('div', { class: 'forgotten-answers' }, yes, no));
  }

  /** @param {CounterPage} view @param {boolean} mine */
  update(view, mine) {
    const now = this.desk.now();
    this.ticket = view.ticket ? view.ticket.id : '';
    const answered = this.answered.ticket === this.ticket && now < this.answered.until;
    const asks = mine && view.forgotten && view.ticket !== null && !answered;
    if (this.element.hidden !== asks) return;
    // Said once: it is read aloud, and not again each minute.
    if (asks && view.since) {
      const time = minutes(now - Date.parse(view.since));
      setText(this.words, `La visita dura da più di ${time}: è ancora allo sportello?`);
      setText(this.english, `This visit has taken more than ${time}: still here?`);
    }
    this.hide(!asks);
  }

  /** @private */
  stays() {
    this.answered = { ticket: this.ticket, until: this.desk.now() + AGAIN_MS };
    this.hide(true);
  }

  /**
   * Hides or shows it. Who pressed one of its buttons keeps the keyboard.
   * @private @param {boolean} hidden
   */
  hide(hidden) {
    const main = this.element.closest('main');
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = hidden;
    if (hidden && focused && main) main.focus({ preventScroll: true });
  }
}
