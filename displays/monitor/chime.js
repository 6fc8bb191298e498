/** The two soft tones before a call, made here: no file to load. */

/** The tones: hertz, and when they begin, in seconds. */
const TONES = [
  { pitch: 659.26, at: 0 },
  { pitch: 523.25, at: 0.45 },
];
/** How long a tone rings, in seconds. */
const RING = 1.4;
/** Peak of a tone, of 1: half, which is -6 dB. */
const LOUDNESS = 0.5;
/** How long the chime takes, in milliseconds. */
export const CHIME_MS = 1600;

/** Plays the chime where the browser lets it, and tells when it doesn't. */
export class Chime {
  /** @param {(blocked: boolean) => void} onBlocked */
  constructor(onBlocked) {
    this.onBlocked = onBlocked;
    this.wanted = false;
    this.muted = false;
    /** Another display has the room's sound. */
    this.elsewhere = false;
    /** @type {AudioContext | null} */
    this.audio = null;
  }

  /** Whether this monitor sounds at all. @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (wanted && !this.audio && typeof AudioContext === 'function') {
      this.audio = new AudioContext();
      this.audio.onstatechange = () => this.tell();
    }
    this.tell();
  }

  /** To be called from a touch or a key: browsers begin sound only then. */
  unlock() {
    if (this.wanted && this.audio) this.audio.resume().then(() => this.tell(), () => this.tell());
  }

  /** @returns {boolean} whether it sounds */
  play() {
    const audio = this.audio;
    if (!audio || this.elsewhere || this.state() !== 'on') return false;
    for (const tone of TONES) {
      const start = audio.currentTime + tone.at + 0.02;
      strike(audio, tone.pitch, start, LOUDNESS);
      // A quiet octave above makes it a bell rather than a whistle.
      strike(audio, tone.pitch * 2, start, LOUDNESS / 8);
    }
    return true;
  }

  /** Takes the server's word on this monitor's sound. @param {{ type: string, owner?: boolean, on?: boolean }} message */
  hear(message) {
    if (message.type === 'sound') this.elsewhere = !message.owner;
    if (message.type === 'mute') this.muted = !!message.on;
  }

  /** How it is, whether or not another display has the room's sound. @returns {'on' | 'blocked' | 'off' | 'muted'} */
  state() {
    if (!this.wanted) return 'off';
    if (this.muted) return 'muted';
    return this.audio && this.audio.state === 'running' ? 'on' : 'blocked';
  }

  /** @private */
  tell() {
    this.onBlocked(this.wanted && (!this.audio || this.audio.state !== 'running'));
  }
}

/**
 * @param {AudioContext} audio @param {number} pitch @param {number} start @param {number} loudness
 */
function strike(audio, pitch, start, loudness) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = 'sine';
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(loudness, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + RING);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + RING);
}
