/** The numbers along the side of a chart, and places on it. Pure. */

/** How many steps a scale has at most. */
const STEPS = 4;

/**
 * Round numbers from 0 to the first that isn't less than the greatest value: [0, 5, 10, 15].
 * @param {number} greatest @param {boolean} [whole] of things that are counted: no fractions
 */
export function scale(greatest, whole = false) {
  const least = greatest / STEPS;
  const ten = 10 ** Math.floor(Math.log10(least || 1));
  let step = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= least * (1 - 1e-9)) || 1;
  if (whole) step = Math.max(1, Math.ceil(step));
  const n = Math.max(1, Math.ceil(greatest / step - 1e-9));
  return Array.from({ length: n + 1 }, (_, i) => Number((i * step).toFixed(6)));
}

/** A place or a length, as a part of the whole: "12.5%". @param {number} part @param {number} whole */
export function percent(part, whole) {
  return `${Math.round((part / whole) * 1e4) / 100}%`;
}

/**
 * The line of values that each last as long as the others, from the left to the right, on a drawing
 * as many units wide as there are values; where there is none the line is broken.
 * @param {(number | null)[]} values @param {number} top what the upper edge stands for
 */
export function steps(values, top) {
  let path = '';
  values.forEach((value, i) => {
    if (value === null) return;
    const y = Math.round((top - value) * 100) / 100;
    const goesOn = i > 0 && values[i - 1] !== null;
    path += goesOn ? `V${y}H${i + 1}` : `M${i} ${y}H${i + 1}`;
  });
  return path;
}
