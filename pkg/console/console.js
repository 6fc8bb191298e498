/** The clerk's page: first the choice of a counter, then the counter. */

import { Api, ApiError } from '../../displays/lib/api.js';
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { Renewal } from '../../displays/lib/renewal.js';
import { officePath, SERVER_API } from '../../displays/lib/office.js';
import { Bell } from './bell.js';
import { ChoosePage } from './choose.js';
import { DeskPage } from './desk.js';
import { askHelp, askLeave } from './deskquestions.js';
import { isAsking } from './dialog.js';
import { hasExpired, leave, loginAddress, whoAmI } from './session.js';
import { waysFrom } from './staffpages.js';
import { Toasts } from './toast.js';

/**
 * The console's own address, and the key of what it remembers: a browser may know the counters of
 * several offices.
 */
const HERE = `${officePath()}/console`;
const LAST_COUNTER = `eliminacode.counter${officePath()}`;
const SHORTCUTS = 'eliminacode.shortcuts';

/** @typedef {import('./session.js').User} User */

class ConsolePage {
  /** @param {Api} api of the office @param {Api} accounts @param {User} me */
  constructor(api, accounts, me) {
    this.api = api;
    this.accounts = accounts;
    this.me = me;
    this.toasts = new Toasts();
    this.renewal = new Renewal(() => !isAsking() && (!this.desk || this.desk.isIdle));
    this.keys = localStorage.getItem(SHORTCUTS) !== 'off';
    /** @type {DeskPage | null} */
    this.desk = null;
    this.chooser = new ChoosePage(api, me.name, {
      chosen: (id) => this.open(id),
      failed: (error) => this.failed(error),
      renewal: this.renewal,
    });
    byId('who').textContent = me.full_name || me.name;
    this.alarm = this.button('Allarme', 'Alarm', 'E', () => this.desk && this.desk.commands.act('alarm'), 'bar-button bar-alarm');
    this.change = this.button('Cambia sportello', 'Change counter', '', () => this.choose(this.desk ? this.desk.id : null));
    this.bell = new Bell(me.name);
    this.help = this.button('Tasti', 'Keys', '?', () => this.showHelp());
    byId('bar-end').append(
      this.alarm,
      this.change,
      this.bell.button,
      this.help,
      ...waysFrom('/console', me),
      this.button('Esci', 'Sign out', '', () => this.leave()),
    );
    addEventListener('keydown', (event) => this.key(event));
    this.applyKeys();
  }

  /**
   * The choice of a counter.
   * @param {string | null} last the one to point at
   * @param {boolean} [arriving] where the clerk sits already is gone to at once
   */
  choose(last, arriving = false) {
    if (this.desk) this.desk.stop();
    this.desk = null;
    byId('title').replaceChildren(both('Sportelli', 'Counters'));
    document.title = 'Sportelli – Eliminacode';
    history.replaceState(null, '', HERE);
    this.alarm.hidden = true;
    this.change.hidden = true;
    this.bell.button.hidden = true;
    this.help.hidden = true;
    this.chooser.show(last, arriving).catch((error) => this.failed(error));
  }

  /** @param {string} id */
  open(id) {
    this.chooser.hide();
    localStorage.setItem(LAST_COUNTER, id);
    history.replaceState(null, '', `${HERE}?counter=${encodeURIComponent(id)}`);
    this.change.hidden = false;
    this.bell.button.hidden = false;
    this.help.hidden = false;
    this.desk = new DeskPage(id, this.me.name, this.toasts, {
      leave: () => this.choose(id),
      failed: (error) => this.failed(error),
      askWhy: () => this.check(),
      named: (name) => setText(byId('title'), name),
      seated: (mine) => (this.alarm.hidden = !mine),
      viewed: (view) => this.bell.update(view),
      renewal: this.renewal,
      keys: () => this.keys,
      supervises: this.me.role !== 'operator',
    });
  }

  /** @private @param {unknown} error */
  failed(error) {
    if (hasExpired(error)) {
      location.assign(loginAddress());
    } else if (error instanceof ApiError) {
      this.toasts.error(error.message);
    } else {
      throw error;
    }
  }

  /** The connection is lost: has the session ended? @private */
  async check() {
    try {
      await this.accounts.get('/me');
    } catch (error) {
      if (hasExpired(error)) location.assign(loginAddress());
    }
  }

  /** @private */
  async leave() {
    try {
      if (!this.desk || (await this.desk.closeToLeave())) await leave(this.accounts, askLeave);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @private @param {KeyboardEvent} event */
  key(event) {
    if (!this.desk) return;
    if (event.key === '?' && this.keys && !isAsking() && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.showHelp();
    } else {
      this.desk.key(event);
    }
  }

  /** @private */
  async showHelp() {
    this.keys = await askHelp(this.keys);
    localStorage.setItem(SHORTCUTS, this.keys ? 'on' : 'off');
    this.applyKeys();
  }

  /** @private */
  applyKeys() {
    document.documentElement.classList.toggle('no-shortcuts', !this.keys);
  }

  /** @private @param {string} it @param {string} en @param {string} key @param {() => void} act */
  button(it, en, key, act, style = 'bar-button') {
    const button = h('button', { class: style, type: 'button', title: en }, it, key && h('kbd', { class: 'shortcut', 'aria-hidden': 'true' }, key));
    button.addEventListener('click', act);
    return button;
  }
}

const accounts = new Api({ base: SERVER_API });
whoAmI(accounts).then(
  (me) => {
    const page = new ConsolePage(new Api(), accounts, me);
    page.choose(new URLSearchParams(location.search).get('counter') || localStorage.getItem(LAST_COUNTER), true);
  },
  (error) => new Toasts().error(error instanceof Error ? error.message : String(error)),
);
