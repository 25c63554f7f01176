// HTML of a mail. Three walls stand between it and this page, each enough alone: DOMPurify takes out
// what could run or load, the frame's sandbox runs no script, and the frame's policy (set by the
// server) allows none and loads nothing but the mail's own images.

import { getText } from './api.js';
import { el, icon, iconButton } from './dom.js';

/** @import { MessageDetailJson } from '../http/api-types.ts' */

const FORBIDDEN = [
  ...['form', 'input', 'button', 'select', 'option', 'textarea', 'dialog', 'base', 'meta', 'link'],
  ...['iframe', 'object', 'embed', 'audio', 'video', 'source', 'track', 'portal', 'slot'],
];
// Asked of every attribute: these schemes, or something that has no scheme (a size, a relative address).
const URIS = /^(?:(?:https?|mailto|tel|sms):|[^a-z]|[a-z][a-z0-9+.-]*(?![a-z0-9+.:-]))/i;
const REMOTE = /^(?:https?:)?\/\//i;
const REMOTE_IN_CSS = /url\(\s*["']?(?:https?:)?\/\//i;
const MAX_HEIGHT = 30_000;
const BASE_STYLE = `
  html { color-scheme: light; background: #fff; color: #222; }
  body { margin: 0; padding: 20px 24px; font: 15px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
  img { max-width: 100%; }
  img[data-remote] { min-width: 12px; min-height: 12px; background: #f4f1ea; outline: 1px dashed #cfc7b8; outline-offset: -1px; }
  @media (max-width: 480px) { body { padding: 16px; } }`;

/** @type {{ readonly name: string, readonly symbol: string, readonly width: string }[]} */
const WIDTHS = [
  { name: 'Full width', symbol: 'wide', width: '' },
  { name: 'As on a tablet, 768 pixels', symbol: 'tablet', width: '768px' },
  { name: 'As on a phone, 375 pixels', symbol: 'phone', width: '375px' },
];
let chosenWidth = '';

/**
 * @param {MessageDetailJson} message
 * @param {(event: KeyboardEvent) => void} onKey
 */
export function htmlBody(message, onKey) {
  const stage = el('div', { class: 'stage' });
  const notice = el('div', { class: 'notice', hidden: true });
  const view = el('div', { class: 'html-body' }, htmlTools(message, stage), notice, stage);
  const show = async (/** @type {boolean} */ remote) => {
    const html = await getText(message.htmlUrl ?? '');
    const frame = frameFor(html, remote, onKey, (remoteCount) => {
      notice.hidden = remote || remoteCount === 0;
    });
    stage.replaceChildren(frame);
  };
  notice.append(
    icon('image'),
    el('span', {}, 'Remote images are not loaded.'),
    el('button', { type: 'button', class: 'link', onclick: () => show(true) }, 'Load them'),
  );
  show(false).catch((error) => stage.replaceChildren(el('p', { class: 'failed' }, error.message)));
  return view;
}

/**
 * @param {MessageDetailJson} message
 * @param {HTMLElement} stage
 */
function htmlTools(message, stage) {
  const buttons = WIDTHS.map(({ name, symbol, width }) => {
    const button = iconButton(symbol, name, () => {
      chosenWidth = width;
      apply();
    });
    button.dataset.width = width;
    return button;
  });
  const apply = () => {
    stage.style.setProperty('--width', chosenWidth || '100%');
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.width === chosenWidth));
    }
  };
  apply();
  const open = el(
    'a',
    {
      class: 'tool',
      href: message.htmlUrl ?? '',
      target: '_blank',
      rel: 'noopener',
      title: 'Open in a tab of its own',
      'aria-label': 'Open in a tab of its own',
    },
    icon('external'),
  );
  return el('div', { class: 'html-tools', role: 'group', 'aria-label': 'Width' }, ...buttons, open);
}

/**
 * Made clean with the frame's own parser, under the frame's own policy.
 * @param {Window} inside
 * @param {string} html
 * @param {boolean} remote whether images of other servers stay
 * @returns {{ root: HTMLElement, remoteCount: number }}
 */
function sanitise(inside, html, remote) {
  const purifier = /** @type {any} */ (globalThis).DOMPurify(inside);
  let remoteCount = 0;
  purifier.addHook('afterSanitizeAttributes', (/** @type {Element} */ node) => {
    if (node.localName === 'a' || node.localName === 'area') openOutside(node);
    remoteCount += remotePlaces(node, remote);
  });
  const root = purifier.sanitize(html, {
    WHOLE_DOCUMENT: true,
    RETURN_DOM: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ['srcset', 'autofocus', 'ping', 'formaction', 'is'],
    ALLOW_DATA_ATTR: false,
    ALLOWED_URI_REGEXP: URIS,
  });
  return { root, remoteCount };
}

/** @param {Element} link */
function openOutside(link) {
  const href = link.getAttribute('href');
  if (href === null || href.startsWith('#')) return;
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  if (!link.hasAttribute('title')) link.setAttribute('title', href);
}

/**
 * Counts what another server would be asked for; the policy of the frame is what stops it, here the
 * place of an image is only made visible.
 * @param {Element} node
 * @param {boolean} remote
 */
function remotePlaces(node, remote) {
  let count = 0;
  if (node.localName === 'img' && REMOTE.test(node.getAttribute('src') ?? '')) {
    count += 1;
    if (!remote) {
      node.removeAttribute('src');
      node.setAttribute('data-remote', '');
    }
  }
  if (REMOTE.test(node.getAttribute('background') ?? '')) count += 1;
  if (REMOTE_IN_CSS.test(node.getAttribute('style') ?? '')) count += 1;
  if (node.localName === 'style' && REMOTE_IN_CSS.test(node.textContent ?? '')) count += 1;
  return count;
}

/**
 * @param {string} html
 * @param {boolean} remote
 * @param {(event: KeyboardEvent) => void} onKey
 * @param {(remoteCount: number) => void} onShown
 */
function frameFor(html, remote, onKey, onShown) {
  const frame = el('iframe', {
    title: 'The message',
    sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    src: remote ? '/frame.html?remote' : '/frame.html',
  });
  // The frame starts anew whenever its tab is opened again.
  frame.addEventListener('load', () => {
    const inside = frame.contentWindow;
    const inner = frame.contentDocument;
    if (!inside || !inner) return;
    const { root, remoteCount } = sanitise(inside, html, remote);
    const style = inner.createElement('style');
    style.textContent = BASE_STYLE;
    inner.replaceChild(inner.adoptNode(root), inner.documentElement);
    inner.head?.prepend(style);
    inner.addEventListener('keydown', onKey);
    keepHeight(frame, inner);
    onShown(remoteCount);
  });
  return frame;
}

/**
 * Keeps the frame as high as its content, so that the page scrolls and not a box in it.
 * @param {HTMLIFrameElement} frame
 * @param {Document} inner
 */
function keepHeight(frame, inner) {
  let width = 0;
  const measure = () => {
    const { body } = inner;
    if (!body || !frame.isConnected) return;
    const bottom = body.getBoundingClientRect().bottom + (inner.defaultView?.scrollY ?? 0);
    const height = Math.min(Math.max(body.scrollHeight, Math.ceil(bottom)), MAX_HEIGHT);
    frame.style.height = `${height}px`;
  };
  const remeasure = () => {
    // A frame never asks for less height than it has: let it shrink before it is asked again.
    if (frame.clientWidth !== width) {
      width = frame.clientWidth;
      frame.style.height = '';
    }
    measure();
  };
  remeasure();
  for (const image of inner.images) image.addEventListener('load', measure);
  new ResizeObserver(remeasure).observe(frame.parentElement ?? frame);
}
