/** What the simulator's answer says, in words. Pure. */

/** @import { Text } from '../../displays/lib/text.js' */
import { nameOf, spanName } from './simulatordays.js';

/**
 * @typedef {object} Figures
 * @property {number} visits
 * @property {number} served
 * @property {number} absent
 * @property {number} left
 * @property {number} turned
 * @property {number} mean_s
 * @property {number} p50_s
 * @property {number} p90_s
 * @property {number} late
 * @property {number} within
 */
/** @typedef {{ real: Figures | null, model: Figures, what_if: Figures | null, planned: Figures | null }} Ways */
/** @typedef {{ hour: number, arrivals: number, was: number, counters: number, within: number }} Hour */
/** @typedef {{ weekday: number, days: number, hours: Hour[], was_h: number, planned_h: number }} Staffing */
/** @typedef {{ day: string, visits: number, low: number, high: number }} Expected */
/**
 * @typedef {Ways & {
 *   from: string, to: string, days: number, drawn: number, least_counters: number, most_counters: number, counters: number, more: number,
 *   target_s: number, share: number, error: { days: number, mean_s: number, hours_s: number },
 *   by_hour: (Ways & { key: string })[], by_channel: (Ways & { key: string, names?: Text })[],
 *   attended: { hour: number, was: number, what_if: number | null, planned: number | null }[],
 *   staffing: Staffing[] | null, demand: { days: Expected[], learned_days: number, error: { days: number, mae: number, share: number } } | null, assumed: string,
 * }} Answer as the API describes it
 */

export const WEEKDAYS = ['lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato', 'domenica'];
const NUMBERS = ['nessuno', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove', 'dieci'];

/** "1 giorno", "3 giorni" @param {number} n @param {string} one @param {string} many */
export function counted(n, one, many) {
  return `${n.toLocaleString('it')} ${n === 1 ? one : many}`;
}

/** A number with one digit behind the comma: "6,2". @param {number} n */
export function tenth(n) {
  return (Math.round(n * 10) / 10 + 0).toLocaleString('it', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A number without what is behind the comma: "1.204". @param {number} n */
export function rounded(n) {
  return Math.round(n).toLocaleString('it');
}

/** Seconds as minutes in a table: "6,2". @param {number} seconds */
export function minutes(seconds) {
  return tenth(seconds / 60);
}

/** "31 %" @param {number} share */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** "il 31 %", "l’8 %", "lo 0 %"; after "de": "del 31 %", "dell’8 %". @param {'i' | 'de'} word @param {number} share */
function ofShare(word, share) {
  const n = Math.round(share * 100);
  const de = word === 'de';
  if (n === 0) return `${de ? 'dello' : 'lo'} 0 %`;
  if (n === 1 || n === 8 || n === 11 || (n >= 80 && n < 90)) return `${de ? 'dell' : 'l'}’${n} %`;
  return `${de ? 'del' : 'il'} ${n} %`;
}

/** A wait as people say it: "meno di un minuto", "1 minuto", "14 minuti", "1 ora e 5 minuti". @param {number} seconds */
export function wait(seconds) {
  const n = Math.round(seconds / 60);
  if (n < 1) return 'meno di un minuto';
  if (n < 60) return counted(n, 'minuto', 'minuti');
  const hours = counted(Math.floor(n / 60), 'ora', 'ore');
  return n % 60 ? `${hours} e ${counted(n % 60, 'minuto', 'minuti')}` : hours;
}

/** "6 minuti invece di 14"; the unit once, where it is the same. @param {number} now @param {number} before seconds */
function insteadOf(now, before) {
  const plain = [now, before].every((s) => s >= 90 && s < 59.5 * 60);
  return `${wait(now)} invece di ${plain ? Math.round(before / 60) : wait(before)}`;
}

/** The counters that were asked about: "uno sportello in più", "4 sportelli". @param {Answer} a */
export function counters(a) {
  if (a.more) return `${few(Math.abs(a.more))} in ${a.more > 0 ? 'più' : 'meno'}`;
  return few(a.counters);
}

/** @param {number} n of counters */
function few(n) {
  return `${NUMBERS[n] || n} ${n === 1 ? 'sportello' : 'sportelli'}`;
}

/** The whole answer in a sentence. @param {Answer} a @param {string} today */
export function headline(a, today) {
  if (a.staffing) return plan(a, a.staffing);
  if (a.what_if) return compared(a, a.what_if);
  const past = a.real !== null;
  return `${capital(spanName(a, today))} l’attesa media ${past ? 'è stata' : 'sarebbe'} di ${wait((a.real || a.model).mean_s)}.`;
}

/** @param {Answer} a @param {Figures} other */
function compared(a, other) {
  const past = a.real !== null;
  const same = Math.round(other.mean_s / 60) === Math.round(a.model.mean_s / 60);
  const mean = same
    ? `l’attesa media ${past ? 'sarebbe rimasta' : 'resterebbe'} di ${wait(other.mean_s)}`
    : `l’attesa media ${past ? 'sarebbe stata' : 'sarebbe'} di ${insteadOf(other.mean_s, a.model.mean_s)}`;
  const most = Math.ceil(other.p90_s / 60) * 60;
  const nine = `nove persone su dieci ${past ? 'avrebbero atteso' : 'attenderebbero'} ${most > 60 ? `al massimo ${wait(most)}` : 'al massimo un minuto'}`;
  return `Con ${counters(a)} ${mean}; ${nine}.`;
}

/** @param {Answer} a @param {Staffing[]} staffing */
function plan(a, staffing) {
  const needed = staffing.flatMap((s) => s.hours.filter((hour) => hour.arrivals > 0).map((hour) => hour.counters));
  const [least, most] = [Math.min(...needed), Math.max(...needed)];
  const aim = `Perché ${ofShare('i', a.share)} aspetti meno di ${wait(a.target_s)}`;
  if (least === most) return `${aim} ${most === 1 ? 'basta uno sportello' : `servono ${few(most)}`}, a ogni ora.`;
  const by = staffing.length > 1 ? 'secondo il giorno e l’ora' : 'secondo l’ora';
  return `${aim} servono da ${NUMBERS[least] || least} a ${few(most)}, ${by}.`;
}

/** What else there is to say of the answer, each a sentence or two. @param {Answer} a @param {string} today @returns {string[]} */
export function more(a, today) {
  const said = [];
  if (a.staffing) said.push(effort(a.staffing), reached(a));
  const past = a.real !== null;
  if (a.what_if) {
    const { model, what_if: other } = a;
    if (percent(other.late) !== percent(model.late)) {
      const waits = past ? 'avrebbe atteso' : 'attenderebbe';
      const who = other.late === 0 ? `Nessuno ${waits} oltre 20 minuti,` : `Oltre 20 minuti ${waits} ${ofShare('i', other.late)}`;
      said.push(`${who} invece ${ofShare('de', model.late)}.`);
    }
    if (other.left !== model.left) {
      const leave = past ? (other.left === 1 ? 'Se ne sarebbe andata' : 'Se ne sarebbero andate') : other.left === 1 ? 'Se ne andrebbe' : 'Se ne andrebbero';
      said.push(`${leave} senza essere ${other.left === 1 ? 'chiamata' : 'chiamate'} ${counted(other.left, 'persona', 'persone')} invece di ${model.left}.`);
    }
    if (a.more < 0 && a.least_counters <= -a.more) said.push('Dove gli sportelli erano pochi, uno resta comunque.');
  }
  if (a.drawn === a.days && a.demand) said.push(expected(a.demand, today));
  return said.filter(Boolean);
}

/** @param {Staffing[]} staffing */
function effort(staffing) {
  const days = staffing.reduce((n, s) => n + s.days, 0);
  const mean = (/** @type {'was_h' | 'planned_h'} */ key) => staffing.reduce((sum, s) => sum + s[key] * s.days, 0) / days;
  const [was, planned] = [rounded(mean('was_h')), rounded(mean('planned_h'))];
  const each = days > 1 ? ' al giorno, in media' : '';
  const than = was === planned ? 'quante ce n’erano' : `invece di ${was}`;
  return `In tutto ${planned === '1' ? 'è 1 ora' : `sono ${planned} ore`} di sportello${each}, ${than}.`;
}

/** @param {Answer} a */
function reached(a) {
  const short = (a.staffing || []).some((s) => s.hours.some((hour) => misses(hour, a.share)));
  const was = `Con gli sportelli ${a.real ? 'che c’erano' : 'di sempre'} aspetta meno di ${wait(a.target_s)}, nel modello, ${ofShare('i', a.model.within)}.`;
  return short ? `${was} Nelle ore segnate con «!» non basta nessun numero di sportelli.` : was;
}

/** Whether an hour can't reach the share. @param {Hour} hour @param {number} share */
export function misses(hour, share) {
  return hour.arrivals > 0 && hour.within < share - 1e-4;
}

/** @param {{ days: Expected[] }} demand @param {string} today */
function expected({ days }, today) {
  const each = days.slice().sort((x, y) => x.visits - y.visits);
  const [calm, full] = [each[0], each[each.length - 1]];
  const range = (/** @type {Expected} */ of, long = false) => `${rounded(of.visits)}${long ? ' persone' : ''} (quattro volte su cinque tra ${rounded(of.low)} e ${rounded(of.high)})`;
  if (rounded(calm.visits) === rounded(full.visits) && days.length > 1) return `Ogni giorno si attendono ${range(full, true)}.`;
  if (days.length === 1) return `${capital(nameOf(full.day, today))} si attendono ${range(full, true)}.`;
  return `Si attendono da ${rounded(calm.visits)} persone ${nameOf(calm.day, today)} a ${range(full)} ${nameOf(full.day, today)}.`;
}

/** What the expectation was learned from. @param {number} days */
export function learnedFrom(days) {
  return `L’attesa è imparata da ${counted(days, 'giorno', 'giorni')} di sportello.`;
}

/** By how much the expectation was off. @param {{ days: number, mae: number, share: number }} error */
export function demandError(error) {
  if (error.days === 0) return 'Di quanto sbagli questa attesa non si sa ancora: i giorni conosciuti sono pochi.';
  return `Quanto sbaglia: negli ultimi ${counted(error.days, 'giorno', 'giorni')}, prevedendoli una settimana prima, in media di ${counted(Math.round(error.mae), 'persona', 'persone')} al giorno (${ofShare('i', error.share)}).`;
}

/** How wrong the model is. @param {Answer} a */
export function modelError({ error, real }) {
  const by = Math.abs(error.mean_s) < 30 ? 'come quella vera' : `di ${wait(Math.abs(error.mean_s))} ${error.mean_s > 0 ? 'più lunga' : 'più corta'} di quella vera`;
  const hours = error.hours_s < 30 ? 'di meno di mezzo minuto' : `di ${wait(error.hours_s)}`;
  const truth = real ? ` (${wait(real.mean_s)})` : '';
  return `Rigiocando ${counted(error.days, 'giorno', 'giorni')} con gli stessi sportelli il modello trova un’attesa media ${by}${truth}; ora per ora sbaglia, in media, ${hours}. ` +
    'Differenze più piccole di questa non vanno prese alla lettera.';
}

/** What was played: "5 giorni, 612 visite; da 3 a 4 sportelli usati in un giorno". @param {Answer} a @param {string} today */
export function about(a, today) {
  const used = a.least_counters === a.most_counters ? counted(a.most_counters, 'sportello usato', 'sportelli usati') : `da ${a.least_counters} a ${a.most_counters} sportelli usati`;
  const drawn = a.drawn === 0 ? '' : a.drawn === a.days ? ', tirati a sorte' : `, di cui ${a.drawn} tirati a sorte`;
  return `${capital(spanName(a, today))}: ${counted(a.days, 'giorno', 'giorni')}${drawn}, ${counted(a.model.visits, 'visita', 'visite')}, ${used}${a.days > 1 ? ' al giorno' : ''}`;
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
