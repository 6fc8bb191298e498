/** Fields that are bound to a part of a draft, and say what is wrong with it. */

/** @import { Fault } from './displaysdraft.js' */
/** @import { Words } from './dialog.js' */
import { both, h } from '../../displays/lib/dom.js';
import { field } from './dialog.js';
import { isOf, put } from './displaysdraft.js';

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

export class Fields {
  /** @param {string} prefix of their ids @param {() => void} changed */
  constructor(prefix, changed) {
    this.prefix = prefix;
    this.changed = changed;
    /** By the path in the display. @type {Map<string, { problem: HTMLElement, control: Control | null }>} */
    this.all = new Map();
  }

  /**
   * A field for a property: a text, a number where the control is of numbers, or a choice.
   * @param {string} path @param {Words} words @param {Control} control
   * @param {any} object @param {string} key
   * @param {{ help?: Words, then?: () => void }} [more] then: is done first once it has changed
   */
  bound(path, words, control, object, key, { help, then = () => {} } = {}) {
    const numeric = control instanceof HTMLInputElement && control.type === 'number';
    if (object[key] !== undefined) control.value = String(object[key]);
    control.addEventListener('input', () => {
      put(object, key, numeric ? Number(control.value) : control.value);
      then();
      this.changed();
    });
    return this.with(path, field(this.id(path), words, control, help), control);
  }

  /** A box to tick. @param {string} path @param {Words} words @param {boolean} checked @param {(checked: boolean) => void} set */
  tick(path, words, checked, set) {
    const box = h('input', { type: 'checkbox', class: 'choice-mark', id: this.id(path), checked });
    box.addEventListener('change', () => {
      set(box.checked);
      this.changed();
    });
    return h('label', { class: 'choice' }, box, h('span', {}, both(...words)));
  }

  /** Has an element say what is wrong below a path. @template {HTMLElement} E @param {string} path @param {E} element @param {Control | null} [control] */
  with(path, element, control = null) {
    const id = `${this.id(path)}-problem`;
    const problem = h('p', { class: 'field-problem', id, hidden: true });
    element.append(problem);
    if (control) control.setAttribute('aria-describedby', `${control.getAttribute('aria-describedby') || ''} ${id}`.trim());
    this.all.set(path, { problem, control });
    return element;
  }

  /** Forgets the fields below a path. @param {string} path */
  drop(path) {
    for (const known of Array.from(this.all.keys())) if (known !== path && isOf(known, path)) this.all.delete(known);
  }

  /** Shows faults at their fields, the innermost that there is. @param {Fault[]} faults @returns {Fault[]} those without one */
  show(faults) {
    const paths = Array.from(this.all.keys()).sort((a, b) => b.length - a.length);
    const places = faults.map((fault) => paths.find((path) => isOf(fault.path, path)));
    for (const [path, { problem, control }] of this.all) {
      const own = faults.filter((_, i) => places[i] === path);
      problem.hidden = own.length === 0;
      problem.textContent = own.map((fault) => fault.message).join(' ');
      if (control && own.length) control.setAttribute('aria-invalid', 'true');
      else if (control) control.removeAttribute('aria-invalid');
    }
    return faults.filter((_, i) => !places[i]);
  }

  /** Puts the focus on the first field that is wrong. @returns {boolean} whether there is one */
  focus() {
    for (const { problem, control } of this.all.values()) {
      if (problem.hidden || !problem.parentElement || !problem.checkVisibility()) continue;
      const target = control || problem.parentElement.querySelector('input, select, textarea, button');
      if (target instanceof HTMLElement) target.focus();
      return true;
    }
    return false;
  }

  /** @param {string} path */
  id(path) {
    return `${this.prefix}-${path.replace(/[.[\]]+/g, '-').replace(/-$/, '')}`;
  }
}

/** A group of fields, with its heading. @param {Words} legend @param {...(Node | null)} fields */
export function group(legend, ...fields) {
  return h('fieldset', { class: 'display-group' }, h('legend', {}, both(...legend)), h('div', { class: 'display-fields' }, ...fields));
}

/** A choice of one. @param {[value: string, words: string][]} options */
export function select(options) {
  return h('select', {}, ...options.map(([value, words]) => h('option', { value }, words)));
}
