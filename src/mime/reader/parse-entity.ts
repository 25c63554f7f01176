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
import { enforceLimit } from '../../base/internal.ts';
import { LineIndex } from './line-index.ts';
import { type ParseOptions, type ReadingRules, readingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import { Part } from './part.ts';
import { TreeBuilder } from './scan-tree.ts';
import { MimeScanner } from './scanner.ts';

/**
 * Reads a message, or any MIME entity, from all of its octets (RFC 5322, RFC 2045). Malformed mail
 * does not throw: it is read as well as it can be, and `problems` says what was wrong. The octets must
 * not change afterwards: the tree is a set of ranges of them.
 * @throws {LimitError} past `depth`, `parts`, `headers`, `headerBytes` or `lineBytes`.
 */
export function parseEntity(bytes: Uint8Array, options?: ParseOptions): ParsedEntity {
  return parseAt(bytes, readingRules(options), 0);
}

function parseAt(bytes: Uint8Array, rules: ReadingRules, depth: number): ParsedEntity {
  enforceLimit('depth', depth, 'The nesting of messages', rules.limits.depth);
  const scanner = new MimeScanner(rules);
  const tree = new TreeBuilder();
  tree.take(scanner.push(bytes));
  tree.take(scanner.end());
  const input = {
    bytes,
    rules,
    lines: new LineIndex(bytes),
    structure: tree.problems,
    parseNested: (inner: Uint8Array) => parseAt(inner, rules, depth + 1),
  };
  return new Part(input, tree.root);
}
