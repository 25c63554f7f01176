// The files of a message, as cards to download.

import { symbolOf } from './detail-views.js';
import { el, icon } from './dom.js';
import { plural, size } from './format.js';

/** @import { AttachmentJson } from '../http/api-types.ts' */

const SHOWABLE = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/svg+xml',
  'image/bmp',
]);
const MAX_SHOWN_BYTES = 8_000_000;

/**
 * Files to download first, then the pictures the text shows anyway.
 * @param {readonly AttachmentJson[]} found
 */
export function attachmentsView(found) {
  if (found.length === 0) return undefined;
  const attachments = found.toSorted((a, b) => Number(isShown(a)) - Number(isShown(b)));
  const all = attachments.reduce((sum, attachment) => sum + attachment.size, 0);
  return el(
    'section',
    { class: 'attachments', 'aria-label': 'Attachments' },
    el('h2', {}, `${plural(attachments.length, 'attachment')}, ${size(all)}`),
    el('ul', {}, ...attachments.map((attachment) => el('li', {}, card(attachment)))),
  );
}

/** @param {AttachmentJson} attachment */
function isShown({ cid, contentType }) {
  return cid !== null && contentType.startsWith('image/');
}

/** @param {AttachmentJson} attachment */
function card(attachment) {
  const name = attachment.filename ?? attachment.contentType;
  return el(
    'a',
    { class: 'card', href: attachment.url, download: true, title: `Download ${name}` },
    preview(attachment),
    el(
      'span',
      { class: 'card-text' },
      cardName(name),
      el(
        'span',
        { class: 'card-kind' },
        [size(attachment.size), attachment.contentType, isShown(attachment) && 'in the text']
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    icon('download'),
  );
}

/**
 * A long name loses its middle, not its ending.
 * @param {string} name
 */
function cardName(name) {
  const ending = /\.[^.\s]{1,8}$/.exec(name)?.[0] ?? '';
  return el(
    'span',
    { class: 'card-name', dir: 'auto' },
    el('span', { class: 'card-stem' }, name.slice(0, name.length - ending.length)),
    el('span', {}, ending),
  );
}

/** @param {AttachmentJson} attachment */
function preview(attachment) {
  if (!SHOWABLE.has(attachment.contentType) || attachment.size > MAX_SHOWN_BYTES) {
    return el('span', { class: 'card-icon' }, icon(symbolOf(attachment)));
  }
  const src = `${attachment.url}?inline`;
  return el('img', { class: 'card-image', src, alt: '', loading: 'lazy', decoding: 'async' });
}
