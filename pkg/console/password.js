/** The form that changes one's own password. */

/** @import { Api } from '../../displays/lib/api.js' */
import { ApiError } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { field } from './dialog.js';
import { hasExpired } from './session.js';
import { PASSWORD_MIN, passwordInput } from './users.js';

/** How long the good news stays before the login comes, in milliseconds. */
const READING_MS = 1_500;

export class PasswordForm {
  /**
   * @param {Api} api
   * @param {{ changed: () => void, failed: (error: unknown) => void, tell: (it: string, en: string)
   *   => void }} page
   */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    this.busy = false;
    /** For the browser's keeper of passwords. */
    this.name = h('input', { class: 'unseen', autocomplete: 'username', tabindex: -1, 'aria-hidden': 'true', readonly: true });
    this.old = passwordInput('current-password');
    this.old.removeAttribute('minlength');
    this.next = passwordInput('new-password');
    this.again = passwordInput('new-password');
    this.problem = h('div', { class: 'problem', role: 'alert' });
    const form = byId('password');
    form.append(
      this.name,
      field('old', ['Password attuale', 'Present password'], this.old),
      field('new', ['Nuova password', 'New password'], this.next, [`Almeno ${PASSWORD_MIN} caratteri, non comuni né ripetuti`, `At least ${PASSWORD_MIN} characters, not common or repeating ones`]),
      field('again', ['Ripeti la nuova password', 'Repeat it'], this.again),
      this.problem,
      h('button', { class: 'button', type: 'submit' }, both('Cambia password', 'Change')),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** @private */
  async submit() {
    if (this.busy) return;
    const { old, next, again } = this;
    if (!old.value) return this.refuse(old, 'Scrivere la password attuale.');
    if (Array.from(next.value).length < PASSWORD_MIN) return this.refuse(next, `La nuova password ha meno di ${PASSWORD_MIN} caratteri.`);
    if (next.value !== again.value) return this.refuse(again, 'Le due password nuove sono diverse.');
    this.busy = true;
    try {
      await this.api.post('/password', { old: old.value, new: next.value });
      this.refuse(null, '');
      this.page.tell('Password cambiata: entrare di nuovo.', 'Password changed: sign in again.');
      setTimeout(() => this.page.changed(), READING_MS);
    } catch (error) {
      if (!(error instanceof ApiError) || hasExpired(error)) return this.page.failed(error);
      const about = String(/** @type {any} */ (error.body)?.error?.field);
      this.refuse(about.startsWith('old') ? old : next, error.message);
    } finally {
      this.busy = false;
    }
  }

  /**
   * Says what is wrong, beside the field that it's about.
   * @private @param {HTMLInputElement | null} wrong @param {string} why
   */
  refuse(wrong, why) {
    for (const input of [this.old, this.next, this.again]) input.setAttribute('aria-invalid', String(input === wrong));
    this.problem.replaceChildren(wrong ? h('p', { class: 'message message-bad' }, why) : '');
    if (wrong) wrong.focus();
  }
}
