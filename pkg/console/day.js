/**
 * What a clerk should know of the day's hours: what everybody who waits is told, and how many do.
 * Pure.
 */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
import { openingNews } from '../../displays/lib/opening.js';
import { isToday } from '../../displays/lib/text.js';

/** @typedef {[it: string, en: string]} Words */

/** @param {CounterPage} view */
export function waitingIn(view) {
  return view.lines.reduce((n, line) => n + line.waiting, 0);
}

/**
 * Whether the day ends with this counter, and with it the tickets that are left: the office opens
 * no more today, and nobody is at another one, not even on a break.
 * @param {CounterPage} view @param {number} now
 */
export function endsDay(view, now) {
  const later = view.open || view.situation === 'full' || (view.opens_at && isToday(view.opens_at, now, view.office.time_zone));
  return !later && !view.ended && view.counters.every((c) => c.id === view.counter.id || c.status === 'closed');
}

/**
 * What is to be said, or null on a day as any other.
 * @param {CounterPage} view @param {number} now @returns {Words | null}
 */
export function dayNotice(view, now) {
  const it = openingNews(view, now);
  if (!it) return null;
  const en = openingNews(view, now, 'en');
  const n = view.open ? 0 : waitingIn(view);
  if (n === 0) return [it, en];
  return [`${it} ${n === 1 ? 'Attende ancora una persona.' : `Attendono ancora ${n} persone.`}`, `${en} ${n} still waiting.`];
}
