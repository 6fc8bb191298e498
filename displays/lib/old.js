/*
 * For a browser that the page is too new for: instead of nothing, words that say what it needs. It
 * is no module, and written in the language of 2009, so that any browser can run it. What the page
 * runs sets data-script on the document once it has begun.
 */
(function () {
  'use strict';

  var RELOAD_MS = 10000;
  var failed = false;

  function runs() {
    return document.documentElement.hasAttribute('data-script');
  }

  /** @param {string} text @param {string} language @param {string} size */
  function paragraph(text, language, size) {
    var p = document.createElement('p');
    p.lang = language;
    p.style.fontSize = size;
    p.style.margin = '0 0 0.7em';
    p.appendChild(document.createTextNode(text));
    return p;
  }

  function tooOld() {
    var words = document.createElement('div');
    words.id = 'old-browser';
    words.style.cssText = 'position:fixed;top:0;left:0;right:0;bottom:0;z-index:9;padding:8%;background:black;color:white;font-family:sans-serif;line-height:1.3';
    words.appendChild(paragraph('Questo browser è troppo vecchio per mostrare la pagina.', 'it', '40px'));
    words.appendChild(paragraph('Serve Chrome 86, Firefox 78, Safari 14 o più recente: aggiornare il televisore, o collegare un piccolo computer.', 'it', '28px'));
    words.appendChild(paragraph('This browser is too old for the page. It needs Chrome 86, Firefox 78, Safari 14 or newer: update the television, or connect a small computer.', 'en', '24px'));
    words.appendChild(paragraph(navigator.userAgent, 'en', '16px'));
    document.body.appendChild(words);
  }

  // A fault before the page has begun: of the language, or something that the browser lacks.
  window.addEventListener('error', function (event) {
    if (event.message && !runs()) failed = true;
  });

  window.addEventListener('load', function () {
    // What pages draw with is younger than the language that they are written in.
    var draws = 'replaceChildren' in document.documentElement;
    if (runs() && draws) return;
    if (failed || !draws || !('noModule' in document.createElement('script'))) tooOld();
    // The script didn't come: the server went away in the middle.
    else setTimeout(function () { location.reload(); }, RELOAD_MS);
  });
})();
