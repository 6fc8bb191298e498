/** The waiting room: the newest call large, the others beside it, who waits below. */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
/** @import { Moment } from './layouts.js' */
import { both, h } from '../../lib/dom.js';
import { arrange, isOwn, lastCalled } from '../arrange.js';
import { Calls, Waiting } from '../board.js';
import { Line } from '../lines.js';
import { Pages } from '../pages.js';
import { measure } from '../screen.js';
import { Stage } from '../stage.js';
import { words } from '../words.js';

export class Hall {
  constructor() {
    this.again = () => {};
    this.pages = new Pages(() => {
      this.again();
      this.resize();
    });
    const deskHeading = h('p', { id: 'desk-heading', 'aria-hidden': 'true' });
    const waitingHeading = h('h2', { id: 'strip-heading' }, 'In attesa ', h('span', { class: 'en strip-en', lang: 'en' }, 'Waiting'));
    this.stage = new Stage(h('section', { id: 'stage', 'aria-label': 'Numero chiamato', 'aria-live': 'polite' }));
    this.calls = new Calls(h('ol', { id: 'calls' }), deskHeading);
    this.waiting = new Waiting(h('ul', { id: 'waiting' }), waitingHeading);
    this.near = new Line('near', words.all('near'));
    this.absent = new Line('absent', words.all('absent'), words.all('absentHint'));
    this.others = new Line('others', words.all('others'));
    this.lines = [this.near, this.absent, this.others];
    this.element = h(
      'div',
      { class: 'hall' },
      this.stage.element,
      h(
        'section',
        { id: 'previous', 'aria-labelledby': 'previous-heading' },
        h('div', { class: 'previous-head' }, h('h2', { id: 'previous-heading' }, both('Ultimi chiamati', 'Latest calls')), deskHeading),
        this.calls.list,
        this.pages.element,
      ),
      h('div', { class: 'lines' }, ...this.lines.map((line) => line.element)),
      h('section', { id: 'strip', 'aria-labelledby': 'strip-heading' }, waitingHeading, this.waiting.list),
    );
  }

  /** @param {DisplayPage} view @param {Moment} moment */
  show(view, moment) {
    const { mode, now, current, plan } = moment;
    const { staged, rows, others } = this.arrange(view, current, plan.rows);
    const closed = mode === 'closed';
    if (closed) this.stage.showClosed(view, now);
    else if (staged) this.stage.showCall(staged, view, current !== null && current.id === staged.id);
    else this.stage.showEmpty(view, lastCalled(view));
    this.element.classList.toggle('alone', closed || rows.length === 0);
    // Only letters for a distance have no room for all of them: else their rows become lower.
    const each = plan.number ? plan.rows : rows.length;
    const shown = this.pages.of(rows, each);
    this.calls.show(closed ? [] : shown, view, plan.rows);
    this.again = () => this.show(view, moment);
    this.waiting.show(closed ? { ...view, channels: [] } : view);
    const deck = view.channels.flatMap(({ color, on_deck }) => on_deck.map((number) => ({ number, color, counter: '', where: {} })));
    this.near.show(closed ? [] : deck, view.counters);
    this.absent.show(closed ? [] : newestAbsent(view), view.counters);
    this.others.show(closed ? [] : others, view.counters);
  }

  /**
   * @param {DisplayPage} view @param {Call | null} current @param {number} room
   * @returns {{ staged: Call | null, rows: Call[], others: Call[] }} others: in one line, second in
   *   rank
   */
  arrange(view, current, room) {
    return { ...arrange(view, current, room), others: [] };
  }

  stop() {
    this.pages.stop();
  }

  resize() {
    measure(this.stage.element, 1.5);
    const { list } = this.calls;
    const style = getComputedStyle(list);
    // A row is so wide that its number of four signs takes its share of it.
    measure(list, 4.05, { rows: style.gridTemplateRows.split(' ').length, columns: style.gridTemplateColumns.split(' ').length });
    for (const line of this.lines) line.resize();
    this.waiting.resize();
  }
}

/** Those who missed a call, the newest first; of a monitor's own channels. @param {DisplayPage} view */
function newestAbsent(view) {
  return view.absent.filter((missed) => isOwn(missed, view)).reverse();
}
