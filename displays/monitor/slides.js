/** Pictures, films and texts, one after another. What can't be shown is passed over. */

/** @import { Slide } from '../lib/wire.d.ts' */
import { h } from '../lib/dom.js';
import { languagesOf, pick } from '../lib/text.js';
import { fit } from './screen.js';

/** How long a text or a picture is shown that doesn't say so itself. */
const SHOWN_S = 12;
/** How long a file may take to come. Milliseconds. */
const PATIENCE_MS = 20000;
/** How long none of them is tried again when there was none to show. */
const AGAIN_MS = 30000;
/** How long one takes to fade into the next, as in the style sheet. */
const FADE_MS = 800;
/** How much longer than it says a film may take. */
const STALL_S = 10;
const FILM = /\.(mp4|webm)$/i;

/** @param {number} ms */
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

export class Slides {
  /** @param {HTMLElement} element @param {(any: boolean) => void} onAny whether there is one to show */
  constructor(element, onAny) {
    this.element = element;
    this.onAny = onAny;
    this.list = '';
    this.round = 0;
  }

  /** @param {Slide[]} slides */
  play(slides) {
    const list = JSON.stringify(slides);
    if (list === this.list) return;
    this.list = list;
    this.run(slides, ++this.round);
  }

  /** To be called when it is shown no longer. */
  stop() {
    this.round++;
    this.list = '';
    for (const child of Array.from(this.element.children)) remove(child);
  }

  /** @private @param {Slide[]} slides @param {number} round */
  async run(slides, round) {
    /** @type {Promise<HTMLElement> | null} */
    let next = null;
    for (let i = 0, failed = 0; slides.length > 0 && this.round === round; i++) {
      const slide = slides[i % slides.length];
      try {
        const element = await (next || prepare(slide));
        if (this.round !== round) return;
        failed = 0;
        this.put(element);
        this.onAny(true);
        next = prepare(slides[(i + 1) % slides.length]);
        next.catch(() => {}); // it is told when its turn comes
        await over(element, slide);
      } catch {
        next = null;
        if (++failed < slides.length) continue;
        this.onAny(false);
        await pause(AGAIN_MS);
        failed = 0;
      }
    }
  }

  /** @private @param {HTMLElement} element */
  put(element) {
    const before = Array.from(this.element.children);
    this.element.append(element);
    fit(element);
    const film = element.querySelector('video');
    if (film) film.play().catch(() => {});
    element.getBoundingClientRect(); // so that it fades in from nothing
    element.classList.add('slide-in');
    setTimeout(() => before.forEach(remove), FADE_MS);
  }
}

/** Takes a slide away, and what its film holds. @param {Element} slide */
function remove(slide) {
  const film = slide.querySelector('video');
  if (film) {
    film.pause();
    film.removeAttribute('src');
    film.load();
  }
  slide.remove();
}

/**
 * A slide that can be shown at once.
 * @param {Slide} slide @returns {Promise<HTMLElement>} fails where its file isn't there or is no
 *   picture
 */
async function prepare(slide) {
  const words = pick(slide.texts)
    ? h(
        'div',
        { class: 'slide-words' },
        ...languagesOf(slide.texts).map((lang, i) => h('p', { class: i ? 'slide-beside' : 'slide-text fit-box', lang, dir: 'auto' }, slide.texts[lang])),
      )
    : null;
  if (!slide.file) return h('div', { class: 'slide slide-text-only' }, words);
  const media = FILM.test(slide.file) ? await film(slide.file) : await picture(slide.file);
  return h('div', { class: 'slide' }, media, words);
}

/** @param {string} address */
function picture(address) {
  const element = h('img', { class: 'slide-media', alt: '' });
  return loaded(element, 'load', address);
}

/** @param {string} address */
function film(address) {
  const element = h('video', { class: 'slide-media', muted: true, playsinline: true, preload: 'auto', 'aria-hidden': 'true' });
  element.muted = true; // the attribute alone is for the parser
  return loaded(element, 'canplay', address);
}

/**
 * @template {HTMLImageElement | HTMLVideoElement} E
 * @param {E} element @param {string} event @param {string} address @returns {Promise<E>}
 */
function loaded(element, event, address) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE_MS);
    element.addEventListener(event, () => resolve(element));
    element.addEventListener('error', reject);
    element.src = address;
  });
}

/** Ends when the slide has been shown. @param {HTMLElement} element @param {Slide} slide */
function over(element, slide) {
  const film = element.querySelector('video');
  if (!film || slide.seconds) return pause((slide.seconds || SHOWN_S) * 1000);
  const longest = (isFinite(film.duration) ? film.duration : SHOWN_S) + STALL_S;
  return Promise.race([
    pause(longest * 1000),
    new Promise((wake) => {
      film.addEventListener('ended', wake);
      film.addEventListener('error', wake);
    }),
  ]);
}
