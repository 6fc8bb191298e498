/** A dialog with a form, which answers or is left. */

import { both, h } from '../../displays/lib/dom.js';

/** @typedef {[it: string, en: string]} Words */

/**
 * Asks, and gives the form's values; null when it was left. The focus goes back to where it was.
 * @param {{ title: Words, body?: (Node | string | null)[], confirm: Words, cancel?: Words, danger?:
 *   boolean,
 *   check?: (data: FormData) => { field: HTMLElement, words: Words } | null, send?: (data:
 *   FormData) => Promise<string | null> }} question check: the field that is still wrong, and how;
 *   send: carries it out, or says why not, and then the dialog stays with all that was typed
 * @returns {Promise<FormData | null>}
 */
export function ask(question) {
  const title = h('h2', { id: 'dialog-title' }, both(...question.title));
  const cancel = h('button', { class: 'button button-plain', type: 'button' }, both(...(question.cancel || ['Annulla', 'Cancel'])));
  const confirm = h('button', { class: question.danger ? 'button button-danger' : 'button', type: 'submit' }, both(...question.confirm));
  const problem = h('div', { class: 'problem', role: 'alert' });
  const form = h('form', { class: 'dialog-form', method: 'dialog' }, title, ...(question.body || []), problem, h('div', { class: 'dialog-end' }, cancel, confirm));
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form);
  const focused = document.activeElement;
  document.body.append(dialog);
  return new Promise((resolve) => {
    /** @type {FormData | null} */
    let data = null;
    let sending = false;
    form.addEventListener('submit', async (event) => {
      if (sending) return event.preventDefault();
      const values = new FormData(form);
      const wrong = question.check ? question.check(values) : null;
      if (wrong) {
        event.preventDefault();
        wrong.field.setAttribute('aria-invalid', 'true');
        problem.replaceChildren(h('p', { class: 'message message-bad' }, both(...wrong.words)));
        wrong.field.focus();
        return;
      }
      if (question.send) {
        event.preventDefault();
        sending = true;
        confirm.classList.add('is-busy');
        let wrong;
        try {
          wrong = await question.send(values);
        } finally {
          confirm.classList.remove('is-busy');
          sending = false;
        }
        problem.replaceChildren(wrong ? h('p', { class: 'message message-bad' }, wrong) : '');
        if (wrong || !dialog.open) return;
      }
      data = values;
      dialog.close();
    });
    // Who left while it is being sent would not learn that it was done.
    cancel.addEventListener('click', () => sending || dialog.close());
    dialog.addEventListener('cancel', (event) => sending && event.preventDefault());
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
      resolve(data);
    });
    dialog.showModal();
    const first = form.querySelector('input, select') || confirm;
    if (first instanceof HTMLElement) first.focus();
  });
}

/** Whether a dialog is open: shortcuts are silent then. */
export function isAsking() {
  return document.querySelector('dialog[open]') !== null;
}

/** @param {string} id @param {Words} words @param {HTMLElement} input @param {Words} [help] */
export function field(id, words, input, help) {
  input.id = id;
  input.classList.add('input');
  if (!input.getAttribute('name')) input.setAttribute('name', id);
  if (help) input.setAttribute('aria-describedby', `${id}-help`);
  return h('div', { class: 'field' }, h('label', { for: id }, both(...words)), input, help && h('p', { class: 'help', id: `${id}-help` }, both(...help)));
}

/**
 * A choice of one.
 * @param {string} name @param {Words} legend
 * @param {{ value: string, words: Words, letter?: string, color?: string }[]} options
 * @param {string} [checked] the value chosen at first
 */
export function choices(name, legend, options, checked) {
  const rows = options.map((option) => {
    const letter = option.letter ? h('span', { class: 'letter', 'aria-hidden': 'true' }, option.letter) : null;
    if (letter && option.color) letter.style.setProperty('--channel', option.color);
    return h('label', { class: 'choice' }, h('input', { class: 'choice-mark', type: 'radio', name, value: option.value, checked: option.value === checked }), letter, h('span', {}, both(...option.words)));
  });
  return h('fieldset', {}, h('legend', {}, both(...legend)), h('div', { class: 'choices' }, ...rows));
}

/** A small button. @param {string} words @param {string} label what it is called where that alone says too little @param {() => void} press */
export function button(words, label, press) {
  const made = h('button', { class: 'button button-plain button-small', type: 'button', 'aria-label': label === words ? null : label }, words);
  made.addEventListener('click', press);
  return made;
}
