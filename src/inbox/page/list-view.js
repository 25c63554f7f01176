// The list in the middle: one row a message, kept and moved rather than rebuilt.

import { avatar } from './avatar.js';
import { el, icon } from './dom.js';
import { exactTime, nameOf, shortTime } from './format.js';

/** @import { MessageSummaryJson } from '../http/api-types.ts' */

/**
 * @typedef {object} ListActions
 * @property {(id: string) => void} open
 * @property {(id: string) => void} remove
 */

/** @type {Map<string, HTMLLIElement>} */
const rows = new Map();

/**
 * Shows these messages, newest first.
 * @param {HTMLElement} list
 * @param {readonly MessageSummaryJson[]} messages
 * @param {string | undefined} selected
 * @param {ListActions} actions
 */
export function renderList(list, messages, selected, actions) {
  const first = rows.size === 0;
  const wanted = new Set(messages.map(({ id }) => id));
  for (const [id, row] of rows) {
    if (wanted.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  let next = list.firstElementChild;
  for (const message of messages) {
    let row = rows.get(message.id);
    if (!row) {
      row = makeRow(message, actions);
      if (!first) greet(row);
      rows.set(message.id, row);
    }
    row.classList.toggle('unread', !message.read);
    mark(row, message.id === selected);
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
}

/**
 * A new row glows for a moment, once: the class goes, or hiding and showing the list would repeat it.
 * @param {HTMLElement} row
 */
function greet(row) {
  row.classList.add('arrived');
  setTimeout(() => row.classList.remove('arrived'), 2500);
}

/**
 * Marks the open message.
 * @param {string | undefined} selected
 */
export function markSelected(selected) {
  for (const [id, row] of rows) mark(row, id === selected);
}

/**
 * The link of a row, to be focused.
 * @param {string} id
 * @returns {HTMLElement | null | undefined}
 */
export function rowLink(id) {
  return rows.get(id)?.querySelector('a');
}

/** Brings the times up to date. */
export function refreshTimes() {
  const now = new Date();
  for (const row of rows.values()) {
    const time = row.querySelector('time');
    if (time) time.textContent = shortTime(new Date(time.dateTime), now);
  }
}

/**
 * @param {HTMLLIElement} row
 * @param {boolean} selected
 */
function mark(row, selected) {
  row.classList.toggle('selected', selected);
  const link = row.firstElementChild;
  if (selected) link?.setAttribute('aria-current', 'true');
  else link?.removeAttribute('aria-current');
}

/**
 * @param {MessageSummaryJson} message
 * @param {ListActions} actions
 */
function makeRow(message, actions) {
  const [sender] = message.from;
  const received = new Date(message.receivedAt);
  const link = el(
    'a',
    {
      href: `#/${message.id}`,
      onclick: (/** @type {MouseEvent} */ event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        actions.open(message.id);
      },
    },
    avatar(sender, message.envelopeFrom),
    el('span', { class: 'row-from', dir: 'auto' }, nameOf(sender, message.envelopeFrom)),
    el('time', { datetime: message.receivedAt, title: exactTime(received) }, shortTime(received)),
    el(
      'span',
      { class: message.attachmentCount > 0 ? 'row-subject' : 'row-subject alone', dir: 'auto' },
      message.subject || el('em', {}, 'No subject'),
    ),
    message.attachmentCount > 0 &&
      el(
        'span',
        { class: 'row-clip', title: `Attachments: ${message.attachmentCount}` },
        icon('clip'),
        String(message.attachmentCount),
      ),
    el(
      'span',
      { class: 'row-more' },
      el('span', { class: 'row-to' }, recipientsOf(message)),
      el('span', { class: 'row-snippet', dir: 'auto' }, message.snippet),
    ),
  );
  const remove = el(
    'button',
    {
      class: 'tool row-remove',
      type: 'button',
      tabindex: '-1',
      title: 'Delete',
      'aria-label': `Delete ${message.subject || 'this message'}`,
      onclick: () => actions.remove(message.id),
    },
    icon('trash'),
  );
  return el('li', { class: 'row' }, link, remove);
}

/** @param {MessageSummaryJson} message */
function recipientsOf({ recipients, recipientCount }) {
  const [first = 'nobody'] = recipients;
  return recipientCount > 1 ? `${first} +${recipientCount - 1}` : first;
}
