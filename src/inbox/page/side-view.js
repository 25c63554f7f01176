// The left column: ready searches, the recipients seen so far, and where to send mail to.

import { copyButton, el, icon } from './dom.js';

/** @import { InfoJson, RecipientsJson } from '../http/api-types.ts' */

const BOXES = [
  { name: 'All mail', symbol: 'inbox', query: '' },
  { name: 'Unread', symbol: 'unread', query: 'is:unread' },
  { name: 'With attachments', symbol: 'clip', query: 'has:attachment' },
];

/**
 * @param {HTMLElement} list
 * @param {string} query
 * @param {{ total: number, unread: number }} counts
 * @param {(query: string) => void} search
 */
export function renderBoxes(list, query, counts, search) {
  const numbers = [counts.total, counts.unread, undefined];
  replaceItems(
    list,
    BOXES.map((box, place) =>
      boxItem(box.symbol, box.name, box.query, numbers[place], query, search),
    ),
  );
}

/**
 * @param {HTMLElement} list
 * @param {string} query
 * @param {RecipientsJson['recipients']} recipients
 * @param {(query: string) => void} search
 */
export function renderRecipients(list, query, recipients, search) {
  replaceItems(
    list,
    recipients.map(({ address, count }) =>
      boxItem('person', address, `to:${address}`, count, query, search),
    ),
  );
}

/**
 * The keyboard stays where it was.
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} items
 */
function replaceItems(list, items) {
  const place = [...list.children].findIndex((item) => item.contains(document.activeElement));
  list.replaceChildren(...items);
  if (place >= 0) items[place]?.querySelector('button')?.focus();
}

/**
 * @param {string} symbol
 * @param {string} name
 * @param {string} query
 * @param {number | undefined} count
 * @param {string} current
 * @param {(query: string) => void} search
 */
function boxItem(symbol, name, query, count, current, search) {
  return el(
    'li',
    {},
    el(
      'button',
      {
        type: 'button',
        title: name,
        'aria-current': query === current && 'true',
        onclick: () => search(query),
      },
      icon(symbol),
      el('span', { class: 'box-name' }, name),
      count !== undefined &&
        count > 0 &&
        el('span', { class: 'box-count' }, count.toLocaleString()),
    ),
  );
}

/**
 * @param {HTMLElement} card
 * @param {InfoJson} info
 * @param {boolean} live
 */
export function renderServer(card, { smtp }, live) {
  const address = `${smtp.host}:${smtp.port}`;
  card.replaceChildren(
    el(
      'p',
      { class: live ? 'live' : 'live off', role: 'status' },
      live ? 'Waiting for mail at' : 'Connection lost, trying again',
    ),
    el(
      'p',
      { class: 'address' },
      el('code', {}, address),
      copyButton(address, 'Copy the SMTP address'),
    ),
  );
}
