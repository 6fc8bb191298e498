/** What a monitor lets be heard: calls, and notices between them. */

/** @import { Call, Display, DisplayPage, Notice } from '../lib/wire.d.ts' */
/** @import { Player } from '../lib/voice/player.js' */
import { Reading, isQuiet } from './speaking.js';

/**
 * So long after its page a monitor begins to load a voice, which is ten times as large.
 * Milliseconds, as all here.
 */
const VOICE_AFTER_MS = 2000;
/** So often it is seen whether there is something to read, or to load. */
const TICK_MS = 1000;
/** How long the sound of a notice is waited for. Seconds. */
const NOTICE_PATIENCE = 20;
/** For so long a page that was just opened waits to be told whose its room's sound is. */
const WORD_MS = 2000;
/** Under this name the browser keeps that a supervisor has muted this monitor. */
const MUTED = `muted ${location.pathname}`;

export class Sound {
  /**
   * @param {object} options
   * @param {() => number} options.now the server's time
   * @param {() => string} options.zone
   * @param {() => boolean} options.idle whether no call is announced, or waits for it
   * @param {(blocked: boolean) => void} options.onBlocked the browser lets nothing be heard, or does again
   * @param {[string, number][]} options.read which notices this page, before it was loaded anew, had read
   * @param {(read: [string, number][]) => void} options.remember
   */
  constructor(options) {
    this.options = options;
    this.reading = new Reading(options.read);
    this.readsNow = false;
    /** @type {Display | null} */
    this.display = null;
    /** @type {Notice[]} */
    this.notices = [];
    /** @type {Player | null} */
    this.player = null;
    /** @type {Promise<void> | null} */
    this.loading = null;
    this.voiceAt = Infinity;
    /** The voices that were loaded ahead, or are being, by their addresses. @type {Set<string>} */
    this.voices = new Set();
    /** No other display has the room's sound. */
    this.owner = true;
    /** Whether the server has said so, or has had the time to. */
    this.told = false;
    this.word = new Promise((come) => (this.come = come));
    this.wordTimer = 0;
    /** There is no connection: another display may have the sound by now. */
    this.away = false;
    /** Counts the calls that were silenced. */
    this.silenced = 0;
    this.muted = localStorage.getItem(MUTED) === 'true';
    /** The call that was spoken last. @type {{ number: string, at: string } | null} */
    this.spoken = null;
    setInterval(() => this.tick(), TICK_MS);
  }

  /** @param {DisplayPage} view */
  show({ display, notices }) {
    this.away = false; // a view is a connection, whatever was said of that before
    this.display = display;
    this.notices = notices;
    if (display.sound && !this.loading) this.loading = this.load();
    if (this.player) this.player.gong(display.gong);
    if (!this.told && !this.wordTimer) this.wordTimer = window.setTimeout(() => this.know(), WORD_MS);
    this.tell();
  }

  /** What sounds is loaded by those who sound. @private */
  async load() {
    try {
      const { Player } = await import('../lib/voice/player.js');
      const player = new Player({ onState: () => this.tell() });
      if (this.display) player.gong(this.display.gong);
      this.player = player;
      this.voiceAt = performance.now() + VOICE_AFTER_MS;
    } catch (failed) {
      console.warn('sound:', failed);
      this.loading = null; // tried again with the next view
    }
    this.tell();
  }

  /** How it is, whether or not another display has the room's sound. @returns {'on' | 'blocked' | 'off' | 'muted' | 'quiet'} */
  state() {
    if (!this.display || !this.display.sound) return 'off';
    if (this.muted) return 'muted';
    if (!this.player || !this.player.audible()) return 'blocked';
    return isQuiet(this.display.quiet, this.options.now(), this.options.zone()) ? 'quiet' : 'on';
  }

  /** @private */
  sounds() {
    return this.owner && !this.away && this.state() === 'on';
  }

  /**
   * Announces a call; a notice that is being read gives way, and is read later.
   * @param {Call} call @returns {Promise<void>} once it has been heard, or at once if it isn't
   */
  async call(call) {
    const before = this.silenced;
    if (!this.player && this.loading) await this.loading;
    if (!this.told && !this.away) await this.word;
    const { display, player } = this;
    if (!display || !player || !this.sounds() || before !== this.silenced) return;
    this.stopReading();
    const said = await player.play({ gong: display.gong, say: call.say, volume: display.volume });
    if (said) this.spoken = { number: call.number, at: new Date(this.options.now()).toISOString() };
  }

  /** Ends at once what is being said: it holds no longer. */
  silence() {
    this.silenced++;
    if (this.player) this.player.stop();
  }

  /** Ends a notice that is being read, which is read later. @private */
  stopReading() {
    if (this.readsNow && this.player) this.player.stop();
  }

  /** Takes the server's word on this monitor's sound. @param {{ type: string, owner?: boolean, on?: boolean }} message */
  hear(message) {
    if (message.type === 'sound') {
      this.owner = !!message.owner;
      if (!this.owner) this.stopReading(); // a call may be said to its end: nobody else says it
      this.know();
    }
    if (message.type !== 'mute') return;
    this.muted = !!message.on;
    localStorage.setItem(MUTED, String(this.muted));
    if (this.muted) this.silence();
    this.tell();
  }

  /** The connection has changed. @param {boolean} live it works */
  connection(live) {
    this.away = !live;
    if (!live) this.stopReading();
  }

  /** There is a new connection, perhaps to another server: it tells anew whose the sound is. */
  returned() {
    clearTimeout(this.wordTimer);
    this.wordTimer = 0;
    if (!this.told) return; // somebody may wait for the word
    this.told = false;
    this.word = new Promise((come) => (this.come = come));
  }

  /** @private */
  know() {
    this.told = true;
    this.come(null);
  }

  /** To be called from a touch or a key: browsers begin sound only then. */
  unlock() {
    if (this.player) this.player.unlock();
  }

  /** @private */
  tick() {
    if (!this.player || this.state() !== 'on') return;
    // Also where another display has the sound: whoever takes it over speaks at once.
    if (performance.now() >= this.voiceAt) this.prepare(this.player);
    if (this.told && this.sounds()) this.read(this.player);
  }

  /** Loads the voices that calls are spoken in, and each that comes to be one. @private @param {Player} player */
  prepare(player) {
    const voices = () => (this.display ? this.display.voices : []);
    for (const voice of voices()) {
      if (this.voices.has(voice)) continue;
      this.voices.add(voice);
      player.prepare(voice, { wanted: () => voices().includes(voice) });
    }
  }

  /** Reads a notice, if one is due and nobody is called. @private @param {Player} player */
  async read(player) {
    const { display, notices, options, reading } = this;
    const notice = reading.due(notices, options.now());
    if (!display || !notice || this.readsNow || !options.idle()) return;
    this.readsNow = true;
    const said = await player.play({ say: notice.say, volume: display.volume, patience: NOTICE_PATIENCE });
    this.readsNow = false;
    if (said !== null) options.remember(reading.done(notice, this.notices, options.now()));
  }

  /** @private */
  tell() {
    this.options.onBlocked(!!this.player && this.state() === 'blocked');
  }
}
