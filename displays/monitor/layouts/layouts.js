/** Which layout a monitor has. */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Plan } from '../legible.js' */
import { plan } from '../legible.js';
import { overflows } from '../screen.js';
import { Channels } from './channels.js';
import { Counter } from './counter.js';
import { Entrance } from './entrance.js';
import { Hall } from './hall.js';
import { Playlist } from './playlist.js';

const KINDS = { sala: Hall, channels: Channels, entrance: Entrance, counter: Counter, playlist: Playlist };

/**
 * How many calls an upright screen has room for beside the stage; a wide one shows three, to be
 * read from five metres.
 */
const UPRIGHT_ROWS = 5;
const WIDE_ROWS = 3;

/** What shows numbers and counters. */
const NUMBERS = '.stage-number, .stage-name, .row-number, .row-desk, .sign-desk, .sign-name, .sign-number';
/** What cuts off texts that have no room, */
const BOXES = '.sign, .service, .slide-words';
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
    const made = plan(screen, innerWidth > innerHeight ? WIDE_ROWS : UPRIGHT_ROWS);
    const { classList, style } = document.body;
    style.setProperty('--number', `${made.number}px`);
    style.setProperty('--rows-least', String(made.number ? made.rows : 0));
    style.setProperty('--rest', `${made.rest}px`);
    style.setProperty('--least', `${made.rest}px`);
    classList.toggle('plan-tight', !made.roomy);
    classList.toggle('plan-no-strip', !made.strip);
    classList.toggle('plan-no-lines', !made.lines);
    this.legible = made.legible;
    return made;
  }

  /** Says whether all is as large as it must be, for whoever previews it. @private */
  measured() {
    const over = Array.from(this.place.querySelectorAll('.fit, .fit-box')).filter((element) => element instanceof HTMLElement && overflows(element));
    const cut = Array.from(this.place.querySelectorAll(BOXES)).some((element) => element.scrollHeight > element.clientHeight + CUT);
    const worst = over.some((element) => element.matches(NUMBERS)) ? 'number' : over.length || cut ? 'rest' : 'ok';
    // The plan is of halls and boards.
    const planned = this.name === 'sala' || this.name === 'channels' ? this.legible : 'ok';
    this.measure = planned === 'ok' ? worst : planned;
    this.place.setAttribute('data-legible', this.measure);
  }

  resize() {
    if (!this.layout) return;
    this.layout.resize();
    this.measured();
  }
}
