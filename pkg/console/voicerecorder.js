/** Leads through the clips of a language, and records one after another. */

/** @import { Words } from './dialog.js' */
/** @import { VoiceLanguage, VoiceSection } from './voice.js' */
/** @import { Recording } from './voicesound.js' */
import { both, h, setText } from '../../displays/lib/dom.js';
import { spoken } from './draft.js';
import { clipOfSamples } from './voiceclip.js';
import { decibels, LONGEST_S } from './voicesound.js';

/** What hands over what the microphone hears. */
const TAP = '/assets/pkg/console/voicetap.js';
/** What the meter begins with, in dB of full scale. */
const SOFTEST_DB = -60;
/** How much the meter falls with each 128 samples, in dB. */
const METER_FALL_DB = 0.2;

/** Why there is no microphone, and what to do, by the browser's name for it. @type {Record<string, Words>} */
const NO_MICROPHONE = {
  NotAllowedError: ['Il microfono è stato negato. Premere l’icona a sinistra dell’indirizzo, consentire il microfono, poi premere di nuovo Registra.', 'The microphone was refused: allow it beside the address, then try again.'],
  NotFoundError: ['Nessun microfono. Collegarne uno, poi premere di nuovo Registra.', 'No microphone: connect one, then try again.'],
  NotReadableError: ['Il microfono non risponde: forse lo usa un altro programma. Chiuderlo, poi premere di nuovo Registra.', 'The microphone is in use by another program.'],
};
/** @type {Words} */
const NOT_SECURE = [
  'Il browser concede il microfono solo a indirizzi https, o sul server stesso con http://localhost. Aprire l’amministrazione così, o registrare con un altro programma e caricare i file.',
  'Browsers give the microphone to https addresses only, or to localhost. Or send files.',
];
/** @type {Record<string, Words>} */
const FAULTS = {
  silent: ['Non si è sentita nessuna parola: parlare più vicino al microfono, e controllare che sia quello giusto.', 'Nothing was heard: speak nearer to the microphone.'],
  long: [`Più di ${LONGEST_S} secondi: dire solo la parola.`, 'Too long: say only the word.'],
};

/** @param {string} it @param {string} [key] */
function button(it, key, plain = true) {
  return h('button', { class: plain ? 'button button-plain' : 'button', type: 'button' }, it, key && ' ', key && h('kbd', { class: 'shortcut', 'aria-hidden': 'true' }, key));
}

export class Recorder {
  /** @param {VoiceSection} section @param {VoiceLanguage} language @param {Recording[]} clips in the order of recording */
  constructor(section, language, clips) {
    this.section = section;
    this.language = language;
    this.clips = clips;
    this.at = Math.max(0, clips.findIndex((c) => !c.seconds));
    /** @type {MediaStream | null} */
    this.stream = null;
    /** Whether it will be there, while that is asked. @type {Promise<boolean> | null} */
    this.asking = null;
    /** Has the microphone not be listened to any longer. */
    this.deafen = () => {};
    /** What was heard since the recording began; null: nothing is recorded. @type {Float32Array[] | null} */
    this.recording = null;
    /** What is being sent. @type {Promise<void> | null} */
    this.sending = null;
    /** Whether to go on once what is under way is sent. */
    this.going = false;
    this.place = h('p', { class: 'help' });
    this.choice = h('select', { class: 'input', 'aria-label': 'Vai alla parola' });
    this.prompt = h('p', { class: 'recorder-prompt', lang: language.language });
    this.meter = h('meter', { class: 'recorder-meter', min: SOFTEST_DB, low: -40, high: -3, max: 0, optimum: -20, value: SOFTEST_DB, 'aria-label': 'Livello del microfono' });
    this.state = h('p', { class: 'recorder-state', role: 'status' });
    this.problem = h('div', { role: 'alert' });
    this.recordWords = h('span');
    this.record = h('button', { class: 'button recorder-record', type: 'button' }, this.recordWords, ' ', h('kbd', { class: 'shortcut', 'aria-hidden': 'true' }, 'Spazio'));
    this.hear = button('Ascolta', 'A');
    this.shipped = button('Voce fornita', 'F');
    this.remove = button('Elimina', 'Canc');
    this.back = button('Indietro', '←');
    this.forth = button('Avanti', 'Invio');
    const close = button('Chiudi', 'Esc');
    this.dialog = h(
      'dialog',
      { class: 'recorder', 'aria-labelledby': 'recorder-title' },
      h('div', { class: 'dialog-form' },
        h('div', { class: 'recorder-head' }, h('h2', { id: 'recorder-title' }, both(`Registra: ${spoken(language.language)}`, 'Record')), this.choice),
        h('div', { class: 'recorder-stage' }, this.place, this.prompt, this.meter, this.state),
        this.problem,
        h('div', { class: 'recorder-keys' }, this.record, this.hear, this.shipped, this.remove),
        h('div', { class: 'dialog-end' }, close, this.back, this.forth)),
    );
    /** @type {[HTMLButtonElement, () => void][]} */
    const does = [[this.record, () => this.toggle()], [this.hear, () => this.listen()], [this.shipped, () => this.listenShipped()], [this.remove, () => this.forget()], [this.back, () => this.step(-1)], [this.forth, () => this.next()], [close, () => this.dialog.close()]];
    for (const [pressed, act] of does) {
      pressed.addEventListener('click', () => {
        this.record.focus(); // the keys are there
        if (pressed.getAttribute('aria-disabled') !== 'true') act();
      });
    }
    this.choice.addEventListener('change', () => {
      this.go(Number(this.choice.value));
      this.record.focus();
    });
    this.dialog.addEventListener('keydown', (event) => this.key(event));
    // Enter goes on: it doesn't also press the button that has the focus.
    this.record.addEventListener('keypress', (event) => event.key === 'Enter' && event.preventDefault());
    this.dialog.addEventListener('cancel', (event) => {
      if (!this.recording) return;
      event.preventDefault();
      this.drop();
    });
  }

  /** Leads until it is left and all is sent. */
  async lead() {
    const focused = document.activeElement;
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.go(this.at);
    this.record.focus();
    const closed = new Promise((resolve) => this.dialog.addEventListener('close', resolve));
    this.listenIn();
    await closed;
    this.drop();
    this.dialog.remove();
    this.section.player.stop();
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.deafen();
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    await this.sending;
  }

  get clip() {
    return this.clips[this.at];
  }

  /** @private @param {KeyboardEvent} event */
  key(event) {
    const on = event.target;
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || on === this.choice) return;
    const pressed = on instanceof HTMLButtonElement && on !== this.record;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Delete: () => this.forget(),
      r: () => this.recording || this.toggle(),
      a: () => this.listen(),
      f: () => this.listenShipped(),
    };
    if (!pressed) keys.Enter = () => this.next();
    if (!pressed && on !== this.record) keys[' '] = () => this.toggle(); // the button does so by itself
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * Asks for the microphone, unless somebody is being asked, and shows how loud it is.
   * @private @returns {Promise<boolean>} whether it is there
   */
  listenIn() {
    this.asking = this.asking || this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  /** @private */
  async ask() {
    if (!navigator.mediaDevices || !window.AudioWorkletNode) {
      this.tell(NOT_SECURE);
      return false;
    }
    try {
      // As it is: what is made for calls would take a word for an echo of the one just heard, and an
      // even voice for noise.
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    } catch (error) {
      this.tell(NO_MICROPHONE[/** @type {DOMException} */ (error).name] || NO_MICROPHONE.NotReadableError);
      return false;
    }
    if (!this.dialog.open) {
      for (const track of this.stream.getTracks()) track.stop();
      return false;
    }
    this.tell(null);
    // A microphone that is pulled out is asked for again.
    this.stream.getAudioTracks()[0].addEventListener('ended', () => {
      this.stream = null;
      this.deafen();
      this.drop();
      if (this.dialog.open) this.tell(NO_MICROPHONE.NotFoundError);
    });
    const context = this.section.player.audio;
    context.resume();
    await context.audioWorklet.addModule(TAP);
    if (!this.dialog.open) return false;
    const source = context.createMediaStreamSource(this.stream);
    const tap = new AudioWorkletNode(context, 'tap', { channelCount: 1, channelCountMode: 'explicit' });
    tap.port.addEventListener('message', ({ data }) => this.take(data));
    tap.port.start();
    source.connect(tap).connect(context.destination); // silent, but what leads nowhere isn't run
    this.deafen = () => tap.port.postMessage('over');
    return true;
  }

  /** @private @param {Float32Array} samples the next that the microphone heard */
  take(samples) {
    const level = this.recording ? decibels(samples) : SOFTEST_DB;
    this.meter.value = Math.max(level, this.meter.value - METER_FALL_DB); // peaks are seen
    if (!this.recording) return;
    this.recording.push(samples);
    if (this.recording.length * samples.length > (LONGEST_S + 2) * this.section.player.audio.sampleRate) this.stop();
  }

  /** Begins a recording, or ends it and sends it. @private */
  async toggle() {
    if (this.recording) return this.stop();
    if (this.sending || (!this.stream && !(await this.listenIn())) || this.recording) return;
    this.section.player.stop();
    this.tell(null);
    this.recording = [];
    this.show();
  }

  /** @private */
  stop() {
    const pieces = this.recording || [];
    this.recording = null;
    const samples = new Float32Array(pieces.reduce((n, p) => n + p.length, 0));
    pieces.reduce((at, p) => (samples.set(p, at), at + p.length), 0);
    this.sending = this.send(this.clip, samples).finally(() => {
      this.sending = null;
      this.show();
      if (this.going) this.goOn();
    });
    this.show();
  }

  /** @private @param {Recording} clip @param {Float32Array<ArrayBuffer>} samples */
  async send(clip, samples) {
    const made = await clipOfSamples(samples, this.section.player.audio.sampleRate);
    const wrong = typeof made === 'string' ? null : await this.section.send(this.language, clip, made);
    if (wrong || typeof made === 'string') this.going = false;
    if (typeof made === 'string') this.tell(FAULTS[made]);
    else if (wrong) this.tell([`«${clip.prompt}» non è stata salvata. ${wrong}`, '']);
    else if (made.clipped) this.tell(['Salvata, ma distorta: allontanarsi un po’ dal microfono e rifarla con R.', 'Saved, but distorted: go further from the microphone, and record it again.']);
  }

  /** Leaves a recording that is under way. @private */
  drop() {
    this.recording = null;
    this.going = false;
    this.show();
  }

  /** Goes on to what isn't recorded yet, once what is under way is sent. @private */
  next() {
    this.going = true;
    if (this.recording) this.stop();
    else if (!this.sending) this.goOn();
  }

  /** @private */
  goOn() {
    this.going = false;
    const left = (/** @type {Recording} */ c) => !c.seconds;
    const after = this.clips.findIndex((c, i) => i > this.at && left(c));
    const first = after < 0 ? this.clips.findIndex((c, i) => i < this.at && left(c)) : after;
    this.go(first < 0 ? Math.min(this.at + 1, this.clips.length - 1) : first);
  }

  /** @private @param {number} by */
  step(by) {
    if (!this.recording) this.go(Math.min(Math.max(this.at + by, 0), this.clips.length - 1));
  }

  /** @private @param {number} at */
  go(at) {
    if (this.recording) return;
    this.at = at;
    if (!this.sending) this.tell(null);
    this.show();
  }

  /** @private */
  listen() {
    if (this.clip.seconds && !this.recording) this.section.heard(this.section.play({ sentence: this.clip.url }));
  }

  /** @private */
  listenShipped() {
    if (!this.recording) this.section.heard(this.section.play({ voice: this.language.shipped, clips: [this.clip.clip] }));
  }

  /** @private */
  async forget() {
    const { clip } = this;
    if (!clip.seconds || this.recording || this.sending) return;
    const wrong = await this.section.forget(this.language, clip);
    this.tell(wrong ? [wrong, ''] : null);
    this.show();
  }

  /** @private @param {Words | null} words */
  tell(words) {
    this.problem.replaceChildren(words ? h('p', { class: 'message message-bad' }, both(...words)) : '');
  }

  /** @private */
  show() {
    const { clip, clips } = this;
    const done = clips.filter((c) => c.seconds).length;
    setText(this.place, `Parola ${this.at + 1} di ${clips.length} · registrate: ${done}`);
    setText(this.prompt, clip.prompt);
    const words = clips.map((c, i) => `${i + 1}. ${c.prompt}${c.clip === c.prompt ? '' : ` (${c.clip})`}${c.seconds ? ' ✓' : ''}`);
    if (this.choice.options.length === 0) this.choice.append(...words.map((w, value) => h('option', { value }, w)));
    words.forEach((w, i) => setText(this.choice.options[i], w));
    this.choice.value = String(this.at);
    this.choice.disabled = Boolean(this.recording);
    setText(this.state, this.words());
    setText(this.recordWords, this.recording ? 'Ferma' : clip.seconds ? 'Rifai' : 'Registra');
    this.dialog.classList.toggle('is-recording', Boolean(this.recording));
    /** @type {[HTMLElement, boolean][]} */
    const able = [[this.hear, clip.seconds > 0], [this.remove, clip.seconds > 0], [this.shipped, true], [this.back, this.at > 0]];
    for (const [control, is] of able) control.setAttribute('aria-disabled', String(!is || Boolean(this.recording)));
    this.record.setAttribute('aria-disabled', String(Boolean(this.sending)));
  }

  /** @private */
  words() {
    const { clip } = this;
    if (this.recording) return `Dire «${clip.prompt}», poi Spazio o Invio.`;
    if (this.sending) return 'Si sta salvando…';
    if (!clip.seconds) return `«${clip.prompt}» è da registrare: premere Spazio e dirla come in mezzo a una frase, con la voce sospesa.`;
    const length = clip.seconds.toLocaleString('it', { maximumFractionDigits: 1 });
    if (this.clips.every((c) => c.seconds)) return `«${clip.prompt}» è registrata (${length} s), e così tutte le altre.`;
    return `«${clip.prompt}» è registrata (${length} s). Invio per andare avanti, R per rifarla.`;
  }
}
