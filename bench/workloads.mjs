// What the benchmarks compose and send: the same data for every peer.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sentence = 'The quick brown fox jumps over the lazy dog and sends 42 letters. ';
const german = 'Größere Bücher müssen künftig über Österreich verschickt werden – für 100 €. ';

function textOf(piece, bytes) {
  const lines = [];
  let size = 0;
  while (size < bytes) {
    lines.push(piece);
    size += Buffer.byteLength(piece) + 1;
  }
  return lines.join('\n');
}

const addresses = { from: 'Ann Smith <ann@example.com>', to: 'Bob Jones <bob@example.org>' };
const html = (bytes) =>
  `<html><body>\n${textOf(`<p class="line">${sentence}</p>`, bytes - 60)}\n</body></html>`;

let folder;
/** A file of `bytes` pseudo-random octets, made once in this process and removed at its end. */
export function fileOf(bytes) {
  folder ??= mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const path = join(folder, `${bytes}.bin`);
  const file = openSync(path, 'w');
  const block = Buffer.alloc(1 << 20);
  for (let i = 0; i < block.length; i += 1) block[i] = (i * 2654435761) >>> 13;
  for (let left = bytes; left > 0; left -= block.length) {
    writeSync(file, block, 0, Math.min(left, block.length));
  }
  closeSync(file);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return path;
}

function binary(bytes) {
  const data = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i += 1) data[i] = (i * 2654435761) >>> 13;
  return data;
}

/** Name → what to compose. `row` is the row of the target table. */
export const composeWorkloads = {
  'text-1k': {
    row: 'B1',
    title: '1 KB text',
    make: () => ({ ...addresses, subject: 'Your order', text: textOf(sentence, 1000) }),
  },
  'html-10k': {
    row: 'B1',
    title: '10 KB HTML with text',
    make: () => ({
      ...addresses,
      subject: 'Your order',
      text: textOf(sentence, 2000),
      html: html(8000),
    }),
  },
  'html-100k': {
    row: 'B1',
    title: '100 KB HTML with text',
    make: () => ({
      ...addresses,
      subject: 'Your order',
      text: textOf(sentence, 2000),
      html: html(98_000),
    }),
  },
  'utf8-10k': {
    row: 'B2',
    title: '10 KB non-ASCII text',
    make: () => ({
      ...addresses,
      subject: 'Größe: 10 KB, für Österreich',
      text: textOf(german, 10_000),
    }),
  },
  'attachment-10m': {
    row: 'B3',
    title: '10 MB attachment, in memory',
    make: () => ({
      ...addresses,
      subject: 'Report',
      text: sentence,
      attachments: [{ filename: 'report.bin', content: binary(10 << 20) }],
    }),
  },
  'attachment-10m-file': {
    row: 'B3',
    title: '10 MB attachment, from disk, streamed',
    streamed: true,
    make: () => ({
      ...addresses,
      subject: 'Report',
      text: sentence,
      attachments: [{ filename: 'report.bin', path: fileOf(10 << 20) }],
    }),
  },
};

/** What is sent over a pool: some of the above, and attachments as files. */
export const sendWorkloads = {
  'text-1k': composeWorkloads['text-1k'].make,
  'html-10k': composeWorkloads['html-10k'].make,
  'utf8-10k': composeWorkloads['utf8-10k'].make,
  'attachment-100k': () => withFile(100_000),
  'attachment-10m': () => withFile(10_000_000),
};

function withFile(bytes) {
  const attachments = [{ filename: 'data.bin', path: fileOf(bytes) }];
  return { ...addresses, subject: 'A file', text: 'See the file.', attachments };
}
