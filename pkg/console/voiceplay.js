/** Sounds of the voice section: what is recorded becomes a clip, and clips are heard. */

/** @import { Utterance } from '../../displays/lib/wire.d.ts' */
import { isClipped, LONGEST_S, mono, trim, wav } from './voicesound.js';

/** The rate of what is sent, in Hz. */
const RATE = 48_000;
/** What is larger is no word, in bytes: a browser would be long busy with it. */
const LARGEST = 20 << 20;

/** @typedef {'unreadable' | 'silent' | 'long'} Fault why a sound can't be a clip */
/** @typedef {{ wav: Blob, seconds: number, clipped: boolean }} Made */

/** Makes a clip of a file in any form that the browser reads. @param {Blob} file @returns {Promise<Made | Fault>} */
export async function clipOfFile(file) {
  if (file.size > LARGEST) return 'long';
  let sound;
  try {
    sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
  } catch {
    return 'unreadable';
  }
  return made(mono(Array.from({ length: sound.numberOfChannels }, (_, i) => sound.getChannelData(i))));
}

/** Makes a clip of what a microphone heard. @param {Float32Array<ArrayBuffer>} samples @param {number} rate of samples, Hz @returns {Promise<Made | Fault>} */
export async function clipOfSamples(samples, rate) {
  if (samples.length === 0) return 'silent';
  const clipped = isClipped(samples); // before the rate changes
  const context = new OfflineAudioContext(1, Math.ceil((samples.length / rate) * RATE), RATE);
  const source = context.createBufferSource();
  source.buffer = context.createBuffer(1, samples.length, rate);
  source.buffer.copyToChannel(samples, 0);
  source.connect(context.destination);
  source.start();
  const clip = made((await context.startRendering()).getChannelData(0));
  return typeof clip === 'string' ? clip : { ...clip, clipped };
}

/** @param {Float32Array} samples @returns {Made | Fault} */
function made(samples) {
  const spoken = trim(samples, RATE);
  const seconds = spoken.length / RATE;
  if (seconds === 0) return 'silent';
  if (seconds > LONGEST_S) return 'long';
  return { wav: new Blob([wav(spoken, RATE)], { type: 'audio/wav' }), seconds, clipped: false };
}

/**
 * @typedef {object} Index of a voice
 * @property {string} [sound] address of the file with all clips
 * @property {Record<string, [from: number, length: number] | { url: string, length: number }>} clips
 * @property {Record<string, number>} pauses
 */
/** @typedef {{ sound: AudioBuffer, from: number, length: number } | number} Piece of a sentence, or a pause in seconds */

export class Player {
  constructor() {
    /** @type {AudioContext | null} */
    this.made = null;
    /** By address. @type {Map<string, Promise<any>>} */
    this.had = new Map();
    /** @type {AudioBufferSourceNode[]} */
    this.playing = [];
  }

  /** Made when it is first used: before a touch of the page it would be mute. */
  get context() {
    if (!this.made) this.made = new AudioContext();
    return this.made;
  }

  /** One clip of a voice. @param {string} index its address @param {string} name */
  async clip(index, name) {
    this.play([await this.piece(index, name)]);
  }

  /** One file. @param {string} address */
  async file(address) {
    const sound = await this.sound(address);
    this.play([{ sound, from: 0, length: sound.duration }]);
  }

  /**
   * A sentence as monitors say it.
   * @param {Utterance} utterance
   * @returns {Promise<boolean>} whether the command said it
   */
  async say({ voice, clips, sentence }) {
    const whole = sentence ? await this.sound(sentence).catch(() => null) : null;
    if (whole) {
      this.play([{ sound: whole, from: 0, length: whole.duration }]);
      return true;
    }
    this.play(await Promise.all(clips.map((name) => this.piece(voice, name))));
    return false;
  }

  stop() {
    for (const source of this.playing) source.stop();
    this.playing = [];
  }

  /** @private @param {Piece[]} pieces */
  play(pieces) {
    this.stop();
    this.context.resume();
    let at = this.context.currentTime + 0.05;
    for (const piece of pieces) {
      if (typeof piece === 'number') {
        at += piece;
        continue;
      }
      const source = this.context.createBufferSource();
      source.buffer = piece.sound;
      source.connect(this.context.destination);
      source.start(at, piece.from, piece.length);
      this.playing.push(source);
      at += piece.length;
    }
  }

  /** @private @param {string} index @param {string} name @returns {Promise<Piece>} */
  async piece(index, name) {
    /** @type {Index} */
    const voice = await this.once(index, (answer) => answer.json());
    if (name in voice.pauses) return voice.pauses[name];
    const clip = voice.clips[name];
    if (!Array.isArray(clip)) return { sound: await this.sound(clip.url), from: 0, length: clip.length };
    return { sound: await this.sound(voice.sound || ''), from: clip[0], length: clip[1] };
  }

  /** @private @param {string} address @returns {Promise<AudioBuffer>} */
  sound(address) {
    return this.once(address, async (answer) => this.context.decodeAudioData(await answer.arrayBuffer()));
  }

  /** @private @template T @param {string} address @param {(answer: Response) => Promise<T>} read @returns {Promise<T>} */
  once(address, read) {
    let had = this.had.get(address);
    if (!had) {
      had = fetch(address).then((answer) => {
        if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
        return read(answer);
      });
      had.catch(() => this.had.delete(address));
      this.had.set(address, had);
    }
    return had;
  }
}
