/** The settings of one display. */

/** @import { Display, Draft, Fault, Look } from './displaysdraft.js' */
/** @import { Words } from './dialog.js' */
import { both, h, setText } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { contrastOn, put, reading } from './displaysdraft.js';
import { Fields, group, select } from './displaysfields.js';
import { Playlist, Quiet } from './displayslists.js';
import { capitals } from './displayspreview.js';
import { accentWords, backgroundWords, GONGS, LAYOUTS } from './displayswords.js';

/** @typedef {{ name: string, type: string }} MediaFile */

export class DisplayForm {
  /**
   * @param {Display} display of a draft, which is changed @param {Draft} draft @param {MediaFile[]} media
   * @param {{ changed: () => void, address: string }} page address: of the display's own page
   */
  constructor(display, draft, media, page) {
    this.display = display;
    this.draft = draft;
    this.media = media;
    /** @type {{ legible: string, pixels: number } | null} */
    this.seen = null;
    const fields = (this.fields = new Fields('display', () => {
      this.fit();
      page.changed();
    }));
    const files = (/** @type {string} */ kind, /** @type {string} */ now) => this.files(kind, now);
    this.look = { ...display.look };
    /** Tell what letters on a colour come to. @type {(() => void)[]} */
    this.contrasts = [];
    this.legible = h('div', { role: 'status' });
    this.channels = fields.with('channels', this.channelBoxes());
    this.counter = fields.bound('counter', ['Sportello', 'Counter'], select([['', 'Scegliere…'], .../** @type {[string, string][]} */ (draft.counters.map((c) => [c.id, pick(c.name) || c.id]))]), display, 'counter');
    this.playlist = group(['Pagine', 'Pages'], new Playlist(fields, display, files).element);
    this.sounding = h(
      'div',
      { class: 'display-fields' },
      h(
        'div',
        { class: 'display-pair' },
        fields.bound('gong', ['Gong', 'Gong'], select(GONGS), display, 'gong'),
        fields.bound('volume', ['Volume, %', 'Volume'], h('input', { type: 'number', min: 1, max: 100, step: 1, inputmode: 'numeric', placeholder: '100' }), display, 'volume'),
      ),
      fields.bound('room', ['Ambiente', 'Room'], h('input', { maxlength: 64, autocomplete: 'off' }), display, 'room', { help: ['I monitor dello stesso ambiente suonano uno alla volta. Vuoto: quello di tutta la sede.', 'Displays of one room share one sound'] }),
      h('p', { class: 'display-sub' }, both('Ore senza suono', 'Quiet hours')),
      new Quiet(fields, display).element,
    );
    this.element = h(
      'form',
      { class: 'form', novalidate: true, 'aria-label': `Impostazioni di ${pick(display.name) || display.id}` },
      h(
        'div',
        { class: 'display-pair' },
        fields.bound('name.it', ['Nome', 'Name'], h('input', { autocomplete: 'off' }), display.name, 'it'),
        fields.bound('name.en', ['Nome in inglese', ''], h('input', { autocomplete: 'off', lang: 'en' }), display.name, 'en'),
      ),
      this.layouts(),
      this.counter,
      this.playlist,
      this.channels,
      group(
        ['Da dove si legge', 'Where it is read from'],
        h(
          'div',
          { class: 'display-pair' },
          fields.bound('inches', ['Diagonale, pollici', 'Inches'], number(7, 120, 'any'), display, 'inches'),
          fields.bound('metres', ['Distanza, metri', 'Metres'], number(0.5, 30, 'any'), display, 'metres'),
        ),
        this.legible,
      ),
      group(
        ['Aspetto', 'Look'],
        h(
          'div',
          { class: 'display-pair' },
          this.colour('accent', ['Colore', 'Accent'], '--accent-deep', accentWords),
          this.colour('background', ['Sfondo', 'Background'], '--ground', backgroundWords),
        ),
        h(
          'div',
          { class: 'display-pair' },
          this.inLook('arms', ['Stemma', 'Arms'], select(files('image/', this.look.arms || ''))),
          this.inLook('picture', ['Immagine', 'Picture'], select(files('image/', this.look.picture || ''))),
        ),
        h('p', { class: 'help' }, 'I file si copiano nella cartella ', h('code', {}, 'media'), ' dei dati del server.'),
      ),
      group(
        ['Suono', 'Sound'],
        fields.tick('sound', ['Gong e voce a ogni chiamata', 'Gong and voice'], display.sound, (on) => (display.sound = on)),
        this.sounding,
      ),
      group(
        ['Chi lo vede', 'Who sees it'],
        fields.tick('paired', ['Solo il dispositivo abbinato e il personale', 'Its paired device and staff alone'], !!display.paired, (on) => put(display, 'paired', on)),
        h('p', { class: 'help' }, 'Altrimenti lo vede chiunque ne conosca l’indirizzo: ', h('a', { href: page.address, target: '_blank', rel: 'noopener' }, page.address)),
      ),
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.fit();
  }

  /** Shows the fields that the layout has. @private */
  fit() {
    const { layout, sound } = this.display;
    this.counter.hidden = layout !== 'counter';
    this.channels.hidden = layout === 'counter';
    this.playlist.hidden = layout !== 'playlist';
    this.sounding.hidden = !sound;
    this.tell();
  }

  /** @private */
  layouts() {
    const { display } = this;
    const options = LAYOUTS.map(([value, name, help]) => {
      const radio = h('input', { class: 'choice-mark', type: 'radio', name: 'layout', value, checked: value === (display.layout || 'sala') });
      radio.addEventListener('change', () => {
        display.layout = value;
        this.fields.changed();
      });
      return h('label', { class: 'choice' }, radio, h('span', {}, h('strong', {}, name), h('span', { class: 'entry-more' }, help)));
    });
    return this.fields.with('layout', h('fieldset', {}, h('legend', {}, both('Disposizione', 'Layout')), h('div', { class: 'choices' }, ...options)));
  }

  /** @private */
  channelBoxes() {
    const { display, draft } = this;
    const boxes = draft.channels.map((c) => {
      const letter = h('span', { class: 'letter', 'aria-hidden': 'true' }, c.letter);
      letter.style.setProperty('--channel', c.color);
      const box = h('input', { type: 'checkbox', class: 'choice-mark', checked: (display.channels || []).includes(c.id) });
      box.addEventListener('change', () => {
        const chosen = new Set(display.channels);
        if (box.checked) chosen.add(c.id);
        else chosen.delete(c.id);
        put(display, 'channels', draft.channels.map((each) => each.id).filter((id) => chosen.has(id)));
        this.fields.changed();
      });
      return h('label', { class: 'choice choice-low' }, box, letter, h('span', {}, pick(c.name) || c.id));
    });
    return h('fieldset', {}, h('legend', {}, both('Canali', 'Channels')), h('p', { class: 'help' }, 'Nessuno segnato: tutti.'), h('div', { class: 'choices display-channels' }, ...boxes));
  }

  /** A property of the look. @private @param {keyof Look} key @param {Words} words @param {HTMLInputElement | HTMLSelectElement} control */
  inLook(key, words, control) {
    return this.fields.bound(`look.${key}`, words, control, this.look, key, { then: () => put(this.display, 'look', this.look) });
  }

  /**
   * A colour, typed or picked, with what letters on it come to.
   * @private @param {'accent' | 'background'} key @param {Words} words @param {string} plain the property
   *   with the colour that it has without one
   * @param {(on: ReturnType<typeof contrastOn>) => { bad: boolean, words: string }} say
   */
  colour(key, words, plain, say) {
    const text = h('input', { autocomplete: 'off', spellcheck: 'false', maxlength: 7, placeholder: 'come di serie' });
    const picker = h('input', { type: 'color', class: 'display-colour', 'aria-label': `${words[0]}: scegliere da una tavolozza` });
    const told = h('p', { class: 'help', id: `display-look-${key}-contrast` });
    const field = this.inLook(key, words, text);
    const show = () => {
      const on = contrastOn(text.value);
      picker.value = on ? text.value : getComputedStyle(document.documentElement).getPropertyValue(plain).trim();
      const { bad, words } = say(on);
      const problem = document.getElementById(`display-look-${key}-problem`);
      setText(told, bad && problem && !problem.hidden ? '' : words); // the fault says the same
      told.className = bad ? 'field-problem' : 'help';
    };
    this.contrasts.push(show);
    picker.addEventListener('input', () => {
      text.value = picker.value;
      text.dispatchEvent(new Event('input'));
    });
    text.addEventListener('input', show);
    text.setAttribute('aria-describedby', `${text.getAttribute('aria-describedby')} ${told.id}`);
    const row = h('div', { class: 'display-colours' });
    text.replaceWith(row);
    row.append(text, picker);
    row.after(told);
    show();
    return field;
  }

  /** The files of a kind; one that isn't there stays what it is. @private @param {string} kind @param {string} now @returns {[string, string][]} */
  files(kind, now) {
    const names = this.media.filter((file) => file.type.startsWith(kind)).map((file) => file.name);
    const missing = now && !names.includes(now) ? [now] : [];
    return [['', 'Nessuno'], .../** @type {[string, string][]} */ (names.map((name) => [name, name])), .../** @type {[string, string][]} */ (missing.map((name) => [name, `${name} (manca)`]))];
  }

  /** What the preview came to. @param {{ legible: string, pixels: number } | null} seen */
  saw(seen) {
    this.seen = seen;
    this.tell();
  }

  /** Says whether the letters are large enough. @private */
  tell() {
    const { seen, display } = this;
    const { kind, words } = reading(display, seen && { legible: seen.legible, number: capitals(seen.pixels, display.inches || 0) });
    if (this.legible.textContent === words) return;
    this.legible.replaceChildren(h('p', { class: kind === 'warn' ? 'message message-warn' : kind === 'ok' ? 'display-good' : 'help' }, words));
  }

  /** @param {Fault[]} faults of this display @returns {Fault[]} those that no field shows */
  faulty(faults) {
    const left = this.fields.show(faults);
    for (const show of this.contrasts) show();
    return left;
  }
}

/** @param {number} min @param {number} max @param {string} step */
function number(min, max, step) {
  return h('input', { type: 'number', min, max, step, inputmode: 'decimal' });
}
