// The two dialogs of the page, and the short notes at its lower edge.

import { byId, el } from './dom.js';

const KEYS = [
  ['j', 'Next message'],
  ['k', 'Previous message'],
  ['Delete', 'Delete the message'],
  ['u', 'Mark as unread'],
  ['/', 'Search'],
  ['1 – 5', 'HTML, text, headers, source, parts'],
  ['Esc', 'Close the message, clear the search'],
  ['?', 'These keys'],
];

/** Shows what the keys do. */
export function showKeys() {
  open('Keys', [
    el(
      'dl',
      { class: 'keys' },
      ...KEYS.flatMap(([key, meaning]) => [
        el('dt', {}, el('kbd', {}, key)),
        el('dd', {}, meaning),
      ]),
    ),
    el('form', { method: 'dialog' }, el('button', { class: 'primary', type: 'submit' }, 'Close')),
  ]);
}

/**
 * Asks before something that can't be undone.
 * @param {string} title
 * @param {string} text
 * @param {string} action
 * @returns {Promise<boolean>}
 */
export function confirm(title, text, action) {
  const dialog = open(title, [
    el('p', {}, text),
    el(
      'form',
      { method: 'dialog' },
      el('button', { type: 'submit', value: '' }, 'Cancel'),
      el('button', { class: 'primary', type: 'submit', value: 'yes', autofocus: true }, action),
    ),
  ]);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

/**
 * @param {string} title
 * @param {readonly Node[]} content
 */
function open(title, content) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('dialog'));
  dialog.returnValue = '';
  dialog.replaceChildren(el('h2', { id: 'dialog-title' }, title), ...content);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/**
 * A note that goes away by itself.
 * @param {string} text
 */
export function toast(text) {
  const note = el('p', { class: 'toast', role: 'status' }, text);
  byId('toasts').append(note);
  setTimeout(() => note.remove(), 4000);
}
