// The text of a table, chunk by chunk: by its byte order mark, by the charset that is said, or as UTF-8.
import { FormatError, OptionError, printable } from '../../base/index.ts';
import { collectBytes, concatBytes } from '../../base/internal.ts';
import { canonicalCharset, decodeCharset } from '../../codec/index.ts';

// Byte order marks (Unicode 16 section 23.8).
const marks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

// Decoders that Node carries over from chunk to chunk.
const streamed: ReadonlySet<string> = new Set([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'shift_jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'euc-kr',
]);
// One octet, one character: a chunk may end anywhere.
const SINGLE = /^(?:us-ascii|iso-8859-\d+|windows-125\d|windows-874|koi8-[ru]|macintosh|ibm\d+)$/;

/** The text; a byte order mark is no part of it, and overrules `charset`. */
export async function* textChunks(
  source: AsyncIterable<Uint8Array>,
  charset: string | undefined,
): AsyncGenerator<string> {
  const said = charset === undefined ? undefined : nameOf(charset);
  const chunks = source[Symbol.asyncIterator]();
  try {
    const head = await headOf(chunks);
    const mark = marks.find(([, octets]) => octets.every((octet, at) => head[at] === octet));
    const name = mark?.[0] ?? said ?? guessed(head);
    const body = after(mark ? head.subarray(mark[1].length) : head, chunks);
    yield* decode(body, name, charset === undefined);
  } finally {
    await chunks.return?.();
  }
}

function nameOf(charset: string): string {
  const name = canonicalCharset(charset);
  if (name !== undefined) return name === 'utf-16' ? 'utf-16le' : name;
  throw new OptionError(
    'charset',
    `'charset' must be one that is known, such as 'windows-1252', got '${printable(String(charset), 80)}'`,
  );
}

async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  for (let octets = 0; octets < 4; ) {
    const next = await chunks.next();
    if (next.done) break;
    found.push(next.value);
    octets += next.value.length;
  }
  return concatBytes(found);
}

// Excel's "Unicode text" without its mark: every second octet of ASCII is 0.
function guessed(head: Uint8Array): string {
  if (head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) {
    return 'utf-16le';
  }
  return 'utf-8';
}

async function* after(
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* decode(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  isGuessed: boolean,
): AsyncGenerator<string> {
  if (SINGLE.test(name)) {
    for await (const chunk of chunks) yield decodeCharset(chunk, name).text;
    return;
  }
  if (!streamed.has(name)) {
    yield decodeCharset(await collectBytes(chunks), name).text;
    return;
  }
  // A letter to "M\ufffdller" is worse than an error.
  const decoder = new TextDecoder(name, { fatal: isGuessed || name === 'utf-8' });
  let offset = 0;
  try {
    for await (const chunk of chunks) {
      yield decoder.decode(chunk, { stream: true });
      offset += chunk.length;
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new FormatError(
      `The table is not ${name.toUpperCase()}; say its charset, as in { charset: 'windows-1252' }`,
      'csv',
      offset,
      { cause },
    );
  }
}
