/** The administration page. */

import { Api, ApiError } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { askLeave } from './deskquestions.js';
import { Devices } from './devices.js';
import { field } from './dialog.js';
import { OfficeWatch } from './officewatch.js';
import { hasExpired, leave, loginAddress, whoAmI } from './session.js';
import { Toasts } from './toast.js';
import { passwordInput, Users } from './users.js';

/** @typedef {{ public_url: string | null, ticket_url: string, offices: import('./users.js').Office[] }} About */

class AdminPage {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.toasts = new Toasts();
    this.busy = false;
    this.users = new Users(api, this);
    this.watch = new OfficeWatch({ onView: () => this.devices.zoned(this.watch.zone) }, 'Le modifiche si fanno quando il server torna.');
    this.devices = new Devices(api, this);
    byId('leave').addEventListener('click', () => this.leave());
    this.passwordForm();
  }

  async start() {
    try {
      const me = await whoAmI(this.api);
      byId('who').textContent = me.full_name || me.name;
      const user = /** @type {HTMLInputElement} */ (byId('username'));
      user.value = me.name;
      byId('main').hidden = false;
      this.watch.start();
      /** @type {About} */
      const server = await this.api.get('/server');
      this.warn(server);
      this.users.among(server.offices);
      await Promise.all([this.users.load(), this.devices.load()]);
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) {
        byId('users').hidden = true;
        byId('devices').hidden = true;
      }
      this.failed(error);
    }
  }

  /** What the settings amount to, where that may surprise. @private @param {About} server */
  warn(server) {
    byId('notices').replaceChildren(
      server.public_url
        ? ''
        : h(
            'p',
            { class: 'message message-warn' },
            both('Manca l’indirizzo pubblico: i QR dei biglietti porteranno all’indirizzo con cui si apre il totem, per esempio ', ''),
            h('code', {}, `${server.ticket_url}…`),
            both(' Se i telefoni dei cittadini non lo raggiungono, impostare public-url.', 'No public address is set: QR codes lead to the address that the totem uses.'),
          ),
    );
  }

  /**
   * Does one thing at a time and says how it went.
   * @param {() => Promise<unknown>} what @param {[it: string, en: string]} done
   * @returns {Promise<boolean>} whether it succeeded
   */
  async run(what, done) {
    if (this.busy) return false;
    this.busy = true;
    try {
      await what();
      this.toasts.clear();
      this.toasts.tell(...done);
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Does something, or says in words why it was refused. @param {() => Promise<unknown>} what */
  async attempt(what) {
    try {
      await what();
      return null;
    } catch (error) {
      if (error instanceof ApiError && !hasExpired(error)) return error.message;
      this.failed(error);
      return null;
    }
  }

  /** @param {string} it @param {string} en */
  tell(it, en) {
    this.toasts.clear();
    this.toasts.tell(it, en);
  }

  /** @private */
  async leave() {
    try {
      await leave(this.api, askLeave);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @private @param {unknown} error */
  failed(error) {
    if (hasExpired(error)) location.assign(loginAddress());
    else if (error instanceof ApiError) this.toasts.error(error.message);
    else throw error;
  }

  /** @private */
  passwordForm() {
    const form = byId('password');
    const old = passwordInput('current-password');
    old.removeAttribute('minlength');
    const next = passwordInput('new-password');
    const again = passwordInput('new-password');
    const problem = h('div', { role: 'alert' });
    form.append(
      h('input', { class: 'unseen', id: 'username', autocomplete: 'username', tabindex: -1, 'aria-hidden': 'true', readonly: true }),
      field('old', ['Password attuale', 'Present password'], old),
      field('new', ['Nuova password', 'New password'], next, ['Almeno 12 caratteri', 'At least 12 characters']),
      field('again', ['Ripeti la nuova password', 'Repeat it'], again),
      problem,
      h('button', { class: 'button', type: 'submit' }, both('Cambia password', 'Change')),
    );
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const wrong = next.value.length < 12 ? 'La nuova password ha meno di 12 caratteri.' : next.value !== again.value ? 'Le due password nuove sono diverse.' : '';
      problem.replaceChildren(wrong && h('p', { class: 'message message-bad' }, wrong));
      next.setAttribute('aria-invalid', String(wrong !== ''));
      if (wrong) return next.focus();
      const done = await this.run(() => this.api.post('/password', { old: old.value, new: next.value }), ['Password cambiata: entrare di nuovo.', 'Password changed: sign in again.']);
      if (done) setTimeout(() => location.assign(loginAddress()), 1500);
    });
  }
}

new AdminPage(new Api()).start();
