/**
 * How large letters must be to be read from where people are, and what a screen has room for then.
 * Pure.
 */

/** The least height of capitals, in millimetres for each metre: EN 301 549, 5.1.4. */
export const NUMBER_MM = 12.2;
/** The same of what isn't a number or a counter. */
export const REST_MM = 9;
/** Capitals of Titillium Web, of its font size. */
export const CAPITALS = 0.692;
export const MM_PER_INCH = 25.4;
/** A number of five signs and its edges, "A1004", as a multiple of its font size. */
const NUMBER_WIDTH = 3;
/** The shares of a wide screen that a number on the stage, or in a row, may take. */
const STAGE_SHARE = 0.5;
const ROW_SHARE = 0.28;
/** How many channels stand beside one another. */
const STRIP_UPRIGHT = 2;
const STRIP_WIDE = 6;
/** The clock and a short name beside it, as a multiple of the font size. */
const HEAD_WIDTH = 9;
/** By which share a distance is tried nearer, and from which on no further, in metres. */
const NEARER = 0.95;
const NEAREST = 0.2;

/**
 * @typedef {object} Screen
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {number} inches diagonal; 0: not known
 * @property {number} metres from how far away it is read; 0: not known
 * @property {number} channels that it tells who waits for
 * @property {number} bands height of what stands at its foot, in CSS pixels
 */
/**
 * @typedef {object} Plan
 * @property {number} number the least font size of numbers and counters, in CSS pixels; 0: any
 * @property {number} rest the same of all else
 * @property {number} rows how many calls stand below one another beside (wide) or below the stage
 * @property {boolean} strip there is room for who waits,
 * @property {boolean} lines for numbers in one line,
 * @property {boolean} roomy and for dates, headings and a second language
 * @property {'ok' | 'number' | 'rest'} legible what can't be met
 * @property {number} spare how high bands at the foot may be, in CSS pixels, for calls to have room
 */

/** A hundredth of the screen as the style sheet has it (--u). @param {Screen} screen */
function unit({ width, height }) {
  return width > height ? Math.min(height / 100, (width * 0.5625) / 100) : Math.min(width / 100, (height * 0.5625) / 100);
}

/**
 * What the screen shows. Where not all fits, fewer parts are shown rather than smaller letters.
 * @param {Screen} screen @param {number} rows as many as there are where nothing is known; 0: its
 *   layout has none, and nothing beside the stage
 * @returns {Plan}
 */
export function plan(screen, rows) {
  const { width, height, inches, metres, channels, bands } = screen;
  if (!inches || !metres) return { number: 0, rest: 0, rows, strip: true, lines: true, roomy: true, legible: 'ok', spare: Infinity };
  const u = unit(screen);
  const upright = width <= height;
  const pixels = Math.hypot(width, height) / (inches * MM_PER_INCH); // of a millimetre
  const number = (NUMBER_MM * metres * pixels) / CAPITALS;
  const rest = (REST_MM * metres * pixels) / CAPITALS;
  const roomy = rest <= 3.2 * u;
  const head = Math.max((upright ? 14 : 11) * u, rest * 1.3) + 4 * u;
  const stage = 2.1 * number + 4 * u;
  const row = 1.15 * number + 2 * u;
  const heading = (roomy ? 5 : 3) * u; // or the sign of pages
  const left = height - head - bands;
  /** @param {number} taken by other parts */
  const rowsIn = (taken) => Math.floor((left - taken - heading - (upright ? stage : 0)) / row);
  const fits = (/** @type {number} */ taken) => left - taken >= stage && rowsIn(taken) >= Math.min(rows, 2);
  const linesHeight = 1.3 * number + 3 * u;
  const stripRows = upright ? Math.ceil(channels / STRIP_UPRIGHT) : Math.ceil(channels / STRIP_WIDE);
  const stripHeight = stripRows * (Math.max(7 * u, 1.25 * rest) + 4 * u) + (upright && roomy ? 5 * u : 0);
  const lines = fits(linesHeight);
  const least = rows ? heading + row : 0;
  const strip = fits((lines ? linesHeight : 0) + stripHeight);
  const most = Math.max(1, rowsIn((lines ? linesHeight : 0) + (strip ? stripHeight : 0)));
  const narrow = (rows > 0 && NUMBER_WIDTH * number > width * (upright ? ROW_SHARE * 2 : ROW_SHARE)) || NUMBER_WIDTH * number > width * (upright ? 0.9 : STAGE_SHARE);
  const legible = left < stage || rowsIn(0) < Math.min(rows, 1) || narrow ? 'number' : HEAD_WIDTH * rest > width ? 'rest' : 'ok';
  const spare = height - head - (upright ? stage + least : Math.max(stage, least));
  return { number, rest, rows: Math.min(rows, most), strip, lines, roomy, legible, spare };
}

/**
 * The same, with letters as large as there is room for where those that are wanted have none.
 * @param {Screen} screen @param {number} rows @returns {Plan}
 */
export function within(screen, rows) {
  const wanted = plan(screen, rows);
  let made = wanted;
  for (let { metres } = screen; made.legible !== 'ok' && metres > NEAREST; metres *= NEARER) made = plan({ ...screen, metres }, rows);
  return { ...made, legible: wanted.legible };
}
