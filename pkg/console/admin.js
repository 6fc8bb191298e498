/** The administration page. */

import { Api, ApiError } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { LiveView } from '../../displays/lib/live.js';
import { askLeave } from './deskquestions.js';
import { Devices } from './devices.js';
import { isAsking } from './dialog.js';
import { Displays } from './displays.js';
import { PaperPreview } from './paper.js';
import { Pairings } from './pairing.js';
import { PasswordForm } from './password.js';
import { Places } from './places.js';
import { hasExpired, leave, loginAddress } from './session.js';
import { enter } from './staffpages.js';
import { Toasts } from './toast.js';
import { Users } from './users.js';
import { VoiceSection } from './voice.js';

/** @import { PublicPage } from '../../displays/lib/wire.d.ts' */
/** @import { User } from './session.js' */
/** @import { Office } from './users.js' */
/**
 * @typedef {object} About what the server tells of itself
 * @property {string | null} public_url
 * @property {string} ticket_url
 * @property {boolean} clock_plausible
 */

/** How often the server is asked about itself, in milliseconds. */
const SERVER_MS = 60_000;
/** How often it is asked which devices there are, in milliseconds. */
const LOOK_MS = 3000;

class AdminPage {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    this.toasts = new Toasts();
    this.busy = false;
    /** Whether who is signed in looks after users and devices. */
    this.manages = false;
    /** What the server told of itself last. */
    this.told = '';
    this.users = new Users(api, this);
    this.places = new Places(api);
    this.devices = new Devices(api, this, this.places);
    this.pairings = new Pairings(api, this, this.places);
    this.paper = new PaperPreview(api, { failed: (error) => this.failed(error) }, this.places);
    this.displays = new Displays(api, { failed: (error) => this.failed(error), tell: (it, en) => this.tell(it, en), saved: () => this.pairings.start() }, this.places);
    this.voice = new VoiceSection(api, this, this.places);
    /** The reading of what changes by itself that is under way. @type {Promise<unknown> | null} */
    this.refreshing = null;
    byId('leave').addEventListener('click', () => this.leave());
    this.password = new PasswordForm(api, {
      changed: () => location.assign(loginAddress()),
      failed: (error) => this.failed(error),
      tell: (it, en) => this.tell(it, en),
    });
  }

  async start() {
    try {
      const me = await enter(this.api, '/admin');
      this.password.name.value = me.name;
      this.follow();
      await this.open(me);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Shows what the server lets a user see. @private @param {User} me */
  async open(me) {
    const administers = me.role === 'admin';
    this.manages = this.devices.revokes = administers && me.offices.length === 0;
    if (!administers) {
      byId('title').replaceChildren(both('Monitor e dispositivi', 'Displays and devices'));
      document.title = 'Monitor e dispositivi – Eliminacode';
    }
    if (me.role !== 'operator') reveal('devices');
    if (administers) reveal('displays', 'paper');
    if (this.manages) reveal('users', 'pairings', 'voice');
    /** @type {Office[]} */
    const offices = await this.api.get('/offices');
    this.places.among(offices);
    this.users.among(offices);
    await Promise.all([
      this.devices.load(),
      administers && this.places.read(),
      this.manages && Promise.all([this.readServer(), this.users.load()]),
    ]);
    if (this.manages) {
      setInterval(() => this.readServer().catch(() => {}), SERVER_MS); // what is wrong may come and go while the page is open
      this.pairings.start();
    }
    if (administers) {
      this.paper.start();
      await this.displays.start();
    }
    await this.refresh();
    setInterval(() => this.glance(), LOOK_MS);
    document.addEventListener('visibilitychange', () => this.glance());
    if (this.manages) await this.voice.load();
  }

  /** Reads which devices there are, and which ask to be. */
  async refresh() {
    while (this.refreshing) await this.refreshing; // what it reads may be older than what was just done
    this.refreshing = this.attempt(() => Promise.all([this.devices.load(), this.manages && this.pairings.look()])).finally(() => (this.refreshing = null));
    await this.refreshing;
  }

  /** Keeps the devices up to date for whoever looks at them. @private */
  glance() {
    if (!document.hidden && !this.refreshing) this.refresh();
  }

  /**
   * Whether the server is there, and the zone of the times: all that this page shows of the office.
   * @private
   */
  follow() {
    /** @type {LiveView<PublicPage>} */
    const live = new LiveView({ view: 'public' }, {
      advice: 'Le modifiche si fanno quando il server torna.',
      mayGo: () => !this.busy && !isAsking() && !isTouched() && !this.displays.unsaved,
      onView: () => this.devices.zoned(live.zone),
    });
  }

  /** @private @returns {Promise<About>} */
  async readServer() {
    /** @type {About} */
    const server = await this.api.get('/server');
    const told = JSON.stringify(server);
    if (told !== this.told) this.warn(server);
    this.told = told;
    return server;
  }

  /**
   * What is wrong with the server, and what its settings amount to where that may surprise.
   * @private @param {About} server
   */
  warn(server) {
    const clock = h(
      'p',
      { class: 'message message-bad' },
      both('L’orologio del server segna un’ora impossibile. Le sedi proseguono con la propria: correggerlo sul server.', 'The server’s clock can’t be right: set it. Offices go on in their own time.'),
    );
    const address = h(
      'p',
      { class: 'message message-warn' },
      'Manca l’indirizzo pubblico: i QR dei biglietti porteranno all’indirizzo con cui si apre il totem, per esempio ',
      h('code', {}, `${server.ticket_url}…`),
      both(' Se i telefoni dei cittadini non lo raggiungono, impostare public-url.', 'No public address is set: QR codes lead to the address that the totem uses.'),
    );
    byId('notices').replaceChildren(server.clock_plausible ? '' : clock, server.public_url ? '' : address);
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
      if (!(error instanceof ApiError)) throw error;
      if (hasExpired(error)) this.failed(error);
      return error.message;
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
}

/** @param {string[]} parts of the page, by id */
function reveal(...parts) {
  for (const part of parts) byId(part).hidden = false;
}

/** Whether the page has what would be lost: something typed, a link that is told only once. */
function isTouched() {
  const inputs = Array.from(byId('main').querySelectorAll('input')).filter((input) => !byId('displays').contains(input));
  return byId('paired').hasChildNodes() || inputs.some((input) => !input.readOnly && input.type !== 'checkbox' && input.value !== '');
}

new AdminPage(new Api()).start();
