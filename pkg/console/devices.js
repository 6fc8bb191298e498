/** The devices, and the monitors that are on none: how they are, and what to do. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Places } from './places.js' */
/** @import { Page } from './users.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { moment } from '../../displays/lib/text.js';
import { ask, button } from './dialog.js';
import { printerOf } from './words.js';

/** @typedef {{ number: string, issued_at: string, message: string }} Refused */
/**
 * @typedef {{ id: string, kind: string, office: string, target: string,
 *   names: Record<string, string>, created_at: string | null, online: boolean,
 *   seen_at: string | null, unsent: number, refused: Refused[], screen: string, version: string,
 *   printer: { state: string, reason?: string, since: string } | null,
 *   display: Shown | null }} Device
 */
/**
 * @typedef {{ windows: number, sound: 'on' | 'blocked' | 'off' | 'muted' | 'quiet', owner: boolean, shown: string,
 *   spoken: string, spoken_at: string | null, legible: string, outdated: boolean }} Shown what a monitor says of itself
 */

/** Monitors that are on no paired device. */
const OPEN = 'display.';
/** How much of a page's version is told: as much as the monitor itself shows. */
const VERSION = 8;
/** How a monitor's sound is, and how well that is. @type {Record<string, [words: string, chip: string]>} */
const SOUNDS = {
  on: ['Suono attivo', 'chip-good'],
  blocked: ['Suono bloccato dal browser', 'chip-bad'],
  off: ['Senza suono', ''],
  muted: ['Silenziato', 'chip-warn'],
  quiet: ['Orario di silenzio', ''],
};

/** @implements {Row<Device>} */
class DeviceRow {
  /** @param {Devices} devices */
  constructor(devices) {
    this.devices = devices;
    /** @type {Device | null} */
    this.device = null;
    this.name = h('strong');
    this.created = h('span', { class: 'entry-more' });
    this.seen = h('span', { class: 'entry-more' });
    this.state = h('span', { class: 'chip' });
    this.printer = h('span', { class: 'chip' });
    this.sound = h('span', { class: 'chip', hidden: true });
    this.shows = h('span', { class: 'entry-more' });
    this.advice = h('span', { class: 'entry-more' });
    this.unsent = h('span', { class: 'entry-more' });
    this.refusedWords = h('p');
    this.refusedRows = h('ul');
    this.refused = h('div', { class: 'entry-alarm message message-bad', hidden: true }, this.refusedWords, this.refusedRows);
    const action = (/** @type {string} */ words, /** @type {(device: Device) => void} */ act) => button(words, words, () => this.device && act(this.device));
    this.revoke = action('Revoca', (device) => devices.revoke(device));
    this.actions = [
      action('Identifica', (device) => devices.order(device, 'identify', ['Il monitor mostra il suo nome per 20 secondi.', 'The monitor shows its name.'])),
      action('Ricarica', (device) => devices.order(device, 'reload', ['Il monitor si ricarica.', 'The monitor is loaded anew.'])),
      action('Silenzia', (device) => devices.mute(device)),
    ];
    this.verbs = h('div', { class: 'entry-actions' }, ...this.actions, this.revoke);
    const names = h('p', { class: 'entry-name' }, this.name, this.created, this.seen, this.shows, this.advice, this.unsent);
    this.element = h('li', { class: 'entry' }, names, this.printer, this.sound, this.state, this.verbs, this.refused);
  }

  /** @param {Device} device */
  update(device) {
    this.device = device;
    const name = this.devices.places.nameOf(device);
    setText(this.name, name);
    setText(this.state, device.online ? 'Collegato' : 'Non collegato');
    this.state.className = device.online ? 'chip chip-good' : 'chip chip-bad';
    const open = device.id.startsWith(OPEN);
    const created = device.created_at ? this.devices.when(device.created_at) : '';
    setText(this.created, open && device.display ? 'Aperto senza abbinamento' : created && `Abbinato il ${created}`);
    this.revoke.hidden = open || !this.devices.revokes;
    this.verbs.hidden = this.revoke.hidden && !device.display;
    this.updateDisplay(device);
    setText(this.seen, this.devices.seen(device));
    this.updatePrinter(device);
    this.updateRefused(device.refused);
    this.revoke.setAttribute('aria-label', `Revoca ${name}, abbinato il ${created}`);
    for (const button of this.actions) button.setAttribute('aria-label', `${button.innerText} ${name}`);
  }

  /** @private @param {Device} device */
  updateDisplay({ kind, display, screen, version }) {
    this.sound.hidden = !display;
    for (const button of this.actions) button.hidden = !display;
    const facts = [];
    const advice = [];
    if (display) {
      const [words, chip] = SOUNDS[display.sound] || [display.sound, ''];
      setText(this.sound, display.sound === 'on' && !display.owner ? 'Suono da un altro monitor della stanza' : words);
      this.sound.className = `chip ${chip}`;
      setText(this.actions[2], display.sound === 'muted' ? 'Fai suonare' : 'Silenzia');
      this.actions[2].hidden = display.sound === 'off';
      if (display.shown) facts.push(`ultimo numero mostrato ${display.shown}`);
      const at = display.spoken_at ? this.devices.when(display.spoken_at) : '';
      if (display.spoken) facts.push(`detto ${display.spoken}${at && ` il ${at}`}`);
      if (display.windows > 1) facts.push(`aperto in ${display.windows} finestre`);
      if (display.sound === 'blocked') advice.push('Per sentirlo toccare il suo schermo, o cliccarvi con il mouse.');
      if (display.outdated) advice.push('Pagina di una versione precedente: ricaricarlo.');
      if (display.legible === 'number' || display.legible === 'rest') advice.push('I caratteri non bastano per la distanza indicata: serve uno schermo più grande o più vicino.');
    }
    if (screen) facts.push(`schermo ${screen.replace('x', ' × ')}`);
    if (version) facts.push(`versione ${kind === 'display' ? version.slice(0, VERSION) : version}`);
    const all = facts.join(', ');
    setText(this.shows, all && all[0].toUpperCase() + all.slice(1));
    setText(this.advice, advice.join(' '));
  }

  /** @private @param {Device} device */
  updatePrinter({ printer, unsent }) {
    this.printer.hidden = !printer;
    if (printer) {
      const since = this.devices.when(printer.since);
      setText(this.printer, `Stampante: ${printerOf(printer.state)[0]}${since && !WELL.has(printer.state) ? ` dal ${since}` : ''}`);
      this.printer.className = `chip ${printer.state === 'paper_low' ? 'chip-warn' : WELL.has(printer.state) ? 'chip-good' : 'chip-bad'}`;
    }
    setText(this.unsent, unsent > 0 ? `${unsent === 1 ? 'Un biglietto dato' : `${unsent} biglietti dati`} senza rete, da consegnare` : '');
  }

  /** Tickets whose holders wait for nothing. @private @param {Refused[]} list */
  updateRefused(list) {
    this.refused.hidden = list.length === 0;
    const one = list.length === 1;
    setText(
      this.refusedWords,
      one
        ? 'Un biglietto dato senza rete non è stato accettato: chi lo ha in mano non è in coda. Chiamarlo a voce e dargli un altro biglietto.'
        : `${list.length} biglietti dati senza rete non sono stati accettati: chi li ha in mano non è in coda. Chiamarli a voce e dare a ciascuno un altro biglietto.`,
    );
    const rows = list.map((r) => {
      const at = this.devices.when(r.issued_at);
      return `${r.number}${at && `, del ${at}`}: ${r.message}`;
    });
    if (rows.join('\n') === Array.from(this.refusedRows.children, (row) => row.textContent).join('\n')) return;
    this.refusedRows.replaceChildren(...rows.map((row) => h('li', {}, row)));
  }
}

/** The states of a printer that want nobody to come. */
const WELL = new Set(['ready', 'none']);

export class Devices {
  /** @param {Api} api @param {Page} page @param {Places} places */
  constructor(api, page, places) {
    this.api = api;
    this.page = page;
    this.places = places;
    /** Whether who is signed in may revoke them. */
    this.revokes = false;
    /** @type {Device[]} */
    this.all = [];
    this.zone = '';
    this.list = new KeyedList(byId('device-rows'), (/** @type {Device} */ device) => device.id, () => new DeviceRow(this), byId('devices-title'));
  }

  async load() {
    /** @type {Device[][]} */
    const lists = await Promise.all(this.places.offices.map(({ id }) => this.api.get(`${this.places.path(id)}/devices`)));
    this.all = lists.flat();
    byId('no-devices').hidden = this.all.length > 0;
    this.list.update(this.all);
  }

  /** Takes the office's time zone, in which the times are told. @param {string | undefined} zone */
  zoned(zone) {
    if (!zone || zone === this.zone) return;
    this.zone = zone;
    this.list.update(this.all);
  }

  /** A moment in the office's time; nothing until its zone is known. @param {string} at */
  when(at) {
    return this.zone ? moment(at, this.zone) : '';
  }

  /** When a device that isn't there now was there last. @param {Device} device */
  seen(device) {
    if (device.online) return '';
    if (!device.created_at && !device.display) return `Per vederlo, aprire ${this.places.pages(device.office)}/display/${device.target} sul suo schermo`;
    const seen = device.seen_at ? this.when(device.seen_at) : '';
    return seen ? `Visto l’ultima volta il ${seen}` : 'Non si è ancora visto';
  }

  /**
   * Has a monitor do something.
   * @param {Device} device @param {string} what @param {[it: string, en: string]} done @param {object} [body]
   */
  async order(device, what, done, body = {}) {
    await this.page.run(() => this.api.post(`${this.places.path(device.office)}/devices/${encodeURIComponent(device.id)}/${what}`, body), done);
    await this.page.refresh();
  }

  /** Silences a monitor, or lets it sound again. @param {Device} device */
  async mute(device) {
    const on = !!device.display && device.display.sound !== 'muted';
    await this.order(device, 'mute', on ? ['Il monitor tace.', 'The monitor is silent.'] : ['Il monitor suona di nuovo.', 'The monitor sounds again.'], { on });
  }

  /** @param {Device} device */
  async revoke(device) {
    const sure = await ask({
      title: [`Revocare ${this.places.nameOf(device)}?`, 'Revoke the device?'],
      body: [h('p', {}, both('Smette subito di funzionare finché non viene abbinato di nuovo.', 'It stops working at once, until it is paired again.'))],
      confirm: ['Revoca', 'Revoke'],
      danger: true,
    });
    if (!sure) return;
    await this.page.run(() => this.api.delete(`/devices/${encodeURIComponent(device.id)}`), ['Dispositivo revocato.', 'Device revoked.']);
    await this.page.refresh();
  }
}
