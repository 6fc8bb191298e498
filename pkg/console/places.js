/** What devices can be for, and what people call it. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Office } from './users.js' */
import { pick } from '../../displays/lib/text.js';

/**
 * @typedef {{ kind: string, office: string, target: string, names?: Record<string, string> }} Place
 *   names: of its display, where they are told
 */
/** @typedef {{ id: string, name: Record<string, string> }} Display */
/**
 * The configuration of an office, as far as the administration reads it.
 * @typedef {object} Document
 * @property {Display[] | null} [displays]
 * @property {{ id: string, letter: string, name: Record<string, string> }[]} [channels]
 * @property {string[]} [languages]
 */

export class Places {
  /** @param {Api} api */
  constructor(api) {
    this.api = api;
    /** @type {Office[]} */
    this.offices = [];
    /** The configuration of each office, by its id. @type {Map<string, Document>} */
    this.documents = new Map();
  }

  /** Takes the offices of who is signed in. @param {Office[]} offices */
  among(offices) {
    this.offices = offices;
  }

  /** Asks what the offices have, which is for their administrators. */
  async read() {
    await Promise.all(this.offices.map(async ({ id }) => {
      this.documents.set(id, await this.api.get(`${this.path(id)}/config`));
    }));
  }

  /** @param {string} office @returns {Display[]} */
  displaysOf(office) {
    return this.documents.get(office)?.displays || [];
  }

  /** Where the API has an office. @param {string} office */
  path(office) {
    return `/offices/${encodeURIComponent(office)}`;
  }

  /** Where an office's pages are. @param {string} office */
  pages(office) {
    const known = this.offices.find((o) => o.id === office);
    return known && known.default ? '' : `/offices/${encodeURIComponent(office)}`;
  }

  /** @param {Display} display */
  nameOfDisplay({ id, name }) {
    return `Monitor ${pick(name) || id}`;
  }

  /** "Monitor Sala d’attesa", and where there are several offices, in which. @param {Place} place */
  nameOf(place) {
    const name = this.shortNameOf(place);
    const office = this.offices.length > 1 ? this.offices.find((o) => o.id === place.office) : null;
    return office ? `${name} (${pick(office.names) || office.id})` : name;
  }

  /** @private @param {Place} place */
  shortNameOf({ kind, office, target, names }) {
    if (kind === 'totem') return target && target !== kind ? `Totem ${target}` : 'Totem';
    if (kind !== 'display') return 'Dispositivo';
    const display = this.displaysOf(office).find((d) => d.id === target);
    return this.nameOfDisplay({ id: target, name: names || (display ? display.name : {}) }).trim();
  }
}
