/** The town's own voice: what of it is recorded, and how a call is spoken with it. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Utterance } from '../../displays/lib/wire.d.ts' */
/** @import { Words } from './dialog.js' */
/** @import { Places } from './places.js' */
/** @import { Page } from './users.js' */
/** @import { Made } from './voiceclip.js' */
/** @import { Recording } from './voicesound.js' */
import { ApiError } from '../../displays/lib/api.js';
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { Player } from '../../displays/lib/voice/player.js';
import { ask, button } from './dialog.js';
import { spoken } from './draft.js';
import { takeFiles } from './voicefiles.js';
import { Recorder } from './voicerecorder.js';
import { inOrder, missing, needs } from './voicesound.js';

/** @typedef {{ language: string, shipped: string, sample: Utterance, counters: string[], clips: Recording[] }} VoiceLanguage */

/** How long a sound may take until it can be heard. Seconds. */
const PATIENCE = 25;

/** @type {Words} */
const COMMANDED = [
  'Il comando per le frasi (voice-command) è impostato: legge chiamate e avvisi, con qualunque nome di sportello. Le parole registrate si sentono solo quando la sua frase non è pronta in tempo.',
  'A command reads calls and notices; recorded words are heard where it isn’t in time.',
];
/** @type {Words} */
const NO_COMMAND = [
  'Il comando per le frasi (voice-command) non è impostato: si sente ciò che è fatto di parole registrate. Di uno sportello con un altro nome si sente solo il numero, e gli avvisi non si leggono ad alta voce.',
  'No command is set: of a counter whose name isn’t made of these words only the number is spoken, and notices aren’t.',
];

/** A language: how much of it is recorded, and what can be done. */
class LanguageRow {
  /** @param {VoiceSection} section @param {VoiceLanguage} language */
  constructor(section, language) {
    this.section = section;
    this.language = language;
    const name = spoken(language.language);
    this.count = h('p', { class: 'voice-count' });
    this.bar = h('progress', { class: 'voice-bar', 'aria-label': `Parole registrate: ${name}` });
    this.verdict = h('p');
    this.needs = h('ul', { class: 'voice-needs' });
    this.said = h('p', { class: 'help', role: 'status' });
    const files = h('input', { type: 'file', multiple: true, accept: 'audio/*', hidden: true });
    const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true });
    const action = (/** @type {string} */ words, /** @type {() => void} */ act) => button(words, `${words}: ${name}`, act);
    this.remove = action('Elimina tutto', () => section.forgetAll(this.language));
    const record = action('Registra', () => section.record(this.language));
    record.classList.remove('button-plain');
    for (const input of [files, folder]) input.addEventListener('change', () => section.take(this.language, input));
    this.element = h(
      'li',
      { class: 'voice-language', 'data-language': language.language },
      h('div', { class: 'voice-head' }, h('h3', {}, name[0].toUpperCase() + name.slice(1)), this.count),
      this.bar,
      this.verdict,
      this.needs,
      h('div', { class: 'entry-actions' }, record, action('Carica file', () => files.click()), action('Carica una cartella', () => folder.click()), action('Ascolta una chiamata', () => section.sample(this)), this.remove, files, folder),
      this.said,
    );
  }

  /** @param {VoiceLanguage} language @param {string[]} letters of the channels */
  update(language, letters) {
    this.language = language;
    const { clips, counters } = language;
    const done = recorded(clips);
    setText(this.count, `${done} di ${clips.length}`);
    this.bar.max = clips.length;
    this.bar.value = done;
    const parts = needs(clips, letters, counters).filter((n) => n.clips.length > 0);
    const lacking = parts.filter((n) => recorded(n.clips) < n.clips.length);
    this.verdict.replaceChildren(
      lacking.length === 0
        ? both('Le chiamate fino al numero 99 si sentono con la voce del Comune. Per numeri più alti servono anche le loro parole.', 'Calls up to 99 are spoken in the town’s voice.')
        : done === 0
          ? both('Tutto si sente con la voce fornita.', 'All is spoken in the shipped voice.')
          : both('Per le chiamate più comuni mancano ancora:', 'The most common calls still lack:'),
    );
    const words = done > 0 ? lacking.map((n) => `${n.words[0]}: ${recorded(n.clips)} di ${n.clips.length}`) : [];
    this.needs.replaceChildren(...words.map((w) => h('li', {}, w)));
    this.remove.hidden = done === 0;
  }
}

/** @param {Recording[]} clips */
function recorded(clips) {
  return clips.filter((c) => c.seconds).length;
}

export class VoiceSection {
  /** @param {Api} api @param {Page} page @param {Places} places */
  constructor(api, page, places) {
    this.api = api;
    this.page = page;
    this.places = places;
    /** @type {Player | null} */
    this.made = null;
    /** @type {Map<string, LanguageRow>} */
    this.rows = new Map();
  }

  /** Made when it is first used: before a touch of the page it would be mute. */
  get player() {
    if (!this.made) this.made = new Player();
    return this.made;
  }

  /**
   * Plays something at once, instead of what is playing.
   * @param {Partial<Utterance>} what @returns {Promise<void>} rejects where nothing can be had
   */
  async play(what) {
    this.player.stop();
    await this.player.unlock();
    const say = [{ language: '', voice: '', clips: [], sentence: '', ...what }];
    if ((await this.player.play({ say, volume: 100, patience: PATIENCE })) === 0) throw new Error('nothing to be heard');
  }

  /** Shows what is recorded. A server without a voice has no section. */
  async load() {
    /** @type {{ command: boolean, languages: VoiceLanguage[] }} */
    let all;
    try {
      all = await this.api.get('/voice');
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      byId('voice').hidden = true;
      return;
    }
    byId('voice-command').replaceChildren(both(...(all.command ? COMMANDED : NO_COMMAND)));
    for (const language of all.languages) {
      let row = this.rows.get(language.language);
      if (!row) {
        row = new LanguageRow(this, language);
        this.rows.set(language.language, row);
        byId('voice-rows').append(row.element);
      }
      row.update(language, this.letters());
    }
  }

  /** The letters of all channels. @private */
  letters() {
    return [...this.places.documents.values()].flatMap((d) => (d.channels || []).map((c) => c.letter));
  }

  /** @param {VoiceLanguage} language */
  async record(language) {
    await new Recorder(this, language, inOrder(language.clips, this.letters(), language.counters)).lead();
    await this.reload();
  }

  /** @param {VoiceLanguage} language @param {HTMLInputElement} input */
  async take(language, input) {
    const files = Array.from(input.files || []).filter((f) => !f.name.startsWith('.'));
    input.value = ''; // the same may be chosen again
    if (files.length === 0) return;
    await takeFiles(this, language, files);
    await this.reload();
  }

  /**
   * Sends a clip, and notes that it is there.
   * @param {VoiceLanguage} language @param {Recording} clip @param {Made} made
   * @returns {Promise<string | null>} why it was refused
   */
  async send({ language }, clip, made) {
    const path = `/voice/${language}/${clip.clip}`;
    const wrong = await this.page.attempt(() => this.api.put(path, made.wav));
    if (!wrong) Object.assign(clip, { seconds: made.seconds, url: `/voice/own/${language}/${clip.clip}.wav?${Date.now()}` });
    return wrong;
  }

  /** Takes a clip back, or says why not. @param {VoiceLanguage} language @param {Recording} clip */
  async forget({ language }, clip) {
    const wrong = await this.page.attempt(() => this.api.delete(`/voice/${language}/${clip.clip}`));
    if (!wrong) Object.assign(clip, { seconds: 0, url: '' });
    return wrong;
  }

  /** @param {VoiceLanguage} language */
  async forgetAll(language) {
    const all = language.clips.filter((c) => c.seconds);
    const sure = await ask({
      title: [`Eliminare la voce del Comune: ${spoken(language.language)}?`, 'Delete the town’s voice?'],
      body: [h('p', {}, both(`${all.length === 1 ? 'Una registrazione viene cancellata' : `${all.length} registrazioni vengono cancellate`}, e non si possono recuperare. Le chiamate si sentono subito con la voce fornita.`, 'The recordings are gone for good; the shipped voice speaks at once.'))],
      confirm: ['Elimina', 'Delete'],
      danger: true,
    });
    if (!sure) return;
    await this.page.run(async () => {
      for (const clip of all) await this.api.delete(`/voice/${language.language}/${clip.clip}`);
    }, ['Registrazioni eliminate.', 'Recordings deleted.']);
    await this.reload();
  }

  /** Plays a call as monitors speak it now. @param {LanguageRow} row */
  async sample({ language, said }) {
    const { sample, clips, shipped } = language;
    setText(said, 'La chiamata si prepara…');
    try {
      const whole = sample.sentence !== '' && (await this.play({ sentence: sample.sentence }).then(() => true, () => false));
      if (!whole) await this.play({ voice: sample.voice, clips: sample.clips });
      const lacking = missing(sample.clips, clips).map((c) => `«${c.prompt}»`).join(', ');
      const voice = sample.voice !== shipped ? 'con la voce del Comune' : `con la voce fornita: di quella del Comune mancano ${lacking}`;
      setText(said, `A 42, sportello 3: ${whole ? 'con la voce del comando' : voice}.`);
    } catch {
      setText(said, 'Il suono non arriva: controllare la rete e riprovare.');
    }
  }

  /** Says so where a sound can't be heard. @param {Promise<void>} played */
  heard(played) {
    played.catch(() => this.page.tell('Il suono non arriva: controllare la rete e riprovare.', 'The sound can’t be had: check the network.'));
  }

  /** @private */
  async reload() {
    const wrong = await this.page.attempt(() => this.load());
    if (wrong) this.page.tell(wrong, '');
  }
}
