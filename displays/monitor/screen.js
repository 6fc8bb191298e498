/** What a wall screen needs that a page on a desk doesn't. */

/** How often the picture moves a little, against burn-in. Milliseconds. */
const DRIFT_MS = 150000;
/** Where it moves, in pixels, one place after another. */
const DRIFT = [[0, 0], [6, 3], [8, 8], [3, 6], [-3, 8], [-8, 3], [-6, -3], [-2, -8], [4, -6]];
/** The smallest that a text becomes, of its size. */
const SMALLEST = 0.3;

/** Moves the picture by a few pixels every few minutes. @param {HTMLElement} element */
export function drift(element) {
  let step = 0;
  setInterval(() => {
    step = (step + 1) % DRIFT.length;
    element.style.setProperty('transform', `translate(${DRIFT[step][0]}px, ${DRIFT[step][1]}px)`);
  }, DRIFT_MS);
}

/**
 * Makes texts smaller until they fit, each by itself: .fit has one line (numbers past 999),
 * .fit-box as many as there is room for (long names).
 * @param {ParentNode} root
 */
export function fit(root) {
  root.querySelectorAll('.fit, .fit-box').forEach((element) => {
    if (!(element instanceof HTMLElement)) return;
    element.style.removeProperty('font-size');
    const style = getComputedStyle(element);
    const whole = parseFloat(style.fontSize);
    const least = whole * SMALLEST;
    for (let size = whole; overflows(element) && size > least; ) {
      size = element.classList.contains('fit') ? Math.min(size * 0.97, (size * 0.99 * element.clientWidth) / element.scrollWidth) : size * 0.94;
      size = Math.max(size, least);
      element.style.setProperty('font-size', `${size}px`);
    }
  });
}

/** @param {HTMLElement} element */
export function overflows(element) {
  if (element.clientWidth === 0) return false;
  // Letters stand out of their line, the last, by a little: that is no line too many.
  let last = element;
  while (last.lastElementChild) last = /** @type {HTMLElement} */ (last.lastElementChild);
  const spare = 0.3 * parseFloat(getComputedStyle(last).fontSize);
  const tall = element.classList.contains('fit-box') && element.scrollHeight > element.clientHeight + spare;
  return tall || element.scrollWidth > element.clientWidth;
}

/**
 * Whether a text is cut, or had to become smaller than the reading distance wants it (--least).
 * @param {HTMLElement} element
 */
export function lacksRoom(element) {
  const style = getComputedStyle(element);
  return overflows(element) || parseFloat(style.fontSize) < (parseFloat(style.getPropertyValue('--least')) || 0) - 0.5;
}

/**
 * Tells the style sheet the size of a box, whatever is around it: --h is a hundredth of its height,
 * or of what its width allows. Then its texts are made to fit.
 * @param {HTMLElement} box
 * @param {number} shape the least width, as a multiple of the height, that leaves the height the
 *   last word
 * @param {{ rows: number, columns: number }} [parts] of which the box is made
 */
export function measure(box, shape, parts = { rows: 1, columns: 1 }) {
  const height = Math.min(box.clientHeight / parts.rows, box.clientWidth / parts.columns / shape);
  box.style.setProperty('--h', `${height / 100}px`);
  fit(box);
}
