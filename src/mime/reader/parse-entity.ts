// Octets to a tree of parts. The choices where readers of mail differ are made here and in the files named:
//
// 1. The first Content-Type, Content-Transfer-Encoding and Content-Disposition of a part count (parsed-headers.ts).
// 2. A Content-Type that is none means text/plain, in a digest message/rfc822 (content-type.ts).
// 3. A delimiter line is the boundary, alone on its line but for white space; a longer boundary that
//    begins like another is another. The innermost multipart wins when two share one (boundaries.ts).
// 4. A multipart whose last boundary is missing ends where the multipart around it goes on, or with the
//    input. After its last boundary it has an epilogue, whatever stands there.
// 5. A multipart without a boundary is kept whole, as a leaf.
// 6. A header line that is not a field starts the body, unless a field of a well-known name follows
//    before the next empty line: then it was a stray line. Mbox separators (From ) and empty lines before
//    the first field of a message are skipped (header-reader.ts).
// 7. A message in a message is kept whole: it is a leaf, read on its own when asked for. So is a
//    delivery status. Neither its text nor its attachments are mixed with those around it.
// 8. The line end before a boundary belongs to the boundary, so an attachment has no line end too many.
// 9. Lines end in LF or CRLF, mixed as they come; in CR only when the input holds no LF at all.
// 10. Text without a known charset is UTF-8 when it is valid UTF-8, else windows-1252; UTF-7 is not
//     decoded. Text in format=flowed is joined (content.ts).
// 11. What is body and what is attachment is decided by RFC 8621 (decompose.ts); leaves() lists all.
// 12. Of an address, comments are part of the name when they stand beside it, or the name when there is
//     none; a comment alone is nobody. Encoded words make names, never addresses (read-address-list.ts).
// 13. A date that can not be read is undefined, never another date (read-date.ts).
import { type ByteSource, enforceLimit, memorySource } from '../../base/internal.ts';
import { LineIndex } from './line-index.ts';
import { type ParseOptions, type ReadingRules, readingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import { Part } from './part.ts';
import { keepAll, keepCopies, TreeBuilder } from './scan-tree.ts';
import { MimeScanner } from './scanner.ts';

/**
 * Reads a message, or any MIME entity, from all of its octets (RFC 5322, RFC 2045). Malformed mail
 * does not throw: it is read as well as it can be, and `problems` says what was wrong. The octets must
 * not change afterwards: the tree is a set of ranges of them. A source that is not in memory is read once
 * from end to end and then by range, as its parts are asked for; memory does not grow with its size.
 * @throws {LimitError} past `depth`, `parts`, `headers`, `headerBytes` or `lineBytes`.
 */
export function parseEntity(input: Uint8Array | ByteSource, options?: ParseOptions): ParsedEntity {
  const source = input instanceof Uint8Array ? memorySource(input) : input;
  return parseAt(source, readingRules(options), 0);
}

/**
 * As `parseEntity`, but without holding up other work while a large source is read.
 * @throws {LimitError} as `parseEntity` does.
 */
export async function readEntity(
  source: ByteSource,
  options?: ParseOptions,
): Promise<ParsedEntity> {
  const rules = readingRules(options);
  if (source.bytes) return parseAt(source, rules, 0);
  const scanner = new MimeScanner(rules);
  const tree = new TreeBuilder(keepCopies(KEPT_HEADER_BYTES));
  for await (const chunk of source.pass(0, source.size)) tree.take(scanner.push(chunk));
  tree.take(scanner.end());
  return treeOver(source, rules, 0, tree);
}

// Headers of a source outside memory that are kept. It is more than the header of any usual message.
const KEPT_HEADER_BYTES = 262_144;
const READ_BYTES = 1_048_576;

function parseAt(source: ByteSource, rules: ReadingRules, depth: number): ParsedEntity {
  enforceLimit('depth', depth, 'The nesting of messages', rules.limits.depth);
  const scanner = new MimeScanner(rules);
  const { bytes, size } = source;
  const tree = new TreeBuilder(bytes ? keepAll : keepCopies(KEPT_HEADER_BYTES));
  if (!bytes) {
    for (let at = 0; at < size; at += READ_BYTES) {
      tree.take(scanner.push(source.read(at, Math.min(size, at + READ_BYTES))));
    }
  }
  tree.take(scanner.end(bytes));
  return treeOver(source, rules, depth, tree);
}

function treeOver(
  source: ByteSource,
  rules: ReadingRules,
  depth: number,
  { root, problems, lineEnd }: TreeBuilder,
): ParsedEntity {
  const input = {
    source,
    lineEnd,
    rules,
    lines: new LineIndex(source, lineEnd),
    structure: problems,
    parseNested: (inner: ByteSource) => parseAt(inner, rules, depth + 1),
  };
  return new Part(input, root);
}
