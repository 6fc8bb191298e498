/**
 * The sound, and where the browser allows it the notification, that call a ticket's holder, who
 * wants it: a page may make none before it is touched.
 */

/** @import { Utterance } from '../lib/wire.d.ts' */
/** @import { Player } from '../lib/voice/player.js' */
import { keepAwake } from '../lib/awake.js';
import { askToNotify, notify } from './notify.js';

const VOLUME = 100;

export class Alert {
  /**
   * @param {HTMLElement} button
   * @param {(on: boolean, notifies: boolean) => void} label writes on it what a press brings, or
   *   that it is on
   */
  constructor(button, label) {
    this.button = button;
    this.label = label;
    this.on = false;
    /** Whether the browser shows notifications. */
    this.notifies = false;
    /** @type {Player | null} */
    this.player = null;
    /** Lets the screen sleep again; null: nothing keeps it awake. @type {(() => void) | null} */
    this.sleep = null;
    /** How the call will be spoken. @type {Utterance[]} */
    this.say = [];
    button.addEventListener('click', () => this.toggle());
    label(false, false);
  }

  /** @param {boolean} offered whether there may still be something to tell @param {Utterance[]} say */
  show(offered, say) {
    this.say = say;
    this.button.hidden = !offered || typeof AudioContext !== 'function';
    this.keep(offered && this.on);
  }

  /** Sounds, and says the call. */
  call() {
    this.sound(this.say);
  }

  /** Sounds: it is time to come near. */
  nudge() {
    this.sound([]);
  }

  /**
   * Shows it also where the page is out of sight.
   * @param {string} title @param {string} body @param {number[]} vibrate
   */
  notify(title, body, vibrate) {
    if (this.on && this.notifies) notify(title, body, vibrate);
  }

  /** @private @param {Utterance[]} say */
  sound(say) {
    if (this.on && this.player) this.player.play({ gong: 'two-tone', say, volume: VOLUME });
  }

  /** Keeps the screen awake, or lets it sleep. @private @param {boolean} awake */
  keep(awake) {
    if (this.sleep && !awake) {
      this.sleep();
      this.sleep = null;
    } else if (awake && !this.sleep) this.sleep = keepAwake();
  }

  /** @private */
  async toggle() {
    this.on = !this.on;
    this.button.setAttribute('aria-pressed', String(this.on));
    this.label(this.on, this.notifies);
    this.keep(this.on);
    if (!this.on) {
      if (this.player) this.player.stop();
      return;
    }
    if (!this.player) {
      // Made within the touch, or the browser keeps it silent.
      const audio = new AudioContext();
      const asked = askToNotify(); // as well
      const { Player } = await import('../lib/voice/player.js');
      this.player = new Player({ audio });
      asked.then((given) => {
        this.notifies = given;
        this.label(this.on, given);
      });
    }
    await this.player.unlock();
    if (!this.on) return; // switched off meanwhile
    // It is heard at once how it will sound, and how loud.
    this.player.play({ gong: 'two-tone', say: [], volume: VOLUME });
    for (const { voice, clips } of this.say) if (voice) void this.player.prepare(voice, { names: clips, wanted: () => this.say.some((other) => other.voice === voice) });
  }
}
