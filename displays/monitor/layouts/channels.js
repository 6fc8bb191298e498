/**
 * The board of some channels: their calls, who waits for them and how long. Who looks at the wrong
 * board finds the number in a line below.
 */

/** @import { Call, DisplayPage } from '../../lib/wire.d.ts' */
import { arrange, isOwn } from '../arrange.js';
import { Hall } from './hall.js';

export class Channels extends Hall {
  /** @override @param {DisplayPage} view @param {Call | null} current @param {number} room */
  arrange(view, current, room) {
    const own = view.calls.filter((call) => isOwn(call, view));
    const others = view.calls.filter((call) => call.holds && !isOwn(call, view));
    return { ...arrange({ ...view, calls: own }, current, room), others };
  }
}
