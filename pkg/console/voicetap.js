/** Runs beside the sound and hands over all that a microphone hears, until it is sent a word. */

const scope = /** @type {any} */ (globalThis); // of an AudioWorklet, whose types browsers' libraries lack

class Tap extends scope.AudioWorkletProcessor {
  constructor() {
    super();
    this.over = false;
    this.port.onmessage = () => (this.over = true);
  }

  /** @param {Float32Array[][]} inputs */
  process([[samples]]) {
    if (samples && !this.over) this.port.postMessage(samples.slice());
    return !this.over;
  }
}

scope.registerProcessor('tap', Tap);
