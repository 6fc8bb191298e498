/** What a wall screen needs that a page on a desk doesn't. */

/** How often the picture moves a little, against burn-in. Milliseconds. */
const DRIFT_MS = 150000;
/** Where it moves, in pixels, one place after another. */
const DRIFT = [[0, 0], [6, 3], [8, 8], [3, 6], [-3, 8], [-8, 3], [-6, -3], [-2, -8], [4, -6]];

/** Moves the picture by a few pixels every few minutes. @param {HTMLElement} element */
export function drift(element) {
  let step = 0;
  setInterval(() => {
    step = (step + 1) % DRIFT.length;
    element.style.setProperty('transform', `translate(${DRIFT[step][0]}px, ${DRIFT[step][1]}px)`);
  }, DRIFT_MS);
}

/** Makes one-line texts smaller until they fit: numbers past 999, long names. @param {ParentNode} root */
export function fit(root) {
  root.querySelectorAll('.fit').forEach((element) => {
    if (!(element instanceof HTMLElement)) return;
    element.style.removeProperty('font-size');
    for (let i = 0; i < 3 && element.scrollWidth > element.clientWidth && element.clientWidth > 0; i++) {
      const size = parseFloat(getComputedStyle(element).fontSize);
      element.style.setProperty('font-size', `${Math.floor((size * 0.98 * element.clientWidth) / element.scrollWidth)}px`);
    }
  });
}

/**
 * Tells the style sheet the size of a box, whatever is around it: --h is a hundredth of its height, or of what its width
 * allows. Then its texts are made to fit.
 * @param {HTMLElement} box
 * @param {number} shape the least width, as a multiple of the height, that leaves the height the last word
 * @param {number} [parts] of which the box is a column
 */
export function measure(box, shape, parts = 1) {
  const height = Math.min(box.clientHeight / parts, box.clientWidth / shape);
  box.style.setProperty('--h', `${height / 100}px`);
  fit(box);
}
