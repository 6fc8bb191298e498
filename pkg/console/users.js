/** The users: list, add, role, password, in and out of use. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';
import { ask, field } from './dialog.js';

/** @typedef {{ id: string, names: Record<string, string>, default: boolean }} Office */
/**
 * @typedef {{ name: string, full_name?: string, role: string, offices: string[], disabled: boolean
 *   }} User
 */
/**
 * @typedef {object} Page
 * @property {(what: () => Promise<unknown>, done: [it: string, en: string]) => Promise<boolean>}
 *   run
 * @property {(what: () => Promise<unknown>) => Promise<string | null>} attempt
 * @property {(it: string, en: string) => void} tell
 * @property {() => Promise<void>} refresh reads again what changes by itself
 */

/** @type {[value: string, it: string][]} */
const ROLES = [
  ['operator', 'Operatore di sportello'],
  ['supervisor', 'Responsabile'],
  ['admin', 'Amministratore'],
];

/** The shortest password that the server takes, in characters. */
export const PASSWORD_MIN = 12;

/** @param {string} [role] */
function roleSelect(role) {
  return h('select', { class: 'input' }, ...ROLES.map(([value, words]) => h('option', { value, selected: value === role }, words)));
}

/** @param {string} autocomplete */
export function passwordInput(autocomplete) {
  return h('input', { type: 'password', autocomplete, minlength: PASSWORD_MIN, required: true });
}

/** @param {FormData} data @returns {string[]} */
function officesOf(data) {
  return data.getAll('offices').map(String);
}

/** @param {FormData} data */
function userOf(data) {
  const text = (/** @type {string} */ key) => String(data.get(key) || '');
  return { name: text('name').trim(), full_name: text('full_name').trim(), role: text('role'), offices: officesOf(data), password: text('password') };
}

/** What people call a user. @param {{ name: string, full_name?: string }} user */
function called(user) {
  return user.full_name || user.name;
}

/** @implements {Row<User>} */
class UserRow {
  /** @param {Users} users @param {string} name */
  constructor(users, name) {
    this.users = users;
    /** @type {User} */
    this.user = { name, role: '', offices: [], disabled: false };
    this.called = h('strong');
    this.name = h('span', { class: 'entry-more' });
    this.where = h('span', { class: 'entry-more' });
    this.role = roleSelect();
    this.state = h('span', { class: 'chip' });
    this.toggle = h('button', { class: 'button button-plain button-small', type: 'button' });
    this.password = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Nuova password');
    this.offices = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Sedi');
    this.offices.addEventListener('click', () => users.chooseOffices(this.user));
    this.element = h(
      'li',
      { class: 'entry' },
      h('p', { class: 'entry-name' }, this.called, this.name, this.where),
      h('div', { class: 'entry-field' }, this.role),
      this.state,
      h('div', { class: 'entry-actions' }, this.offices, this.password, this.toggle),
    );
    this.role.addEventListener('change', () => users.change(name, { role: this.role.value }, ['Ruolo cambiato.', 'Role changed.']));
    this.toggle.addEventListener('click', () => users.setDisabled(this.user));
    this.password.addEventListener('click', () => users.newPassword(this.user));
  }

  /** @param {User} user */
  update(user) {
    this.user = user;
    const person = called(user);
    setText(this.called, person);
    setText(this.name, person === user.name ? '' : user.name);
    this.role.setAttribute('aria-label', `Ruolo di ${person}`);
    this.password.setAttribute('aria-label', `Nuova password per ${person}`);
    this.offices.setAttribute('aria-label', `Sedi di ${person}`);
    this.role.value = user.role;
    setText(this.where, this.users.where(user));
    this.offices.hidden = !this.users.areSeveral;
    setText(this.state, user.disabled ? 'Disattivato' : 'Attivo');
    this.state.className = user.disabled ? 'chip chip-bad' : 'chip chip-good';
    setText(this.toggle, user.disabled ? 'Riattiva' : 'Disattiva');
    this.toggle.setAttribute('aria-label', `${user.disabled ? 'Riattiva' : 'Disattiva'} ${person}`);
    this.element.classList.toggle('is-disabled', user.disabled);
  }
}

export class Users {
  /** @param {Api} api @param {Page} page */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    this.list = new KeyedList(byId('user-rows'), (/** @type {User} */ user) => user.name, (name) => new UserRow(this, name));
    /** @type {Office[]} */
    this.offices = [];
    byId('add-user').addEventListener('click', () => this.add());
  }

  /** Takes the server's offices. @param {Office[]} offices */
  among(offices) {
    this.offices = offices;
  }

  /** Whether there is more than one office: only then it matters where somebody works. */
  get areSeveral() {
    return this.offices.length > 1;
  }

  /** Where somebody works, in words. @param {User} user */
  where(user) {
    if (!this.areSeveral) return '';
    if (user.offices.length === 0) return 'In tutte le sedi';
    return `In: ${user.offices.map((id) => this.nameOf(id)).join(', ')}`;
  }

  /** @private @param {string} id */
  nameOf(id) {
    const office = this.offices.find((o) => o.id === id);
    return (office && pick(office.names)) || id;
  }

  /** @private @param {string[]} chosen */
  officeField(chosen) {
    if (!this.areSeveral) return null;
    const rows = this.offices.map((office) =>
      h('label', { class: 'choice' }, h('input', { class: 'choice-mark', type: 'checkbox', name: 'offices', value: office.id, checked: chosen.includes(office.id) }), h('span', {}, this.nameOf(office.id))),
    );
    return h('fieldset', {}, h('legend', {}, both('Sedi', 'Offices')), h('p', { class: 'help' }, both('Nessuna scelta: tutte le sedi.', 'None chosen: all of them.')), h('div', { class: 'choices' }, ...rows));
  }

  /** @param {User} user */
  async chooseOffices(user) {
    const data = await ask({
      title: [`Dove lavora ${called(user)}?`, 'Where does the user work?'],
      body: [this.officeField(user.offices)],
      confirm: ['Imposta', 'Set'],
      send: (values) => this.page.attempt(() => this.api.put(`/users/${encodeURIComponent(user.name)}`, { offices: officesOf(values) })),
    });
    if (!data) return;
    this.page.tell('Sedi cambiate.', 'Offices changed.');
    await this.load();
  }

  async load() {
    this.list.update(await this.api.get('/users'));
  }

  /** @param {string} name @param {object} change @param {[string, string]} done */
  async change(name, change, done) {
    await this.page.run(() => this.api.put(`/users/${encodeURIComponent(name)}`, change), done);
    await this.load();
  }

  /** @param {User} user */
  async setDisabled(user) {
    if (user.disabled) return this.change(user.name, { disabled: false }, [`${called(user)} può di nuovo entrare.`, 'The user may sign in again.']);
    const sure = await ask({
      title: [`Disattivare ${called(user)}?`, 'Disable the user?'],
      body: [h('p', {}, both('Esce subito da ogni computer e non può più entrare. Si può riattivare.', 'Is signed out everywhere and can’t sign in. Can be undone.'))],
      confirm: ['Disattiva', 'Disable'],
      danger: true,
    });
    if (sure) await this.change(user.name, { disabled: true }, [`${called(user)} è disattivato.`, 'The user is disabled.']);
  }

  /** @param {User} user */
  async newPassword(user) {
    const input = passwordInput('new-password');
    const data = await ask({
      title: [`Nuova password per ${called(user)}`, 'New password'],
      body: [field('password', ['Password', ''], input, [`Almeno ${PASSWORD_MIN} caratteri. Va data alla persona, che poi la cambia.`, 'Hand it to the person, who then changes it.'])],
      confirm: ['Imposta', 'Set'],
      send: (values) => this.page.attempt(() => this.api.put(`/users/${encodeURIComponent(user.name)}`, { password: String(values.get('password')) })),
    });
    if (data) this.page.tell('Password impostata.', 'Password set.');
  }

  /** @private */
  async add() {
    const name = h('input', { autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', required: true, pattern: '[a-z0-9][a-z0-9.\\-]*' });
    const full = h('input', { autocomplete: 'off' });
    const data = await ask({
      title: ['Aggiungi utente', 'Add a user'],
      body: [
        field('name', ['Nome utente', 'User name'], name, ['Lettere minuscole, cifre, punti e trattini: maria.rossi', 'Lower-case letters, digits, dots, hyphens']),
        field('full_name', ['Nome e cognome', 'Full name'], full, ['Facoltativo', 'Optional']),
        field('role', ['Ruolo', 'Role'], roleSelect('operator')),
        this.officeField([]),
        field('password', ['Password', ''], passwordInput('new-password'), [`Almeno ${PASSWORD_MIN} caratteri`, 'At least 12 characters']),
      ],
      confirm: ['Aggiungi', 'Add'],
      send: (values) => this.page.attempt(() => this.api.post('/users', userOf(values))),
    });
    if (!data) return;
    this.page.tell(`${called(userOf(data))} è stato aggiunto.`, 'The user was added.');
    await this.load();
  }
}
