import { el } from './dom.js';
import { hueOf, initials, nameOf } from './format.js';

/**
 * A coloured disc with initials, the same for the same address.
 * @param {import('./format.js').Mailbox | undefined} mailbox
 * @param {string} [fallback]
 */
export function avatar(mailbox, fallback) {
  const disc = el(
    'span',
    { class: 'avatar', 'aria-hidden': 'true' },
    initials(nameOf(mailbox, fallback)) || '?',
  );
  disc.style.setProperty('--hue', String(hueOf(mailbox?.address ?? fallback ?? '')));
  return disc;
}
