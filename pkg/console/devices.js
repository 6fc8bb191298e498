/** The paired devices: list, revoke. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Page } from './users.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { moment } from '../../displays/lib/text.js';
import { ask } from './dialog.js';

/**
 * @typedef {{ id: string, kind: string, office: string, target: string, created_at: string,
 *   seen_at: string | null }} Device
 */

/** @type {Record<string, string>} */
const KINDS = { totem: 'Totem', display: 'Monitor' };

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
    this.revoke = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Revoca');
    this.revoke.addEventListener('click', () => this.device && devices.revoke(this.device));
    this.element = h('li', { class: 'entry' }, h('p', { class: 'entry-name' }, this.name, this.created, this.seen), h('div', { class: 'entry-actions' }, this.revoke));
  }

  /** @param {Device} device */
  update(device) {
    this.device = device;
    const name = nameOf(device);
    setText(this.name, name);
    const created = this.devices.when(device.created_at);
    setText(this.created, created && `Abbinato il ${created}`);
    setText(this.seen, device.seen_at ? `Visto l’ultima volta il ${this.devices.when(device.seen_at)}` : 'Non si è ancora visto');
    this.revoke.setAttribute('aria-label', `Revoca ${name}, abbinato il ${created}`);
  }
}

/** @param {Device} device */
function nameOf(device) {
  const kind = KINDS[device.kind] || device.kind;
  return device.target && device.target !== device.kind ? `${kind} ${device.target}` : kind;
}

export class Devices {
  /** @param {Api} api @param {Page} page */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    /** @type {Device[]} */
    this.all = [];
    this.zone = '';
    this.list = new KeyedList(byId('device-rows'), (/** @type {Device} */ device) => device.id, () => new DeviceRow(this), byId('devices-title'));
  }

  async load() {
    this.all = await this.api.get('/devices');
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

  /** @param {Device} device */
  async revoke(device) {
    const sure = await ask({
      title: [`Revocare ${nameOf(device)}?`, 'Revoke the device?'],
      body: [h('p', {}, both('Smette subito di funzionare finché non viene abbinato di nuovo.', 'It stops working at once, until it is paired again.'))],
      confirm: ['Revoca', 'Revoke'],
      danger: true,
    });
    if (!sure) return;
    await this.page.run(() => this.api.delete(`/devices/${encodeURIComponent(device.id)}`), ['Dispositivo revocato.', 'Device revoked.']);
    await this.load();
  }
}
