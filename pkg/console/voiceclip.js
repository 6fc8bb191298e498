/** What is recorded, or comes in a file, becomes a clip. */

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
