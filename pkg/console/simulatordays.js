/** The days that can be asked about, and what people call them. Days are "2026-03-02". Pure. */

/** @typedef {{ from: string, to: string }} Span both included */
/** @typedef {'last' | 'week' | 'next'} Usual */
/** @typedef {Partial<Record<Usual, Span>>} Spans of an office */

import { day as dayName } from '../../displays/lib/text.js';

/** @param {string} day @param {number} n */
export function plus(day, n) {
  return new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10);
}

/** 1, Monday, to 7. @param {string} day */
export function weekday(day) {
  return ((new Date(day).getUTCDay() + 6) % 7) + 1;
}

/**
 * The days that are mostly asked about: the last one on which anybody came, the week before this
 * one, the seven days from tomorrow. Only those of which there is something to learn from: without
 * a day over there is none, and a week in which nobody came is left out.
 * @param {string} today @param {string[]} known days on which anybody came
 * @returns {Spans}
 */
export function usualSpans(today, known) {
  const past = known.filter((day) => day < today).sort();
  if (past.length === 0) return {};
  const last = past[past.length - 1];
  const monday = plus(today, 1 - weekday(today));
  const week = { from: plus(monday, -7), to: plus(monday, -1) };
  return {
    last: { from: last, to: last },
    ...(past.some((day) => day >= week.from && day <= week.to) ? { week } : {}),
    next: { from: plus(today, 1), to: plus(today, 7) },
  };
}

/** "venerdì 27 novembre", with the year where it isn't this one. @param {string} day @param {string} today */
export function nameOf(day, today) {
  const name = dayName(day, 'UTC');
  return day.slice(0, 4) === today.slice(0, 4) ? name : `${name} ${day.slice(0, 4)}`;
}

/** "venerdì 27 novembre", "dal 16 al 21 novembre", "dal 30 novembre al 6 dicembre". @param {Span} span @param {string} today */
export function spanName({ from, to }, today) {
  if (from === to) return nameOf(from, today);
  const short = (/** @type {string} */ day) => nameOf(day, today).replace(/^\S+ /, '');
  const [first, last] = [short(from), short(to)];
  const begins = from.slice(0, 7) === to.slice(0, 7) ? first.split(' ')[0] : first;
  return `${upTo('dal', begins)} ${upTo('al', last)}`;
}

/** "dal 2", "dall’8". @param {string} word @param {string} day */
function upTo(word, day) {
  return /^(8|11)\b/.test(day) ? `${word}l’${day}` : `${word} ${day}`;
}
