// The right column: one message.

import { attachmentsView } from './attachments-view.js';
import { avatar } from './avatar.js';
import { headersView, partsView, sourceView } from './detail-views.js';
import { el, icon, iconButton } from './dom.js';
import { exactTime, mediumTime, nameOf, plural, timeAgo } from './format.js';
import { htmlBody } from './html-body.js';
import { tabsView } from './tabs.js';
import { textBody } from './text-body.js';

/** @import { AddressJson, MessageDetailJson, ProblemJson, RecipientJson } from '../http/api-types.ts' */

/**
 * @typedef {object} ReaderActions
 * @property {() => void} close
 * @property {(step: 1 | -1) => void} move
 * @property {() => void} remove
 * @property {() => void} markUnread
 * @property {(event: KeyboardEvent) => void} key
 */

const SHOWN_ADDRESSES = 8;
/** The tab chosen last is the one the next message opens with. */
let chosenTab = 'html';

/**
 * @param {MessageDetailJson} message
 * @param {ReaderActions} actions
 * @returns {{ element: HTMLElement, choose: (place: number) => void }}
 */
export function readerView(message, actions) {
  const tabs = tabsOf(message, actions);
  const names = tabs.map(({ name }) => name);
  const chosen = names.includes(chosenTab) ? chosenTab : (names[0] ?? '');
  let opening = true;
  const views = tabsView(tabs, chosen, (name) => {
    if (!opening) chosenTab = name;
  });
  opening = false;
  const element = el(
    'article',
    { class: 'message' },
    toolbar(message, actions),
    head(message),
    problemsView(message.problems),
    attachmentsView(message.attachments),
    views.element,
  );
  const ordered = ['html', 'text', 'headers', 'source', 'parts'];
  return { element, choose: (place) => views.choose(ordered[place] ?? '') };
}

/**
 * @param {MessageDetailJson} message
 * @param {ReaderActions} actions
 */
function tabsOf(message, { key }) {
  const { text, htmlUrl, headers, parts, truncated } = message;
  /** @type {import('./tabs.js').Tab[]} */
  const tabs = [
    {
      name: 'headers',
      title: 'Headers',
      count: String(headers.length),
      view: () => headersView(headers),
    },
    { name: 'source', title: 'Source', view: () => sourceView(message) },
    { name: 'parts', title: 'Parts', count: String(parts.length), view: () => partsView(message) },
  ];
  if (text !== null || htmlUrl === null) {
    const view = () => textBody(text ?? '', truncated.includes('text'));
    tabs.unshift({ name: 'text', title: 'Text', view });
  }
  if (htmlUrl !== null)
    tabs.unshift({ name: 'html', title: 'HTML', view: () => htmlBody(message, key) });
  return tabs;
}

/**
 * @param {MessageDetailJson} message
 * @param {ReaderActions} actions
 */
function toolbar(message, actions) {
  const back = iconButton('back', 'Back to the list', actions.close, 'Esc');
  back.classList.add('back');
  return el(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message' },
    back,
    iconButton('up', 'Previous message', () => actions.move(-1), 'k'),
    iconButton('down', 'Next message', () => actions.move(1), 'j'),
    el('span', { class: 'space' }),
    iconButton('unread', 'Mark as unread', actions.markUnread, 'u'),
    el(
      'a',
      {
        class: 'tool',
        href: message.rawUrl,
        download: true,
        title: 'Download as .eml',
        'aria-label': 'Download as .eml',
      },
      icon('download'),
    ),
    iconButton('trash', 'Delete', actions.remove, 'Delete'),
  );
}

/** @param {MessageDetailJson} message */
function head(message) {
  const [sender] = message.from;
  const received = new Date(message.receivedAt);
  return el(
    'header',
    { class: 'head' },
    el('h1', { dir: 'auto' }, message.subject || el('em', {}, 'No subject')),
    el(
      'div',
      { class: 'from' },
      avatar(sender, message.envelopeFrom),
      el(
        'div',
        { class: 'from-text' },
        el('bdi', { class: 'from-name' }, nameOf(sender, message.envelopeFrom)),
        sender?.name && el('bdi', { class: 'from-address' }, sender.address),
      ),
      el(
        'time',
        { datetime: message.receivedAt, title: exactTime(received) },
        el('span', {}, mediumTime(received)),
        el('span', { class: 'ago' }, timeAgo(received)),
      ),
    ),
    el('dl', { class: 'fields' }, ...fields(message)),
  );
}

/**
 * Brings what is said about the age of the message up to date.
 * @param {HTMLElement} reader
 */
export function refreshAge(reader) {
  const time = reader.querySelector('time');
  const ago = time?.querySelector('.ago');
  if (time && ago) ago.textContent = timeAgo(new Date(time.dateTime));
}

/** @param {MessageDetailJson} message */
function fields(message) {
  const { date, from, session, envelopeFrom } = message;
  const login = session.username === null ? '' : `, logged in as ${session.username}`;
  const link = session.encrypted ? ', encrypted' : '';
  return [
    ...field('From', from.length > 1 && addresses(from)),
    ...field('To', message.to.length > 0 && addresses(message.to)),
    ...field('Cc', message.cc.length > 0 && addresses(message.cc)),
    ...field('Reply to', message.replyTo.length > 0 && addresses(message.replyTo)),
    ...field(
      'Date',
      date !== null && isOther(date, message.receivedAt) && exactTime(new Date(date)),
    ),
    ...field('Envelope', envelope(envelopeFrom, message.deliveredTo, message.recipientCount)),
    ...field('Session', `${session.clientName} [${session.remoteAddress}]${login}${link}`),
  ];
}

/**
 * @param {string} name
 * @param {Node | string | false} value
 */
function field(name, value) {
  return value === false ? [] : [el('dt', {}, name), el('dd', {}, value)];
}

/**
 * Whether the Date field says another time than the clock did.
 * @param {string} date
 * @param {string} receivedAt
 */
function isOther(date, receivedAt) {
  return Math.abs(new Date(date).getTime() - new Date(receivedAt).getTime()) > 300_000;
}

/**
 * What MAIL FROM and RCPT TO said: here the Bcc recipients show.
 * @param {string} from
 * @param {readonly RecipientJson[]} recipients
 * @param {number} count
 */
function envelope(from, recipients, count) {
  const chips = recipients.map(({ address, field: named }) =>
    el(
      'span',
      { class: named === 'bcc' ? 'chip bcc' : 'chip' },
      named === 'bcc' && el('span', { class: 'chip-label', title: 'In no header field' }, 'Bcc'),
      el('bdi', {}, address),
    ),
  );
  const hidden = count - recipients.length;
  return el(
    'span',
    { class: 'envelope' },
    el('bdi', { title: 'MAIL FROM' }, from || '<>'),
    el('span', { class: 'arrow', 'aria-label': 'delivered to' }, '→'),
    some(chips),
    hidden > 0 && ` and ${hidden.toLocaleString()} more`,
  );
}

/** @param {readonly AddressJson[]} list */
function addresses(list) {
  return some(
    list.map(({ name, address }) =>
      el(
        'span',
        { class: 'mailbox' },
        name && el('bdi', { class: 'mailbox-name' }, name),
        el('bdi', { class: 'mailbox-address' }, address),
      ),
    ),
  );
}

/**
 * The first few, and a button for the rest.
 * @param {readonly HTMLElement[]} all
 */
function some(all) {
  const box = el('span', { class: 'mailboxes' }, ...all.slice(0, SHOWN_ADDRESSES));
  const rest = all.slice(SHOWN_ADDRESSES);
  if (rest.length > 0) {
    const more = el(
      'button',
      { type: 'button', class: 'link', onclick: () => more.replaceWith(...rest) },
      `${rest.length} more`,
    );
    box.append(more);
  }
  return box;
}

/** @param {readonly ProblemJson[]} problems */
function problemsView(problems) {
  if (problems.length === 0) return undefined;
  return el(
    'details',
    { class: 'problems' },
    el(
      'summary',
      {},
      icon('warning'),
      `${plural(problems.length, 'problem')} in how this message is made`,
    ),
    el(
      'ul',
      {},
      ...problems.map(({ message, code, line }) =>
        el(
          'li',
          {},
          message,
          ' ',
          el('code', { class: 'problem-place' }, `line ${line} · ${code}`),
        ),
      ),
    ),
  );
}
