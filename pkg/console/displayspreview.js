/** A display's own page in a frame, made small, which shows what it would show under a draft. */

import { both, byId, h } from '../../displays/lib/dom.js';
import { CAPITALS, MM_PER_INCH } from '../../displays/monitor/legible.js';
import { SIZES } from './displayswords.js';
import { field } from './dialog.js';

/** The smallest numbers and counters are looked for among these. */
const NUMBERS = '.stage-number, .row-number, .row-desk, .sign-number, .numbers-number';
/** The highest that an upright screen is drawn, of the window. */
const HIGHEST = 0.62;

export class DisplayPreview {
  /**
   * @param {{ asked: () => void, seen: (seen: { legible: string, pixels: number }) => void }} page
   *   asked: something else is to be shown; seen: what the page came to: the least font size of
   *   numbers as a share of the screen's diagonal, 0: it has none
   */
  constructor(page) {
    this.page = page;
    this.view = /** @type {unknown} */ (null);
    this.ready = false;
    this.size = h('select', {}, ...SIZES.map(([value, words]) => h('option', { value, selected: value === '1920x1080' }, words)));
    this.upright = h('select', {}, h('option', { value: '' }, 'Orizzontale'), h('option', { value: '1' }, 'Verticale'));
    this.moment = h('select', {}, h('option', { value: 'sample' }, 'Una mattina affollata (esempio)'), h('option', { value: '' }, 'Com’è adesso'));
    this.frame = h('iframe', { title: 'Anteprima del monitor', class: 'display-frame', tabindex: -1, inert: true });
    this.box = h('div', { class: 'display-box', 'aria-busy': 'true' }, this.frame);
    this.past = h(
      'p',
      { class: 'message message-warn', id: 'display-past', hidden: true },
      both('Si vede com’era prima dell’errore: corretto quello, l’anteprima riparte.', 'As it was before the fault.'),
    );
    byId('display-preview').append(
      this.past,
      this.box,
      h(
        'div',
        { class: 'form display-view' },
        field('display-moment', ['Momento', 'Moment'], this.moment),
        field('display-size', ['Schermo', 'Screen'], this.size),
        field('display-upright', ['Posizione', 'Position'], this.upright),
      ),
    );
    this.moment.addEventListener('change', () => page.asked());
    for (const select of [this.size, this.upright]) select.addEventListener('change', () => this.resize());
    this.frame.addEventListener('load', () => this.loaded());
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  /** Whether a busy morning is shown, which is made up, instead of the office as it is. */
  get sample() {
    return this.moment.value === 'sample';
  }

  /** Opens the page of an office's displays. @param {string} path of the office's pages */
  open(path) {
    const src = `${path}/display/anteprima?preview`;
    if (this.frame.getAttribute('src') === src) return;
    this.ready = false;
    this.frame.src = src;
  }

  /** @param {unknown} view as a monitor gets it */
  show(view) {
    this.view = view;
    this.box.setAttribute('aria-busy', 'false');
    if (this.ready && this.frame.contentWindow) this.frame.contentWindow.postMessage(view, location.origin);
  }

  /** @param {boolean} past whether what is shown is of before a fault that the draft has now */
  behind(past) {
    this.past.hidden = !past;
  }

  /** @private */
  loaded() {
    const layout = this.frame.contentDocument && this.frame.contentDocument.getElementById('layout');
    if (!layout) return;
    this.ready = true;
    new MutationObserver(() => this.look(layout)).observe(layout, { attributes: true });
    if (this.view) this.show(this.view);
  }

  /** @private @param {HTMLElement} layout */
  look(layout) {
    const sizes = Array.from(layout.querySelectorAll(NUMBERS))
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0)
      .map((element) => parseFloat(getComputedStyle(element).fontSize));
    const { width, height } = this.pixels();
    this.page.seen({ legible: layout.getAttribute('data-legible') || 'ok', pixels: sizes.length ? Math.min(...sizes) / Math.hypot(width, height) : 0 });
  }

  /** @private */
  pixels() {
    const [width, height] = this.size.value.split('x').map(Number);
    return this.upright.value ? { width: height, height: width } : { width, height };
  }

  /** @private */
  resize() {
    const { width, height } = this.pixels();
    const scale = Math.min(this.box.clientWidth / width, (innerHeight * HIGHEST) / height);
    if (!scale) return;
    this.frame.style.width = `${width}px`;
    this.frame.style.height = `${height}px`;
    this.frame.style.transform = `scale(${scale})`;
    this.frame.style.left = `${(this.box.clientWidth - width * scale) / 2}px`;
    this.box.style.height = `${Math.ceil(height * scale)}px`;
  }
}

/** The height of capitals in millimetres. @param {number} pixels of the font, as a share of the diagonal @param {number} inches */
export function capitals(pixels, inches) {
  return pixels * inches * MM_PER_INCH * CAPITALS;
}
