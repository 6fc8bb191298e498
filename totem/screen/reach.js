/**
 * Where a hand reaches: between 380 and 1220 mm above the floor (EN 301 549, 8.3), and 20 mm at
 * least for what is pressed. Pure.
 *
 * How large the screen is and how high it hangs no browser knows: the kiosk's address says, as
 * /?inches=27&edge_mm=820 (the diagonal, and the height of the lower edge of the picture).
 */

const LOWEST_MM = 380;
const HIGHEST_MM = 1220;
const TARGET_MM = 20;
const MM_OF_INCH = 25.4;

/** @typedef {{ inches: number, edge: number }} Mount edge: of the picture's lower edge, in mm */

/**
 * How a screen hangs that nobody has described: a 32 inch one stands, a 22 inch one lies on a desk
 * of the usual height.
 * @param {number} width @param {number} height
 * @returns {Mount}
 */
function usual(width, height) {
  return height > width ? { inches: 32, edge: 750 } : { inches: 22, edge: 950 };
}

/**
 * @param {string} query of the page's address @param {number} width @param {number} height
 * @returns {Mount}
 */
export function mountOf(query, width, height) {
  const said = new URLSearchParams(query);
  const { inches, edge } = usual(width, height);
  return { inches: between(said.get('inches'), 7, 110) || inches, edge: between(said.get('edge_mm'), 1, 2000) || edge };
}

/** @param {string | null} text @param {number} low @param {number} high */
function between(text, low, high) {
  const n = Number(text);
  return n >= low && n <= high ? n : 0;
}

/**
 * In pixels of the page: how much of the screen is too high and too low for a hand, and how large a
 * target is at least.
 * @param {number} width @param {number} height @param {Mount} mount
 */
export function reach(width, height, mount) {
  const mm = (mount.inches * MM_OF_INCH) / Math.hypot(width, height);
  const above = height - (HIGHEST_MM - mount.edge) / mm;
  const below = (LOWEST_MM - mount.edge) / mm;
  return {
    above: clamp(above, height * 0.6),
    below: clamp(below, height * 0.3),
    target: Math.ceil(TARGET_MM / mm),
  };
}

/** Whatever the numbers say, most of the screen is left. @param {number} px @param {number} most */
function clamp(px, most) {
  return Math.round(Math.max(0, Math.min(px, most)));
}
