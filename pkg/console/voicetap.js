/** Runs beside the sound and hands over all that a microphone hears. */

const scope = /** @type {any} */ (globalThis); // of an AudioWorklet, whose types browsers' libraries lack

class Tap extends scope.AudioWorkletProcessor {
  /** @param {Float32Array[][]} inputs */
  process([[samples]]) {
    if (samples) this.port.postMessage(samples.slice());
    return true;
  }
}

scope.registerProcessor('tap', Tap);
