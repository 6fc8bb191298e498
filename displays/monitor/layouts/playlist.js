/** Information that gives way to every call: while one is new, it has the screen. */

/** @import { DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Moment } from './layouts.js' */
import { h } from '../../lib/dom.js';
import { isOwn, lastCalled } from '../arrange.js';
import { Line } from '../lines.js';
import { measure } from '../screen.js';
import { Slides } from '../slides.js';
import { Stage } from '../stage.js';
import { words } from '../words.js';

/** How long a new call has the screen, at least. Milliseconds. */
const YIELD_MS = 10000;

export class Playlist {
  constructor() {
    this.stage = new Stage(h('section', { id: 'stage', 'aria-label': 'Numero chiamato', 'aria-live': 'polite' }));
    this.called = new Line('called', words.all('calledNow'));
    this.any = true;
    this.again = () => {};
    this.ending = 0;
    /** @type {{ id: number, times: number } | null} */
    this.yieldedTo = null;
    this.holding = false;
    const slides = h('section', { class: 'slides', 'aria-label': 'Informazioni' });
    this.slides = new Slides(slides, (any) => {
      if (this.any === any) return;
      this.any = any;
      this.again();
    });
    this.element = h('div', { class: 'playlist' }, slides, this.stage.element, h('div', { class: 'lines' }, this.called.element));
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, moment) {
    const { mode, now, current } = moment;
    this.again = () => {
      this.show(view, { ...moment, current: null });
      this.resize();
    };
    if (current && !(this.yieldedTo && this.yieldedTo.id === current.id && this.yieldedTo.times === current.times)) {
      this.yieldedTo = { id: current.id, times: current.times };
      this.holding = true;
      clearTimeout(this.ending);
      this.ending = setTimeout(() => {
        this.holding = false;
        this.again();
      }, YIELD_MS);
    }
    const { yieldedTo } = this;
    const call = this.holding && yieldedTo ? view.calls.find(({ id }) => id === yieldedTo.id) : undefined;
    const closed = mode === 'closed';
    this.element.classList.toggle('yielding', closed || !!call || !this.any);
    if (closed) this.stage.showClosed(view, now);
    else if (call) this.stage.showCall(call, view, current !== null);
    else this.stage.showEmpty(view, lastCalled(view));
    if (closed) this.slides.stop();
    else this.slides.play(view.display.playlist);
    const own = view.calls.filter((each) => isOwn(each, view));
    const newest = own.filter(({ holds }) => holds);
    this.called.show(closed ? [] : newest, view.counters);
  }

  stop() {
    clearTimeout(this.ending);
    this.slides.stop();
  }

  resize() {
    measure(this.stage.element, 1.5);
    this.called.resize();
  }
}
