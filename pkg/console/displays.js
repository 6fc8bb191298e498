/** The office's displays: how each is set, with what it would show. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Display, Draft, Fault } from './displaysdraft.js' */
/** @import { MediaFile } from './displaysform.js' */
/** @import { Places } from './places.js' */
import { ApiError } from '../../displays/lib/api.js';
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';
import { ask, button, field } from './dialog.js';
import { copy, faultsOf, idFor, put, rebase, same } from './displaysdraft.js';
import { DisplayForm } from './displaysform.js';
import { OfficeWide } from './displaysoffice.js';
import { DisplayPreview } from './displayspreview.js';
import { LAYOUTS } from './displayswords.js';
import { hasExpired } from './session.js';

/** How long after the last key the preview is asked for, in milliseconds. */
const TYPING_MS = 250;
/** The reason of a change of a document that somebody else has changed. */
const CHANGED = 'config_changed';

/** @implements {Row<Display>} */
class DisplayRow {
  /** @param {Displays} page @param {string} id */
  constructor(page, id) {
    this.page = page;
    this.name = h('strong');
    this.more = h('span', { class: 'entry-more' });
    this.state = h('span', { class: 'chip', hidden: true });
    this.set = h('button', { class: 'button button-plain button-small', type: 'button' }, 'Imposta');
    this.set.addEventListener('click', () => page.choose(page.chosen === id ? '' : id));
    this.remove = button('Togli', 'Togli', () => page.remove(id));
    this.element = h('li', { class: 'entry' }, h('p', { class: 'entry-name' }, this.name, this.more), this.state, h('div', { class: 'entry-actions' }, this.set, this.remove));
  }

  /** @param {Display} display */
  update(display) {
    const name = pick(display.name) || display.id;
    const layout = LAYOUTS.find(([value]) => value === (display.layout || 'sala'));
    setText(this.name, name);
    setText(this.more, `${layout ? layout[1] : display.layout} · ${this.page.addressOf(display)}`);
    const faults = this.page.faultsIn(display);
    const changed = this.page.isChanged(display);
    this.state.hidden = !faults && !changed;
    setText(this.state, faults ? (faults === 1 ? 'Un errore' : `${faults} errori`) : 'Da salvare');
    this.state.className = faults ? 'chip chip-bad' : 'chip chip-warn';
    const open = this.page.chosen === display.id;
    setText(this.set, open ? 'Chiudi' : 'Imposta');
    this.set.setAttribute('aria-expanded', String(open));
    this.set.setAttribute('aria-label', `${open ? 'Chiudi' : 'Imposta'} ${name}`);
    this.remove.setAttribute('aria-label', `Togli ${name}`);
    this.element.classList.toggle('is-open', open);
  }
}

export class Displays {
  /**
   * @param {Api} api
   * @param {{ failed: (error: unknown) => void, tell: (it: string, en: string) => void, saved: () => void }} page
   *   saved: the places have other displays now
   * @param {Places} places
   */
  constructor(api, page, places) {
    this.api = api;
    this.page = page;
    this.places = places;
    this.officeId = '';
    /** What the draft began as, @type {Draft | null} */
    this.base = null;
    /** and what is to be saved. @type {Draft | null} */
    this.draft = null;
    /** @type {MediaFile[]} */
    this.media = [];
    /** The display that is being set; empty: none. */
    this.chosen = '';
    /** @type {Fault[]} */
    this.faults = [];
    /** @type {DisplayForm | null} */
    this.form = null;
    this.asked = 0;
    this.typing = 0;
    this.saving = false;
    this.office = h('select');
    this.officeField = field('displays-site', ['Sede', 'Office'], this.office);
    byId('displays-list').before(this.officeField);
    this.list = new KeyedList(byId('displays-list'), (/** @type {Display} */ d) => d.id, (id) => new DisplayRow(this, id), byId('add-display'));
    this.preview = new DisplayPreview({ asked: () => this.draw(), seen: (seen) => this.form && this.form.saw(seen) });
    this.wide = new OfficeWide(() => this.changed());
    this.said = h('div', { role: 'status' });
    this.status = h('p', { class: 'displays-status', role: 'status' });
    this.save = h('button', { class: 'button', type: 'button', id: 'displays-save' }, both('Salva', 'Save'));
    this.undo = h('button', { class: 'button button-plain', type: 'button', id: 'displays-undo' }, both('Annulla le modifiche', 'Discard'));
    byId('displays-end').append(this.said, h('div', { class: 'displays-bar' }, this.status, this.undo, this.save));
    byId('add-display').addEventListener('click', () => this.add());
    this.save.addEventListener('click', () => this.send());
    this.undo.addEventListener('click', () => this.base && this.begin(this.base, this.base));
    this.office.addEventListener('change', () => this.leave());
    addEventListener('beforeunload', (event) => this.unsaved && event.preventDefault());
  }

  /** Offers the offices that there are, and shows the first one's displays. */
  start() {
    const { offices } = this.places;
    this.office.replaceChildren(...offices.map((o) => h('option', { value: o.id }, pick(o.names) || o.id)));
    this.officeField.hidden = offices.length < 2;
    return this.load();
  }

  /** Whether leaving now loses something. */
  get unsaved() {
    return !same(this.base, this.draft);
  }

  /** @private @returns {Display[]} */
  get displays() {
    return (this.draft && this.draft.displays) || [];
  }

  /** Another office, if nothing is lost or that is wanted. @private */
  async leave() {
    const wanted = this.office.value;
    this.office.value = this.officeId;
    const sure = !this.unsaved || (await ask({
      title: ['Lasciare le modifiche?', 'Leave the changes?'],
      body: [h('p', {}, both('Non sono ancora salvate: cambiando sede si perdono.', 'They aren’t saved yet.'))],
      confirm: ['Lasciale', 'Leave'],
      danger: true,
    }));
    if (!sure) return;
    this.office.value = wanted;
    this.chosen = '';
    await this.load();
  }

  /** @private */
  async load() {
    const office = this.office.value;
    try {
      const [document, media] = await Promise.all([this.read(office), this.api.get(`${this.places.path(office)}/media`)]);
      this.officeId = office;
      this.media = media;
      this.begin(document, document);
    } catch (error) {
      this.page.failed(error);
    }
  }

  /** @private @param {string} office @returns {Promise<Draft>} */
  read(office) {
    return this.api.get(`${this.places.path(office)}/config`);
  }

  /** Goes on from a document and a draft of its change. @private @param {Draft} base @param {Draft} draft */
  begin(base, draft) {
    this.base = copy(base);
    this.draft = copy(draft);
    this.faults = [];
    this.said.replaceChildren();
    this.wide.show(this.draft);
    if (!this.displays.some((d) => d.id === this.chosen)) this.chosen = '';
    this.edit();
  }

  /** Shows the chosen display's settings. @private */
  edit() {
    const display = this.displays.find((d) => d.id === this.chosen);
    byId('display-editor').hidden = !display;
    this.form = display && this.draft ? new DisplayForm(display, this.draft, this.media, { changed: () => this.changed(), address: this.addressOf(display) }) : null;
    byId('display-form').replaceChildren(...(this.form ? [this.form.element] : []));
    if (display) this.preview.open(this.pathOf());
    this.show();
    this.draw();
  }

  /** @param {string} id of a display; empty: none */
  choose(id) {
    this.chosen = id;
    this.edit();
    if (this.form) byId('display-editor').scrollIntoView({ block: 'start' });
  }

  /** Where the office's pages are. @private */
  pathOf() {
    return this.places.pages(this.officeId);
  }

  /** @param {Display} display */
  addressOf({ id }) {
    return `${this.pathOf()}/display/${id}`;
  }

  /** @param {Display} display */
  isChanged(display) {
    return !same(display, ((this.base && this.base.displays) || []).find((d) => d.id === display.id));
  }

  /** How many faults are in a display. @param {Display} display */
  faultsIn(display) {
    return faultsOf(this.faults, this.displays.indexOf(display)).own.length;
  }

  /** @private The draft is another one. */
  changed() {
    this.show();
    clearTimeout(this.typing);
    this.typing = Number(setTimeout(() => this.draw(), TYPING_MS));
  }

  /** Shows what is to be saved, and what is wrong with it. @private */
  show() {
    this.list.update(this.displays);
    const index = this.displays.findIndex((d) => d.id === this.chosen);
    const { own, others } = faultsOf(this.faults, index);
    const homeless = (this.form ? this.form.faulty(own) : []).concat(others);
    const { unsaved } = this;
    byId('displays-end').classList.toggle('is-unsaved', unsaved);
    this.undo.hidden = !unsaved;
    this.save.setAttribute('aria-disabled', String(!unsaved || this.saving));
    const n = this.faults.length;
    this.preview.behind(n > 0);
    setText(this.status, n ? `${n === 1 ? 'Un errore' : `${n} errori`}: così non si può salvare.` : unsaved ? 'Modifiche non ancora salvate.' : '');
    this.status.classList.toggle('field-problem', n > 0);
    byId('displays-faults').replaceChildren(
      homeless.length ? h('div', { class: 'message message-bad' }, h('ul', {}, ...homeless.map((f) => h('li', {}, h('strong', {}, this.placeOf(f)), ` ${f.message}`)))) : '',
    );
  }

  /** Where a fault is, in words as far as there are some. @private @param {Fault} fault */
  placeOf({ path }) {
    const found = /^displays\[(\d+)\]/.exec(path);
    const display = found && this.displays[Number(found[1])];
    return `${display ? pick(display.name) || display.id : path}:`;
  }

  /** Has the preview made, which also says what is wrong with the draft. @private */
  async draw() {
    const asked = ++this.asked;
    const display = this.chosen || (this.displays[0] && this.displays[0].id);
    if (!display || (!this.chosen && !this.unsaved)) return;
    try {
      const view = await this.api.post(`${this.places.path(this.officeId)}/config/display`, { display, sample: this.preview.sample, config: this.draft });
      if (asked !== this.asked) return;
      this.faults = [];
      if (this.chosen) this.preview.show(view);
    } catch (error) {
      if (asked !== this.asked) return;
      const faults = faultsIn(error);
      if (!faults) return this.page.failed(error);
      this.faults = faults;
    }
    this.show();
  }

  /** Saves the draft. @private */
  async send() {
    if (this.saving || !this.unsaved || !this.draft) return;
    this.saving = true;
    this.save.classList.add('is-busy');
    try {
      const saved = await this.api.put(`${this.places.path(this.officeId)}/config`, this.draft, { 'If-Match': `"${this.draft.version}"` });
      this.places.documents.set(this.officeId, saved);
      this.saving = false;
      this.begin(saved, saved);
      this.page.saved();
      this.page.tell('Salvato: i monitor lo mostrano già.', 'Saved: the displays show it already.');
      byId('displays-title').focus();
    } catch (error) {
      this.saving = false;
      this.refused(error);
    } finally {
      this.save.classList.remove('is-busy');
    }
  }

  /** @private @param {unknown} error */
  refused(error) {
    const faults = faultsIn(error);
    if (faults) {
      this.faults = faults;
      this.show();
      if (!this.form || !this.form.fields.focus()) byId('displays-faults').scrollIntoView({ block: 'center' });
    } else if (error instanceof ApiError && /** @type {any} */ (error.body)?.error?.reason === CHANGED) this.meet();
    else this.page.failed(error);
  }

  /** Somebody else has changed the document: says what can be done. @private */
  meet() {
    const keep = h('button', { class: 'button button-small', type: 'button' }, both('Porta le mie modifiche sulla versione nuova', 'Carry mine over'));
    const drop = h('button', { class: 'button button-plain button-small', type: 'button' }, both('Lascia le mie e riprendi da quella', 'Drop mine'));
    keep.addEventListener('click', () => this.carry(true));
    drop.addEventListener('click', () => this.carry(false));
    this.said.replaceChildren(
      h(
        'div',
        { class: 'message message-warn' },
        h('p', {}, both('Qualcun altro ha cambiato la configurazione. Niente è perso: le tue modifiche sono ancora qui, non salvate.', 'Somebody else changed the configuration. Yours are still here.')),
        h('div', { class: 'entry-actions' }, keep, drop),
      ),
    );
    keep.focus();
  }

  /** @private @param {boolean} mine whether the draft's changes are kept */
  async carry(mine) {
    const { base, draft } = this;
    if (!base || !draft) return;
    try {
      const now = await this.read(this.officeId);
      this.begin(now, mine ? rebase(base, draft, now) : now);
      if (mine) this.said.replaceChildren(h('p', { class: 'message' }, both('Le tue modifiche sono sulla versione nuova: guardarle nell’anteprima e salvare.', 'Look at them and save.')));
      this.save.focus();
    } catch (error) {
      this.page.failed(error);
    }
  }

  /** @private */
  async add() {
    const name = h('input', { autocomplete: 'off', maxlength: 80 });
    const data = await ask({
      title: ['Aggiungi un monitor', 'Add a display'],
      body: [field('new-display', ['Nome', 'Name'], name, ['Per esempio: Sala d’attesa. Si legge sul monitor, e dà l’indirizzo.', 'It is shown, and makes the address'])],
      confirm: ['Aggiungi', 'Add'],
      check: (values) => (String(values.get('new-display')).trim() ? null : { field: name, words: ['Scrivere un nome.', 'Write a name.'] }),
    });
    if (!data || !this.draft) return;
    const it = String(data.get('new-display')).trim();
    const id = idFor(it, this.displays.map((d) => d.id));
    put(this.draft, 'displays', this.displays.concat({ id, name: { it }, sound: false }));
    this.choose(id);
    const first = byId('display-form').querySelector('input[type="radio"]:checked');
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {string} id */
  remove(id) {
    if (!this.draft) return;
    put(this.draft, 'displays', this.displays.filter((d) => d.id !== id));
    if (this.chosen === id) this.chosen = '';
    this.faults = [];
    this.edit();
  }
}

/** The faults that an error tells of; null: it is of another kind. @param {unknown} error @returns {Fault[] | null} */
function faultsIn(error) {
  if (!(error instanceof ApiError) || hasExpired(error)) return null;
  return /** @type {any} */ (error.body)?.error?.faults || null;
}
