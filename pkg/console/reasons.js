/** A choice of reasons, or one in the clerk's own words. */

import { h } from '../../displays/lib/dom.js';
import { choices } from './dialog.js';

const OTHER = 'altro';

/** @param {string} name @param {[string, string][]} reasons */
export function reasonField(name, reasons) {
  const text = h('input', { class: 'input', maxlength: 100, autocomplete: 'off', 'aria-label': 'Altro motivo' });
  text.name = 'text';
  const list = choices(
    name,
    ['Motivo', 'Reason'],
    [...reasons.map((words) => ({ value: words[0], words })), { value: OTHER, words: ['Altro:', 'Other:'] }],
    reasons[0][0],
  );
  const last = list.querySelector('.choice:last-child');
  if (last) last.append(text);
  text.addEventListener('input', () => {
    const radio = /** @type {HTMLInputElement | null} */ (list.querySelector(`input[value="${OTHER}"]`));
    if (radio && text.value) radio.checked = true;
  });
  return list;
}

/** The reason that was chosen. @param {FormData} data */
export function reasonOf(data) {
  const reason = String(data.get('reason') || '');
  return reason === OTHER ? String(data.get('text') || '').trim() : reason;
}
