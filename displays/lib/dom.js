/** A few short ways to make and change elements. Texts go in as text only. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element: h('p', { class: 'hint' }, 'Text', element). Attributes that are false, null or
 * undefined are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Makes an element of a drawing.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(/** @type {any} */ (document.createElementNS(SVG, tag)), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {(Node | string | null | undefined | false)[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child) element.append(child);
  }
  return element;
}

/** An Italian text with its English beside it, small. @param {string} it @param {string} en */
export function both(it, en) {
  const fragment = document.createDocumentFragment();
  fragment.append(it);
  if (en) fragment.append(' ', h('span', { class: 'en', lang: 'en' }, en));
  return fragment;
}

/**
 * What is said, with what is set apart in it marked as Italian: see `within` of text.js.
 * @param {string} said
 */
export function marked(said) {
  const fragment = document.createDocumentFragment();
  said.split(/[\u2068\u2069]/).forEach((part, i) => part && fragment.append(i % 2 ? h('bdi', { lang: 'it' }, part) : part));
  return fragment;
}

/**
 * What is said of a number, with the number in it large; null where the number is a word.
 * @param {string} said @param {number} n
 */
export function counted(said, n) {
  const at = said.indexOf(String(n));
  if (at < 0) return null;
  const fragment = document.createDocumentFragment();
  fragment.append(said.slice(0, at), h('strong', {}, String(n)), said.slice(at + String(n).length));
  return fragment;
}

/**
 * The element with the id, which the page must have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * Puts text into an element, and leaves it alone when it is there already.
 * @param {Element} element @param {string} text
 * @returns {boolean} whether it is new
 */
export function setText(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}
