/** Which call is on the stage, and which are beside it. Pure. */

/** @import { Call, DisplayPage } from '../lib/wire.d.ts' */

/** Whether people are expected there now; else the call is past. @param {Call} call */
export function holds(call) {
  return call.holds;
}

/**
 * Whether a call is of what the monitor is there for: of its channels, or of the one counter that
 * it is the sign of.
 * @param {{ channel: string, counter: string }} call @param {DisplayPage} view
 */
export function isOwn(call, view) {
  const { display } = view;
  if (display.layout === 'counter') return call.counter === display.counter;
  return display.channels.length === 0 || display.channels.includes(call.channel);
}

/**
 * The calls to announce: those of the monitor's own channels where people are expected now. Nobody
 * is sent to a counter where the visit has ended.
 * @param {DisplayPage} view
 */
export function announced(view) {
  return view.calls.filter((call) => isOwn(call, view) && holds(call));
}

/**
 * The stage has the call that is being announced, else the newest of the monitor's own channels.
 * Beside it is every counter where somebody else is expected, once, with its newest call; its own
 * channels' first. Past calls fill up the room that is left,
 * but for those that were missed, which have a line of their own.
 * @param {DisplayPage} view
 * @param {Call | null} current
 * @param {number} room rows that there are anyway
 * @returns {{ staged: Call | null, rows: Call[] }}
 */
export function arrange(view, current, room) {
  const own = view.calls.filter((call) => isOwn(call, view));
  // A call that was taken back meanwhile is in the view no longer.
  const staged = (current && view.calls.find((call) => call.id === current.id)) || own[0] || null;
  const rank = (/** @type {Call} */ call) => (holds(call) ? 0 : 2) + (isOwn(call, view) ? 0 : 1);
  const others = view.calls.filter((call) => call !== staged).sort((a, b) => rank(a) - rank(b) || Date.parse(b.at) - Date.parse(a.at) || b.id - a.id);
  const taken = new Set(staged && holds(staged) ? [staged.counter] : []);
  const rows = others.filter((call) => {
    if (!holds(call)) return !view.absent.some((missed) => missed.number === call.number);
    if (taken.has(call.counter)) return false;
    taken.add(call.counter);
    return true;
  });
  return { staged, rows: rows.slice(0, Math.max(room, rows.filter(holds).length)) };
}

/**
 * The last numbers called of the monitor's channels; empty: nobody was called today.
 * @param {DisplayPage} view @returns {string[]}
 */
export function lastCalled(view) {
  return view.channels.flatMap((channel) => channel.last_called || []);
}
