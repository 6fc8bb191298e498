/** Which layout a monitor has. */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
import { Hall } from './hall.js';

/**
 * @typedef {object} Moment what a layout shows a view at
 * @property {'calls' | 'empty' | 'closed'} mode as in the body's data-mode
 * @property {number} now the server's time, in milliseconds
 * @property {Call | null} current the call that is being announced
 */
/**
 * @typedef {object} Layout one way to show a view
 * @property {HTMLElement} element
 * @property {(view: DisplayPage, moment: Moment) => void} show
 * @property {() => void} resize its element has another size, or its letters other forms
 */

/** The one that the configuration wants, in its place on the page. */
export class Layouts {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Layout | null} */
    this.layout = null;
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, moment) {
    if (!this.layout) {
      this.layout = new Hall();
      this.place.replaceChildren(this.layout.element);
    }
    this.layout.show(view, moment);
    this.layout.resize();
  }

  resize() {
    if (this.layout) this.layout.resize();
  }
}
