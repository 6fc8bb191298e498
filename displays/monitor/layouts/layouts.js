/** Which layout a monitor has. */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Plan } from '../legible.js' */
import { within } from '../legible.js';
import { lacksRoom } from '../screen.js';
import { Channels } from './channels.js';
import { Counter } from './counter.js';
import { Entrance } from './entrance.js';
import { Hall } from './hall.js';
import { Playlist } from './playlist.js';

const KINDS = { sala: Hall, channels: Channels, entrance: Entrance, counter: Counter, playlist: Playlist };

/**
 * How many rows a layout has beside or below what is largest, wide or upright: three, to be read
 * from five metres. The entrance has as many as there is room for, one at least.
 */
const ROWS = { sala: [3, 5], channels: [3, 5], entrance: [1, 1], counter: [0, 0], playlist: [0, 0] };

/** What bands at the foot leave out, one after another, for calls to have room. */
const LESS = ['without-notices', 'without-details', 'without-opening'];

/** What shows numbers and counters. */
const NUMBERS = '.stage-number, .stage-name, .row-number, .row-desk, .sign-desk, .sign-name, .sign-number';
/** What cuts off texts that have no room, or has them stand out, */
const BOXES = '.sign, .service, .slide-words, .line, .numbers';
/** by more pixels than letters stand out of their lines. */
const CUT = 8;

/**
 * @typedef {object} Moment what a layout shows a view at
 * @property {'calls' | 'empty' | 'closed'} mode as in the body's data-mode
 * @property {number} now the server's time, in milliseconds
 * @property {Call | null} current the call that is being announced
 * @property {Plan} plan what there is room for
 */
/**
 * @typedef {object} Layout one way to show a view
 * @property {HTMLElement} element
 * @property {(view: DisplayPage, moment: Moment) => void} show
 * @property {() => void} resize its element has another size, or its letters other forms
 * @property {() => void} [stop] another one takes its place
 */

/** The one that the configuration wants, in its place on the page. */
export class Layouts {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Layout | null} */
    this.layout = null;
    this.name = '';
    /** @type {Plan['legible']} */
    this.legible = 'ok';
    /**
     * What letters are too small for on this very screen.
     * @type {Plan['legible']}
     */
    this.measure = 'ok';
  }

  /** @param {DisplayPage} view @param {Omit<Moment, 'plan'>} moment */
  show(view, moment) {
    const { layout } = view.display;
    if (!this.layout || this.name !== layout) {
      if (this.layout && this.layout.stop) this.layout.stop();
      this.layout = new KINDS[layout]();
      this.name = layout;
      document.body.setAttribute('data-layout', layout);
      this.place.replaceChildren(this.layout.element);
    }
    this.layout.show(view, { ...moment, plan: this.plan(view) });
    this.resize();
  }

  /**
   * Gives the style sheet what the reading distance wants.
   * @private @param {DisplayPage} view @returns {Plan}
   */
  plan({ display, channels }) {
    const screen = { width: innerWidth, height: innerHeight, inches: display.inches, metres: display.metres, channels: channels.length };
    const rows = ROWS[display.layout][innerWidth > innerHeight ? 0 : 1];
    const letters = within({ ...screen, bands: 0 }, rows);
    const { classList, style } = document.body;
    style.setProperty('--number', `${letters.number}px`);
    style.setProperty('--rest', `${letters.rest}px`);
    style.setProperty('--least', `${letters.rest}px`);
    classList.toggle('plan-tight', !letters.roomy);
    const made = within({ ...screen, bands: bandsWithin(letters.spare) }, rows);
    style.setProperty('--rows-least', String(made.number ? made.rows : 0));
    classList.toggle('plan-no-strip', !made.strip);
    classList.toggle('plan-no-lines', !made.lines);
    this.legible = letters.legible;
    return made;
  }

  /** Says whether all is as large as it must be, for whoever previews it. @private */
  measured() {
    const over = Array.from(this.place.querySelectorAll('.fit, .fit-box')).filter((element) => element instanceof HTMLElement && lacksRoom(element));
    const cut = Array.from(this.place.querySelectorAll(BOXES)).some(
      (element) => element.scrollHeight > element.clientHeight + CUT || element.scrollWidth > element.clientWidth + CUT,
    );
    const less = LESS.some((name) => document.body.classList.contains(name));
    const worst = over.some((element) => element.matches(NUMBERS)) ? 'number' : over.length || cut || less ? 'rest' : 'ok';
    this.measure = this.legible === 'ok' ? worst : this.legible;
    this.place.setAttribute('data-legible', this.measure);
  }

  resize() {
    if (!this.layout) return;
    this.layout.resize();
    this.measured();
  }
}

/**
 * Has the bands at the foot leave out as much as calls need: notices first.
 * @param {number} spare in CSS pixels @returns {number} how high they are, in CSS pixels
 */
function bandsWithin(spare) {
  const bands = Array.from(document.querySelectorAll('.band'), (band) => /** @type {HTMLElement} */ (band));
  let height = 0;
  for (let less = 0; less <= LESS.length; less++) {
    LESS.forEach((name, i) => document.body.classList.toggle(name, i < less));
    height = bands.reduce((sum, band) => sum + (band.offsetHeight && band.offsetHeight + parseFloat(getComputedStyle(band).marginTop)), 0);
    if (height <= spare) break;
  }
  return height;
}
