// Plain text as a person wants to read it: links can be followed, quotes step back.

import { el } from './dom.js';

const LINK = /\bhttps?:\/\/[^\s<>"'`]{1,2000}/g;
const TRAILING = /[.,;:!?)\]}>*_]+$/;
const MAX_DEPTH = 6;
const QUOTE = /^(?:>[ ]?)+/;

/**
 * @param {string} text
 * @param {boolean} cut whether the text goes on in the source
 */
export function textBody(text, cut) {
  const body = el('div', { class: 'text-body', tabindex: '0' });
  /** @type {string[]} */
  let block = [];
  let depth = 0;
  const flush = () => {
    if (block.length > 0) body.append(quoted(block.join('\n'), depth));
    block = [];
  };
  for (const line of text.replace(/\s+$/, '').split('\n')) {
    const quote = QUOTE.exec(line)?.[0] ?? '';
    const marks = quote.replaceAll(' ', '').length;
    if (marks !== depth) {
      flush();
      depth = marks;
    }
    block.push(line.slice(quote.length));
  }
  flush();
  if (text.trim() === '')
    body.replaceChildren(el('p', { class: 'cut' }, 'This message has no text.'));
  if (cut) body.append(el('p', { class: 'cut' }, 'The text goes on; the download has all of it.'));
  return body;
}

/**
 * @param {string} text
 * @param {number} depth
 */
function quoted(text, depth) {
  /** @type {HTMLElement} */
  let block = el('pre', { dir: 'auto' }, ...withLinks(text));
  for (let level = Math.min(depth, MAX_DEPTH); level > 0; level -= 1) {
    block = el('blockquote', { 'data-depth': level }, block);
  }
  return block;
}

/**
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
function withLinks(text) {
  /** @type {(string | HTMLElement)[]} */
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const url = found[0].replace(TRAILING, '');
    pieces.push(
      text.slice(from, found.index),
      el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url),
    );
    from = found.index + url.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
