// What a file is, by what it holds; its name decides only where the content can be read both ways.
import { extname } from 'node:path';
import { type ByteSource, latin1, memorySource } from '../../base/internal.ts';
import type { MessageSource } from '../../message/index.ts';
import { openSource, pathOfSource } from '../../message/internal.ts';
import { compoundFormat, isCompound } from './compound-format.ts';
import type { FileFormat } from './file-format.ts';
import { isTarInGzip } from './tar-in-gzip.ts';
import { textFormat } from './text-format.ts';
import { zipFormat } from './zip-format.ts';

/**
 * The format of a file, found out from its content; `undefined` when it is none that is known. Of a large file only a few
 * ranges are read; a stream is collected.
 *
 * @param source A path (a string), a `file:` URL, bytes, a Blob or a stream.
 * @throws {@link InvalidMessageError} `FILE_INACCESSIBLE`: the file can't be read.
 */
export async function detectFormat(source: MessageSource): Promise<FileFormat | undefined> {
  const opened = await openSource(source);
  return detectIn(
    opened instanceof Uint8Array ? memorySource(opened) : opened,
    pathOfSource(source),
  );
}

const HEAD = 512;

/** The same of bytes that are open already; `path` is the file's name, where there is one. */
export function detectIn(source: ByteSource, path: string | undefined): FileFormat | undefined {
  const head = latin1(source.read(0, Math.min(HEAD, source.size)));
  const extension = path === undefined ? '' : extname(path).toLowerCase();
  return binaryFormat(source, head) ?? textFormat(source, extension);
}

function binaryFormat(source: ByteSource, head: string): FileFormat | undefined {
  if (isCompound(source)) return compoundFormat(source);
  if (head.startsWith('\x78\x9f\x3e\x22')) return 'tnef';
  // MS-PST section 2.2.2.6: what the file is for stands in wMagicClient.
  if (head.startsWith('!BDN')) return head.slice(8, 10) === 'SO' ? 'ost' : 'pst';
  if (/^PK(?:\x03\x04|\x05\x06)/.test(head)) return zipFormat(source);
  if (head.startsWith('\x1f\x8b')) return isTarInGzip(source) ? 'tgz' : undefined;
  return undefined;
}
