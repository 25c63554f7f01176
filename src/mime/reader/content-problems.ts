// What is wrong with the content of a part that was read: its octets, its transfer encoding, its charset.
import { isAscii, isUtf8 } from 'node:buffer';
import { latin1, viewOf } from '../../base/internal.ts';
import { canonicalCharset, decodeCharset } from '../../codec/index.ts';
import { decodeContent } from './content.ts';
import { isKnownEncoding } from './content-type.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import type { ProblemLog } from './problem.ts';
import { CR, LF } from './window.ts';

// Of a longer body this much is looked at: asking for problems must not take seconds.
const MOST_OCTETS = 33_554_432;
// RFC 5322 section 2.1.1, without the line end.
const LONGEST_LINE = 998;
const NUL = 0;

/** Records what is wrong with the content of a part that has no parts. */
export function findContentProblems(
  part: ParsedEntity,
  log: ProblemLog,
  rules: ReadingRules,
): void {
  const { encoding, contentType, range } = part;
  if (!isKnownEncoding(encoding)) log.add('encoding-unknown', range.start);
  if (contentType.type === 'message' && /^(?:base64|quoted-printable)$/.test(encoding)) {
    // RFC 2046 section 5.2.1; RFC 6532 section 3.7 allows it for message/global.
    if (contentType.value === 'message/rfc822') log.add('encoding-on-message', range.start);
  }
  const isWhole = range.end - range.headerEnd <= MOST_OCTETS;
  const end = isWhole ? range.end : range.headerEnd + MOST_OCTETS;
  const raw = viewOf(part.source.read(range.headerEnd, end));
  const body: Body = { raw, offset: range.headerEnd, isWhole };
  if (encoding !== 'binary') checkOctets(body, encoding, log);
  if (encoding === 'base64') checkBase64(body, log);
  else if (encoding === 'quoted-printable') checkQuotedPrintable(body, log);
  if (contentType.type === 'text') checkText(part, body, log, rules);
}

interface Body {
  readonly raw: Buffer;
  readonly offset: number;
  /** Whether `raw` is all of it. */
  readonly isWhole: boolean;
}

function checkOctets({ raw, offset }: Body, encoding: string, log: ProblemLog): void {
  if (encoding !== '8bit' && !isAscii(raw)) {
    log.add('eight-bit', offset + latin1(raw).search(/[\x80-\xff]/));
  }
  const nul = raw.indexOf(NUL);
  if (nul !== -1) log.add('nul-octet', offset + nul);
  // Lines that end in CR alone, in all of a message, are the scanner's matter.
  if (!raw.includes(LF) && raw.includes(CR)) return;
  const cr = bareCr(raw);
  if (cr !== -1) log.add('bare-cr', offset + cr);
  const line = longLine(raw);
  if (line !== -1) log.add('line-too-long', offset + line);
}

function bareCr(raw: Buffer): number {
  let at = raw.indexOf(CR);
  while (at !== -1 && (raw[at + 1] === LF || at + 1 === raw.length)) at = raw.indexOf(CR, at + 1);
  return at;
}

/** Where the first line over the limit begins; -1 when there is none. Looks at one line end of each that could be. */
function longLine(raw: Buffer): number {
  let start = 0;
  while (raw.length - start > LONGEST_LINE) {
    const last = raw.lastIndexOf(LF, start + LONGEST_LINE);
    if (last < start) {
      const found = raw.indexOf(LF, start);
      const end = found === -1 ? raw.length : found;
      const content = raw[end - 1] === CR ? end - 1 : end;
      if (content - start > LONGEST_LINE) return start;
      start = end + 1;
    } else start = last + 1;
  }
  return -1;
}

const NOT_BASE64 = /[^A-Za-z0-9+/\s]/;

// RFC 2045 section 6.8: groups of four, "=" only at the end of the last one, and nothing after it.
function checkBase64({ raw, offset, isWhole }: Body, log: ProblemLog): void {
  const text = latin1(raw);
  const at = text.search(NOT_BASE64);
  if (at === -1 && !isWhole) return;
  const padding = at === -1 ? '' : text.slice(at).trimEnd();
  const digits = (at === -1 ? text : text.slice(0, at)).replace(/\s+/g, '').length;
  const wanted = (4 - (digits % 4)) % 4;
  if (wanted === 3 || padding !== '='.repeat(wanted)) {
    log.add('base64-invalid', offset + (at === -1 ? text.length : at));
  }
}

const BAD_ESCAPE = /=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|$))/;

function checkQuotedPrintable({ raw, offset }: Body, log: ProblemLog): void {
  const at = latin1(raw).search(BAD_ESCAPE);
  if (at !== -1) log.add('quoted-printable-invalid', offset + at);
}

const UUENCODE = /^begin [0-7]{3,4} \S/m;
const YENC = /^=ybegin .*\bname=/m;

function checkText(part: ParsedEntity, body: Body, log: ProblemLog, rules: ReadingRules): void {
  const { start } = part.range;
  const label = part.contentType.parameters.get('charset');
  const name = label === undefined ? undefined : canonicalCharset(label);
  if (label !== undefined && name === undefined) log.add('charset-unknown', start);
  if (name === 'utf-7' && !rules.utf7) log.add('utf7-refused', start);
  const content = decodeContent(body.raw, part.encoding);
  if (part.encoding === '7bit' || part.encoding === '8bit' || part.encoding === 'binary') {
    checkBlocks(body, log);
  }
  if (isAscii(content) && !/^(?:iso-2022|hz|utf-(?:7|16|32))/.test(name ?? '')) return;
  if (label === undefined) log.add('charset-missing', start);
  const isRight =
    name === undefined || name === 'utf-8'
      ? isUtf8(content)
      : name !== 'us-ascii' && !decodeCharset(content, name, rules).text.includes('\ufffd');
  if (!isRight && body.isWhole && name !== 'utf-7') log.add('charset-invalid', body.offset);
}

function checkBlocks({ raw, offset }: Body, log: ProblemLog): void {
  const text = latin1(raw);
  const uuencode = text.includes('begin ') ? text.search(UUENCODE) : -1;
  if (uuencode !== -1) log.add('uuencode-block', offset + uuencode);
  const yenc = text.includes('=ybegin ') ? text.search(YENC) : -1;
  if (yenc !== -1) log.add('yenc-block', offset + yenc);
}
