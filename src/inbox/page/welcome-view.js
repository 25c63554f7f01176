// What stands in the reader while there is nothing to read.

import { copyButton, el, icon } from './dom.js';
import { plural } from './format.js';

/** @import { InfoJson } from '../http/api-types.ts' */

/** @param {InfoJson} info */
export function welcomeView({ smtp }) {
  const code = `import { send } from 'posthorn';

await send(
  {
    from: 'Ann <ann@example.com>',
    to: 'bob@example.com',
    subject: 'Hello',
    text: 'It works.',
  },
  { host: '${smtp.host}', port: ${smtp.port} },
);`;
  const command = `posthorn send --server smtp://${smtp.host}:${smtp.port} \\
  --from ann@example.com --to bob@example.com \\
  --subject Hello --text 'It works.'`;
  return el(
    'div',
    { class: 'welcome' },
    el('div', { class: 'welcome-mark', 'aria-hidden': 'true' }, icon('horn')),
    el('h1', {}, 'Waiting for the first message'),
    el(
      'p',
      {},
      'Send to ',
      el('code', {}, `${smtp.host}:${smtp.port}`),
      ' from any program: no encryption, any login or none, any address. ' +
        'The message shows up here at once and goes no further.',
    ),
    snippet('From TypeScript', code),
    snippet('From a terminal', command),
  );
}

/**
 * @param {string} title
 * @param {string} code
 */
function snippet(title, code) {
  return el(
    'figure',
    { class: 'snippet' },
    el('figcaption', {}, title, copyButton(code, `Copy: ${title}`)),
    el('pre', { tabindex: '0' }, code),
  );
}

/**
 * @param {number} total
 * @param {number} unread
 */
export function idleView(total, unread) {
  return el(
    'div',
    { class: 'idle' },
    icon('inbox'),
    el('p', {}, unread > 0 ? `${plural(unread, 'unread message')}` : plural(total, 'message')),
    el(
      'p',
      { class: 'hint' },
      el('kbd', {}, 'j'),
      ' ',
      el('kbd', {}, 'k'),
      ' to walk through them, ',
      el('kbd', {}, '?'),
      ' for all keys',
    ),
  );
}
