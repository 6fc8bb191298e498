/**
 * What a display's own colours make of its texts: they can be read whatever the town chose. Pure.
 */

/** The contrast that the main texts have at least: WCAG 2.2, 1.4.6. */
const ENOUGH = 7;
const STEP = 0.02;

/** @typedef {[number, number, number]} Colour red, green and blue, 0 to 255 */

/** @param {string} hex as in the configuration @returns {Colour} */
function colourOf(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** @param {Colour} colour */
const written = (colour) => '#' + colour.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('');

/** Relative luminance, 0 to 1. @param {Colour} colour */
function luminance(colour) {
  const [r, g, b] = colour.map((c) => (c <= 10.31475 ? c / 255 / 12.92 : Math.pow((c / 255 + 0.055) / 1.055, 2.4)));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {Colour} a @param {Colour} b */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** One over another that shows through. @param {Colour} over @param {Colour} under @param {number} share */
const mix = (over, under, share) => /** @type {Colour} */ (over.map((c, i) => c * share + under[i] * (1 - share)));

/** @type {Colour} */
const WHITE = [255, 255, 255];
/** @type {Colour} */
const BLACK = [0, 0, 0];

/**
 * The accent, as dark as white text on it needs; empty as it is.
 * @param {string} accent as in the configuration
 */
export function deep(accent) {
  if (!accent) return '';
  const colour = colourOf(accent);
  let share = 1;
  while (contrast(mix(colour, BLACK, share), WHITE) < ENOUGH) share -= STEP;
  return written(mix(colour, BLACK, share));
}

/**
 * Whether what is written on a ground is white or black, and how much of the ground must lie over a
 * picture, whose parts may be of any colour.
 * @param {string} background as in the configuration
 * @returns {{ ground: 'dark' | 'light', veil: number }} veil: 0 to 1
 */
export function groundOf(background) {
  const colour = colourOf(background);
  const text = [BLACK, WHITE].sort((a, b) => contrast(colour, b) - contrast(colour, a))[0];
  let veil = 1;
  while (veil > STEP && [WHITE, BLACK].every((under) => contrast(mix(colour, under, veil - STEP), text) >= ENOUGH)) veil -= STEP;
  return { ground: text === WHITE ? 'dark' : 'light', veil };
}
