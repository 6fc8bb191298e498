/** What a clerk should know of the day's hours: an extraordinary closing or opening, and what becomes of those who wait. Pure. */

/** @import { CounterPage } from '../../displays/lib/wire.d.ts' */
import { clock, coming, day, pick } from '../../displays/lib/text.js';

/** @typedef {[it: string, en: string]} Words */

/** @param {CounterPage} view */
export function waitingIn(view) {
  return view.lines.reduce((n, line) => n + line.waiting, 0);
}

/** Whether the office is closed and opens no more today: then the tickets that are left end with the last counter. @param {CounterPage} view */
export function isLastRound(view) {
  const { open, opens_at: opens, office } = view;
  return !open && !view.ended && (opens === null || day(opens, office.time_zone) !== day(view.at, office.time_zone));
}

/**
 * What is to be said, or null on a day as any other.
 * @param {CounterPage} view @returns {Words | null}
 */
export function dayNotice(view) {
  const zone = view.office.time_zone;
  const why = pick(view.reasons);
  const en = (view.reasons && view.reasons.en) || why;
  const because = why ? `: ${endless(why)}` : '';
  const becauseEn = en ? `: ${endless(en)}` : '';
  const waiting = waitingIn(view);
  if (view.ended) return why ? [`Oggi chiuso${because}.`, `Closed today${becauseEn}.`] : null;
  if (view.open) {
    if (!why) return null;
    const until = view.closes_at ? `Oggi si chiude alle ${clock(view.closes_at, zone)}` : 'Orario straordinario';
    const untilEn = view.closes_at ? `Closing at ${clock(view.closes_at, zone)} today` : 'Special hours today';
    return [`${until}${because}. Chi ha già il biglietto viene servito finché c’è qualcuno agli sportelli.`, `${untilEn}${becauseEn}. Tickets already given are served while counters are attended.`];
  }
  if (!isLastRound(view)) {
    if (!view.opens_at) return null;
    return [`Chiuso${because}. Si riapre ${coming(view.opens_at, view.at, zone)}.`, `Closed${becauseEn}. Opens ${coming(view.opens_at, view.at, zone, 'en')}.`];
  }
  if (waiting === 0) return why ? [`Chiuso${because}. Non si danno più biglietti e nessuno attende.`, `Closed${becauseEn}. Nobody is waiting.`] : null;
  const who = waiting === 1 ? 'La persona in attesa viene servita' : `Le ${waiting} persone in attesa vengono servite`;
  return [
    `Chiuso${because}. Non si danno più biglietti. ${who} finché c’è qualcuno agli sportelli: con l’ultimo sportello scadono i biglietti rimasti.`,
    `Closed${becauseEn}. No more tickets. Those waiting (${waiting}) are served while a counter is attended; the rest end with the last one.`,
  ];
}

/** Without the full stop at its end, to go on in a sentence. @param {string} text */
function endless(text) {
  return text.replace(/[.\s]+$/, '');
}
