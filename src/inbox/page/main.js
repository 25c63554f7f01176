// Starts the page: keeps what is shown in step with the inbox, and turns keys and clicks into calls.

import {
  getInfo,
  getMessage,
  getRecipients,
  listMessages,
  markMessage,
  markMessagesRead,
  removeMessage,
  removeMessages,
} from './api.js';
import { confirm, showKeys, toast } from './dialogs.js';
import { byId } from './dom.js';
import { nameOf, plural } from './format.js';
import { markSelected, refreshTimes, renderList, rowLink } from './list-view.js';
import { watchInbox } from './live.js';
import { readerView, refreshAge } from './reader-view.js';
import { renderBoxes, renderRecipients, renderServer } from './side-view.js';
import { idleView, welcomeView } from './welcome-view.js';

/** @import { InfoJson, MessageSummaryJson } from '../http/api-types.ts' */

const PAGE = 100;
const REFRESH_MS = 80;

const app = /** @type {HTMLElement} */ (document.querySelector('.app'));
const reader = byId('reader');
const list = byId('list');
const search = /** @type {HTMLInputElement} */ (byId('search'));

/** @type {InfoJson | undefined} */
let info;
/** @type {readonly MessageSummaryJson[]} */
let messages = [];
let counts = { total: 0, unread: 0 };
let matched = 0;
let query = '';
let live = false;
/** @type {string | undefined} */
let selected;
/** What the reader shows: a message's id, or a name of a view. @type {string | undefined} */
let shown;
/** @type {(place: number) => void} */
let chooseTab = () => {};

// --- the list -------------------------------------------------------------------------------------

let refreshDue = false;
/** A hundred messages at once are one refresh. */
function refreshSoon() {
  if (refreshDue) return;
  refreshDue = true;
  setTimeout(() => {
    refreshDue = false;
    void guarded(refresh());
  }, REFRESH_MS);
}

async function refresh() {
  const asked = query;
  const wanted = Math.max(PAGE, messages.length);
  const [page, { recipients }] = await Promise.all([listUpTo(asked, wanted), getRecipients()]);
  if (asked !== query) return;
  messages = page.messages;
  matched = page.matched;
  counts = { total: page.total, unread: page.unread };
  renderList(list, messages, selected, { open: openMessage, remove });
  renderRecipients(byId('recipients'), query, recipients, searchFor);
  byId('people').hidden = recipients.length < 2;
  renderFrame();
}

/**
 * @param {string} asked
 * @param {number} wanted
 */
async function listUpTo(asked, wanted) {
  let page = await listMessages(asked, 0, PAGE);
  while (page.messages.length < Math.min(wanted, page.matched)) {
    const next = await listMessages(asked, page.messages.length, PAGE);
    if (next.messages.length === 0) break;
    const known = new Set(page.messages.map(({ id }) => id));
    const more = next.messages.filter(({ id }) => !known.has(id));
    page = { ...next, messages: [...page.messages, ...more] };
  }
  return page;
}

/** Everything around list and message. */
function renderFrame() {
  const { total, unread } = counts;
  document.title = unread > 0 ? `(${unread}) Posthorn inbox` : 'Posthorn inbox';
  renderBoxes(byId('boxes'), query, counts, searchFor);
  if (info) renderServer(byId('server'), info, live);
  byId('count').textContent = query
    ? `${matched.toLocaleString()} of ${plural(total, 'message')}`
    : plural(total, 'message');
  app.toggleAttribute('data-empty', total === 0);
  /** @type {HTMLButtonElement} */ (byId('mark-all')).disabled = unread === 0;
  /** @type {HTMLButtonElement} */ (byId('remove-all')).disabled = matched === 0;
  const nothing = byId('nothing');
  nothing.hidden = messages.length > 0;
  nothing.textContent = query ? 'No message fits this search.' : 'Nothing here yet.';
  if (selected === undefined) showIdle();
}

function showIdle() {
  if (!info) return;
  chooseTab = () => {};
  if (counts.total === 0) {
    if (shown !== 'welcome') reader.replaceChildren(welcomeView(info));
    shown = 'welcome';
  } else {
    reader.replaceChildren(idleView(counts.total, counts.unread));
    shown = 'idle';
  }
}

/** @param {string} wanted */
function searchFor(wanted) {
  search.value = wanted;
  query = wanted.trim();
  messages = [];
  list.scrollTop = 0;
  showPane('list');
  void guarded(refresh());
}

// --- one message ----------------------------------------------------------------------------------

/** @param {string} id */
function openMessage(id) {
  if (location.hash !== `#/${id}`) {
    // One step back leads to the list however many messages were looked at.
    if (selected === undefined) history.pushState(null, '', `#/${id}`);
    else history.replaceState(null, '', `#/${id}`);
  }
  void guarded(show(id));
}

/** @param {string} id */
async function show(id) {
  selected = id;
  markSelected(id);
  rowLink(id)?.scrollIntoView({ block: 'nearest' });
  showPane('reader');
  if (shown === id) return;
  const message = await getMessage(id).catch((error) => {
    if (selected === id) closeMessage();
    throw error;
  });
  if (selected !== id) return;
  const view = readerView(message, {
    close: closeMessage,
    move,
    remove: removeSelected,
    markUnread,
    key: onKey,
  });
  chooseTab = view.choose;
  shown = id;
  reader.replaceChildren(view.element);
  reader.scrollTop = 0;
  if (!message.read) await markMessage(id, true);
}

function closeMessage() {
  if (selected === undefined) return;
  const last = selected;
  selected = undefined;
  history.replaceState(null, '', '#/');
  markSelected(undefined);
  showPane('list');
  showIdle();
  rowLink(last)?.focus();
}

/** @param {1 | -1} step */
function move(step) {
  const place = messages.findIndex(({ id }) => id === selected);
  const next = place < 0 ? messages[0] : messages[place + step];
  if (!next) return;
  openMessage(next.id);
  rowLink(next.id)?.focus({ preventScroll: true });
}

function removeSelected() {
  if (selected !== undefined) remove(selected);
}

/** @param {string} id */
function remove(id) {
  if (id === selected) {
    const place = messages.findIndex((message) => message.id === id);
    const next = messages[place + 1] ?? messages[place - 1];
    if (next && app.dataset.pane === 'reader') openMessage(next.id);
    else closeMessage();
  }
  void guarded(removeMessage(id));
}

function markUnread() {
  if (selected === undefined) return;
  void guarded(markMessage(selected, false));
  toast('Marked as unread');
}

async function removeAll() {
  const what = query
    ? `${plural(matched, 'message')} of this search`
    : `all ${plural(matched, 'message')}`;
  const sure = await confirm('Delete?', `This deletes ${what} from the inbox.`, 'Delete');
  if (sure) await removeMessages(query);
}

// --- the page -------------------------------------------------------------------------------------

/**
 * Which of list and message a narrow window shows.
 * @param {'list' | 'reader'} pane
 */
function showPane(pane) {
  app.dataset.pane = pane;
}

/**
 * Tells what went wrong instead of losing it.
 * @param {Promise<void>} work
 */
async function guarded(work) {
  try {
    await work;
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error));
  }
}

function followHash() {
  if (location.hash !== '' && !location.hash.startsWith('#/')) return;
  const id = location.hash.slice(2);
  if (id) void guarded(show(id));
  else closeMessage();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/** @type {HTMLDialogElement} */ (byId('dialog')).open) return;
  if (target.closest?.('input, textarea, select')) {
    if (event.key !== 'Escape') return;
    searchFor('');
    search.blur();
    return;
  }
  const act = actionFor(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

/**
 * @param {string} key
 * @returns {(() => void) | undefined}
 */
function actionFor(key) {
  switch (key) {
    case 'j':
      return () => move(1);
    case 'k':
      return () => move(-1);
    case 'Delete':
      return removeSelected;
    case 'u':
      return markUnread;
    case '/':
      return () => {
        showPane('list');
        search.select();
      };
    case '?':
      return showKeys;
    case 'Escape':
      return selected === undefined ? () => searchFor('') : closeMessage;
    default:
      return /^[1-5]$/.test(key) ? () => chooseTab(Number(key) - 1) : undefined;
  }
}

async function start() {
  info = await getInfo();
  counts = info;
  await refresh();
  followHash();
  watchInbox(
    (name, data) => {
      refreshSoon();
      if (name === 'added') {
        const [sender] = data.message.from;
        byId('announcer').textContent =
          `New message from ${nameOf(sender, data.message.envelopeFrom)}: ${data.message.subject}`;
      }
      if (name === 'removed' && data.ids.includes(selected)) closeMessage();
    },
    (now) => {
      if (live && !now) toast('Connection lost, trying again');
      live = now;
      renderFrame();
    },
  );
}

document.addEventListener('keydown', onKey);
window.addEventListener('popstate', followHash);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refreshSoon();
});
search.addEventListener('input', () => {
  query = search.value.trim();
  refreshSoon();
});
byId('mark-all').addEventListener('click', () => void guarded(markMessagesRead(query)));
byId('remove-all').addEventListener('click', () => void guarded(removeAll()));
list.addEventListener(
  'scroll',
  () => {
    const end = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (end > 600 || messages.length >= matched) return;
    void guarded(loadMore());
  },
  { passive: true },
);
setInterval(() => {
  refreshTimes();
  refreshAge(reader);
}, 30_000);

let loading = false;
async function loadMore() {
  if (loading) return;
  loading = true;
  try {
    const page = await listMessages(query, messages.length, PAGE);
    const known = new Set(messages.map(({ id }) => id));
    messages = [...messages, ...page.messages.filter(({ id }) => !known.has(id))];
    matched = page.matched;
    renderList(list, messages, selected, { open: openMessage, remove });
  } finally {
    loading = false;
  }
}

void guarded(start());
