// The tabs for those who want to see how a message is made: headers, source, parts.

import { getSource } from './api.js';
import { el, icon } from './dom.js';
import { size } from './format.js';

/** @import { HeaderJson, MessageDetailJson, PartJson } from '../http/api-types.ts' */

/** @param {readonly HeaderJson[]} headers */
export function headersView(headers) {
  return el(
    'dl',
    { class: 'headers' },
    ...headers.flatMap(({ name, value }) => [el('dt', {}, name), el('dd', { dir: 'auto' }, value)]),
  );
}

/** @param {MessageDetailJson} message */
export function sourceView(message) {
  const code = el('pre', { class: 'source', tabindex: '0', 'aria-busy': 'true' }, '…');
  getSource(message.rawUrl).then(
    ({ text, whole }) => {
      const end = text.search(/\r?\n\r?\n/);
      code.replaceChildren(
        el('span', { class: 'source-head' }, text.slice(0, end < 0 ? text.length : end)),
        end < 0 ? '' : text.slice(end),
      );
      code.removeAttribute('aria-busy');
      if (!whole) {
        code.append(el('p', { class: 'cut' }, 'The source goes on; the download has all of it.'));
      }
    },
    (error) => code.replaceChildren(error.message),
  );
  return code;
}

/** @param {MessageDetailJson} message */
export function partsView({ id, parts }) {
  const rows = parts.map((part) => {
    const row = el(
      'tr',
      {},
      el(
        'td',
        { class: 'part-type' },
        el('span', {}, icon(symbolOf(part)), el('code', {}, part.contentType)),
      ),
      el('td', {}, part.charset ?? ''),
      el('td', {}, part.encoding),
      el('td', { class: 'number' }, size(part.size)),
      el(
        'td',
        { class: 'part-name', dir: 'auto' },
        part.filename ?? (part.cid ? `cid:${part.cid}` : ''),
      ),
      el('td', {}, part.container ? '' : downloadLink(id, part)),
    );
    row.style.setProperty('--depth', String(Math.min(part.depth, 12)));
    return row;
  });
  const titles = ['Type', 'Charset', 'Encoding', 'Size', 'Name'];
  return el(
    'div',
    { class: 'parts', tabindex: '0' },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...titles.map((title) =>
            el('th', { scope: 'col', class: title === 'Size' && 'number' }, title),
          ),
          el('th', { scope: 'col' }, el('span', { class: 'hidden-text' }, 'Download')),
        ),
      ),
      el('tbody', {}, ...rows),
    ),
  );
}

/**
 * @param {string} id
 * @param {PartJson} part
 */
function downloadLink(id, part) {
  const label = `Download ${part.filename ?? part.contentType}`;
  return el(
    'a',
    {
      class: 'tool',
      href: `/api/v1/messages/${id}/parts/${part.index}`,
      download: true,
      title: label,
      'aria-label': label,
    },
    icon('download'),
  );
}

/** @param {{ readonly contentType: string, readonly container?: boolean }} part */
export function symbolOf({ contentType, container }) {
  if (container) return 'folder';
  if (contentType === 'message/rfc822') return 'message';
  if (contentType === 'text/calendar') return 'calendar';
  return contentType.startsWith('image/') ? 'image' : 'file';
}
