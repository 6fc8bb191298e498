/** A monitor in a frame of the administration, which hands it what it would show. */

/** @import { DisplayPage } from '../lib/wire.d.ts' */

/** Whether this page is one: it connects to nothing, and makes no sound. */
export const previewed = parent !== window && new URLSearchParams(location.search).has('preview');

/** Stands where a monitor has its live view. */
export class Preview {
  /** @param {{ onView: (view: DisplayPage) => void }} page */
  constructor({ onView }) {
    /** @type {DisplayPage | null} */
    this.view = null;
    this.since = 0;
    document.documentElement.setAttribute('data-connection', 'live');
    addEventListener('message', ({ source, origin, data }) => {
      if (source !== parent || origin !== location.origin) return;
      this.view = /** @type {DisplayPage} */ ({ ...data, display: { ...data.display, sound: false } });
      this.since = performance.now();
      onView(this.view);
    });
  }

  /** A preview says nothing to anybody. @returns {boolean} whether it was sent */
  send() {
    return false;
  }

  get zone() {
    return this.view ? this.view.office.time_zone : 'Europe/Rome';
  }

  /** The time in what is shown goes on, from when it was made. */
  now() {
    return this.view ? Date.parse(this.view.at) + performance.now() - this.since : Date.now();
  }
}
