/** The waiting room: the newest call large, the others beside it, who waits below. */

/** @import { DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Moment } from './layouts.js' */
import { both, h } from '../../lib/dom.js';
import { arrange, lastCalled } from '../arrange.js';
import { Calls, Waiting } from '../board.js';
import { measure } from '../screen.js';
import { Stage } from '../stage.js';

/**
 * How many calls an upright screen has room for beside the stage; a wide one shows three, to be
 * read from five metres.
 */
const UPRIGHT_ROWS = 5;
const WIDE_ROWS = 3;

export class Hall {
  constructor() {
    this.upright = matchMedia('(orientation: portrait)');
    const deskHeading = h('p', { id: 'desk-heading', 'aria-hidden': 'true' });
    const waitingHeading = h('h2', { id: 'strip-heading' }, 'In attesa ', h('span', { class: 'en strip-en', lang: 'en' }, 'Waiting'));
    this.stage = new Stage(h('section', { id: 'stage', 'aria-label': 'Numero chiamato', 'aria-live': 'polite' }));
    this.calls = new Calls(h('ol', { id: 'calls' }), deskHeading);
    this.waiting = new Waiting(h('ul', { id: 'waiting' }), waitingHeading);
    this.element = h(
      'div',
      { class: 'hall' },
      this.stage.element,
      h(
        'section',
        { id: 'previous', 'aria-labelledby': 'previous-heading' },
        h('div', { class: 'previous-head' }, h('h2', { id: 'previous-heading' }, both('Ultimi chiamati', 'Latest calls')), deskHeading),
        this.calls.list,
      ),
      h('section', { id: 'strip', 'aria-labelledby': 'strip-heading' }, waitingHeading, this.waiting.list),
    );
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, { mode, now, current }) {
    const room = this.upright.matches ? UPRIGHT_ROWS : WIDE_ROWS;
    const { staged, rows } = arrange(view, current, room);
    const closed = mode === 'closed';
    if (closed) this.stage.showClosed(view, now);
    else if (staged) this.stage.showCall(staged, view, current !== null && current.id === staged.id);
    else this.stage.showEmpty(view, lastCalled(view));
    this.calls.show(closed ? [] : rows, view, room);
    this.waiting.show(closed ? { ...view, channels: [] } : view);
  }

  resize() {
    measure(this.stage.element, 1.5);
    const { list } = this.calls;
    const style = getComputedStyle(list);
    // A row is so wide that its number of four signs takes its share of it.
    measure(list, 4.05, { rows: style.gridTemplateRows.split(' ').length, columns: style.gridTemplateColumns.split(' ').length });
  }
}
