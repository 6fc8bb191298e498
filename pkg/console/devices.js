/** The paired devices: list, revoke. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Places } from './places.js' */
/** @import { Page } from './users.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { moment } from '../../displays/lib/text.js';
import { ask } from './dialog.js';
import { printerOf } from './words.js';

/** @typedef {{ number: string, issued_at: string, message: string }} Refused */
/**
 * @typedef {{ id: string, kind: string, office: string, target: string, created_at: string,
 *   online: boolean, seen_at: string | null, unsent: number, refused: Refused[],
 *   printer: { state: string, reason?: string, since: string } | null }} Device
 */

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
    this.unsent = h('span', { class: 'entry-more' });
    this.refusedWords = h('p');
    this.refusedRows = h('ul');
    this.refused = h('div', { class: 'entry-alarm message message-bad', hidden: true }, this.refusedWords, this.refusedRows);
    this.revoke = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Revoca');
    this.revoke.addEventListener('click', () => this.device && devices.revoke(this.device));
    this.element = h('li', { class: 'entry' }, h('p', { class: 'entry-name' }, this.name, this.created, this.seen, this.unsent), this.printer, this.state, h('div', { class: 'entry-actions' }, this.revoke), this.refused);
  }

  /** @param {Device} device */
  update(device) {
    this.device = device;
    const name = this.devices.places.nameOf(device);
    setText(this.name, name);
    setText(this.state, device.online ? 'Collegato' : 'Non collegato');
    this.state.className = device.online ? 'chip chip-good' : 'chip chip-bad';
    const created = this.devices.when(device.created_at);
    setText(this.created, created && `Abbinato il ${created}`);
    setText(this.seen, this.devices.seen(device));
    this.updatePrinter(device);
    this.updateRefused(device.refused);
    this.revoke.setAttribute('aria-label', `Revoca ${name}, abbinato il ${created}`);
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
    /** @type {Device[]} */
    this.all = [];
    this.zone = '';
    this.list = new KeyedList(byId('device-rows'), (/** @type {Device} */ device) => device.id, () => new DeviceRow(this), byId('devices-title'));
  }

  async load() {
    /** @type {Device[][]} */
    const lists = await Promise.all(this.places.offices.map(({ id }) => this.api.get(`${this.places.path(id)}/devices`)));
    this.all = lists.flat();
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
    const seen = device.seen_at ? this.when(device.seen_at) : '';
    return seen ? `Visto l’ultima volta il ${seen}` : 'Non si è ancora visto';
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
