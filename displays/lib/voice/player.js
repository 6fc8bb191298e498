/** Plays gongs and sentences, one after another. Knows no page. */

/** @import { Utterance } from '../wire.d.ts' */
/** @import { Machine } from '../machine.js' */
/** @import { Gong } from './gong.js' */
/** @import { Index, Part } from './plan.js' */
import { delay } from '../backoff.js';
import { browser } from '../machine.js';
import { gong } from './gong.js';
import { BETWEEN, gainOf, sentenceOf } from './plan.js';

/** For how long after the gong a sentence that is being loaded is waited for. Seconds, as all here. */
export const PATIENCE = 1.5;
/** How much is loaded ahead of a voice that has a file for each clip: a little more than all words. */
export const AHEAD = 180;
/** Sounds begin so long after they were asked for, or their first samples would be cut. */
const LEAD = 0.01;
/**
 * How long a clip takes to be there and to go, so that nothing clicks: what is copied by hand into
 * the town's own voice is played as it is.
 */
const FADE = 0.004;
/** How long a sound takes to go that is ended early. */
const HUSH = 0.03;
/** So long the browser has to let it sound. Milliseconds. */
const UNLOCK_MS = 1000;
/** How long the audio's clock may stand still before what is left of a sound is given up: it has slept. */
const ASLEEP = 3;

/**
 * @typedef {object} Item what is played in one go
 * @property {Gong} [gong]
 * @property {Utterance[]} say
 * @property {number} volume percent
 * @property {number} [patience] how long its sentences are waited for after the gong
 */
/** @typedef {{ parts: Part[], length: number, buffers: AudioBuffer[] }} Sentence */
/** @typedef {{ whole: Promise<Sentence | null>, clips: Promise<Sentence | null> }} Ways to say something */
/**
 * @typedef {object} Playing
 * @property {GainNode} gain @property {Set<AudioBufferSourceNode>} sources @property {boolean} stopped
 * @property {() => void} stop ends its wait
 */

/** One voice for a page. */
export class Player {
  /**
   * @param {object} [options]
   * @param {() => void} [options.onState] whether it may sound has changed
   * @param {AudioContext} [options.audio] @param {typeof fetch} [options.fetch] @param {Machine} [options.machine]
   */
  constructor(options = {}) {
    this.machine = options.machine || browser;
    this.fetch = options.fetch || ((/** @type {any} */ address) => fetch(address));
    this.audio = options.audio || new AudioContext({ latencyHint: 'interactive' });
    this.master = this.audio.createGain();
    this.master.connect(this.audio.destination);
    /** @type {Map<Gong, AudioBuffer | null>} */
    this.gongs = new Map();
    /** What voices are made of, by address. @type {Map<string, Promise<Index>>} */
    this.indexes = new Map();
    /** @type {Map<string, Promise<AudioBuffer>>} */
    this.sounds = new Map();
    /** @type {{ item: Item, done: (said: number | null) => void }[]} */
    this.queue = [];
    /** @type {Playing | null} */
    this.playing = null;
    /** When what was ended early is silent. */
    this.silentAt = 0;
    this.audio.onstatechange = () => {
      if (!this.audible()) {
        // What was interrupted would go on in the middle of a number, however much later.
        this.stop();
        this.unlock();
      }
      if (options.onState) options.onState();
    };
  }

  /** Whether the browser lets it sound. */
  audible() {
    return this.audio.state === 'running';
  }

  /**
   * Asks the browser to let it sound: most do so only after a touch or a key.
   * @returns {Promise<unknown>} once it has, or hasn't soon
   */
  unlock() {
    if (this.audible()) return Promise.resolve();
    return Promise.race([this.audio.resume().catch(() => {}), new Promise((wake) => this.machine.after(() => wake(null), UNLOCK_MS))]);
  }

  /**
   * Makes a gong, so that it can sound at once.
   * @param {Gong} name @returns {AudioBuffer | null}
   */
  gong(name) {
    let made = this.gongs.get(name);
    if (made === undefined) {
      const samples = gong(name, this.audio.sampleRate);
      made = samples.length ? this.audio.createBuffer(1, samples.length, this.audio.sampleRate) : null;
      if (made) made.getChannelData(0).set(samples);
      this.gongs.set(name, made);
    }
    return made;
  }

  /**
   * Loads a voice before it is needed, however often that takes.
   * @param {string} address of its index
   * @param {object} [options]
   * @param {string[]} [options.names] the clips to load of one that has a file for each; by default all
   * @param {() => boolean} [options.wanted] false: it isn't tried again, for what is gone doesn't come back
   */
  async prepare(address, { names, wanted = () => true } = {}) {
    for (let failures = 0; wanted(); failures++) {
      try {
        const { sound, clips } = await this.index(address);
        if (sound) await this.sound(sound);
        let seconds = 0;
        for (const name of names || Object.keys(clips)) {
          const clip = clips[name];
          if (!clip || Array.isArray(clip)) continue;
          seconds += clip.length;
          if (seconds > AHEAD) break;
          await this.sound(clip.url);
        }
        return;
      } catch (failed) {
        console.warn(`voice: ${address}:`, failed);
        const ms = delay(failures, this.machine.random());
        await new Promise((wake) => this.machine.after(() => wake(null), ms));
      }
    }
  }

  /**
   * Plays something once all that was asked for before has ended.
   * @param {Item} item
   * @returns {Promise<number | null>} once it has ended: how many sentences were said; null: it was
   *   ended early, or couldn't begin
   */
  play(item) {
    return new Promise((done) => {
      this.queue.push({ item, done });
      if (!this.playing) this.next();
    });
  }

  /** Ends at once what is playing, and all that waits. */
  stop() {
    for (const { done } of this.queue.splice(0)) done(null);
    const { playing } = this;
    if (!playing || playing.stopped) return;
    playing.stopped = true;
    const now = this.audio.currentTime;
    playing.gain.gain.setValueAtTime(1, now);
    playing.gain.gain.linearRampToValueAtTime(0, now + HUSH);
    for (const source of playing.sources) source.stop(now + HUSH);
    this.silentAt = now + HUSH;
    playing.stop();
  }

  /** @private */
  next() {
    const waiting = this.queue.shift();
    if (!waiting) return;
    if (!this.audible()) {
      waiting.done(null);
      this.next();
      return;
    }
    const gain = this.audio.createGain();
    gain.connect(this.master);
    /** @type {Playing} */
    const playing = { gain, sources: new Set(), stopped: false, stop: () => {} };
    this.playing = playing;
    const end = (/** @type {number} */ said) => {
      // Of what slept in the middle, nothing is left for later.
      if (!playing.stopped || !playing.sources.size) gain.disconnect();
      if (!playing.stopped) for (const source of playing.sources) source.stop();
      this.playing = null;
      waiting.done(playing.stopped ? null : said);
      this.next();
    };
    this.run(waiting.item, playing).then(end, (failed) => {
      console.warn('voice:', failed);
      end(0);
    });
  }

  /** @private @param {Item} item @param {Playing} playing @returns {Promise<number>} sentences said */
  async run(item, playing) {
    const { audio } = this;
    this.master.gain.value = gainOf(item.volume);
    let at = Math.max(audio.currentTime + LEAD, this.silentAt);
    const before = item.gong ? this.gong(item.gong) : null;
    if (before) {
      this.schedule(playing, before, at);
      at += before.duration;
    }
    const patient = at + (item.patience === undefined ? PATIENCE : item.patience);
    let said = 0;
    for (const ways of item.say.map((utterance) => this.ways(utterance))) {
      const begin = said ? at + BETWEEN : at;
      const sentence = await this.choose(ways, Math.max(patient, begin), playing);
      if (playing.stopped) break;
      if (!sentence) continue;
      at = Math.max(begin, audio.currentTime + LEAD);
      sentence.parts.forEach((part, i) => this.schedule(playing, sentence.buffers[i], at + part.at, part));
      at += sentence.length;
      said++;
    }
    await this.until(at + (audio.outputLatency || 0), playing);
    return said;
  }

  /** Begins to load what an utterance may be said by. @private @param {Utterance} utterance @returns {Ways} */
  ways({ sentence, voice, clips }) {
    const told = (/** @type {unknown} */ failed) => {
      console.warn('voice:', failed);
      return null;
    };
    const none = Promise.resolve(null);
    return {
      whole: sentence ? this.whole(sentence).catch(told) : none,
      clips: voice ? this.clips(voice, clips).catch(told) : none,
    };
  }

  /** @private @param {string} address @returns {Promise<Sentence>} */
  async whole(address) {
    const buffer = await this.load(address);
    return { parts: [{ url: address, offset: 0, length: buffer.duration, at: 0 }], length: buffer.duration, buffers: [buffer] };
  }

  /** @private @param {string} voice @param {string[]} names @returns {Promise<Sentence | null>} */
  async clips(voice, names) {
    const plan = sentenceOf(await this.index(voice), names);
    return plan && { ...plan, buffers: await Promise.all(plan.parts.map((part) => this.sound(part.url))) };
  }

  /**
   * The better way of those that are there in time; null: there is none.
   * @private @param {Ways} ways @param {number} deadline @param {Playing} playing
   * @returns {Promise<Sentence | null>}
   */
  async choose({ whole, clips }, deadline, playing) {
    const late = this.until(deadline, playing).then(() => null);
    return (await Promise.race([whole, late])) || Promise.race([clips, late]);
  }

  /** @private @param {string} address @returns {Promise<Index>} */
  index(address) {
    return keep(this.indexes, address, async () => (await this.get(address)).json());
  }

  /** A sound that is kept. @private @param {string} address */
  sound(address) {
    return keep(this.sounds, address, () => this.load(address));
  }

  /** @private @param {string} address */
  async load(address) {
    return this.audio.decodeAudioData(await (await this.get(address)).arrayBuffer());
  }

  /** @private @param {string} address */
  async get(address) {
    const answer = await this.fetch(address);
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    return answer;
  }

  /**
   * Plays a stretch of a sound, whose ends don't click.
   * @private @param {Playing} playing @param {AudioBuffer} buffer @param {number} at
   * @param {{ offset: number, length: number }} [part]
   */
  schedule(playing, buffer, at, part = { offset: 0, length: buffer.duration }) {
    const source = this.audio.createBufferSource();
    const gain = this.audio.createGain();
    source.buffer = buffer;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(1, at + FADE);
    gain.gain.setValueAtTime(1, at + part.length - FADE);
    gain.gain.linearRampToValueAtTime(0, at + part.length);
    source.connect(gain);
    gain.connect(playing.gain);
    source.start(at, part.offset, part.length);
    playing.sources.add(source);
    source.onended = () => {
      playing.sources.delete(source);
      gain.disconnect();
      if (playing.stopped && !playing.sources.size) playing.gain.disconnect();
    };
  }

  /**
   * Waits until a moment of the audio's clock, which may be slow, or until playing is ended; not for
   * ever if that clock stands still.
   * @private @param {number} at @param {Playing} playing
   * @returns {Promise<void>}
   */
  until(at, playing) {
    return new Promise((resolve) => {
      const stop = playing.stop;
      let timer = 0;
      let time = NaN;
      let moved = this.machine.wall();
      const look = () => {
        const { currentTime } = this.audio;
        const wall = this.machine.wall();
        if (currentTime >= at || playing.stopped || wall - moved >= ASLEEP * 1000) {
          resolve();
          return;
        }
        if (currentTime !== time) moved = wall;
        time = currentTime;
        timer = this.machine.after(look, Math.min(Math.max((at - currentTime) * 1000, 5), 1000));
      };
      playing.stop = () => {
        stop();
        this.machine.cancel(timer);
        resolve();
      };
      look();
    });
  }
}

/**
 * What is kept under a name, made if it isn't there. What failed isn't kept.
 * @template T @param {Map<string, Promise<T>>} all @param {string} name @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
function keep(all, name, make) {
  const kept = all.get(name);
  if (kept) return kept;
  const made = make();
  all.set(name, made);
  made.catch(() => all.delete(name));
  return made;
}
