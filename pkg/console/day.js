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
 * Whether the office is closed and opens no more today: then the tickets that are left end with the
 * last counter.
 * @param {CounterPage} view @param {number} now
 */
export function isLastRound(view, now) {
  return !view.open && !view.ended && !(view.opens_at && isToday(view.opens_at, now, view.office.time_zone));
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
