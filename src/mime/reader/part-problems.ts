// What is wrong with a part beside its structure; looked for when problems are asked for.
import { latin1 } from '../../base/internal.ts';
import { canonicalCharset } from '../../codec/index.ts';
import { isKnownEncoding, readContentType } from './content-type.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import type { ParsedField } from './parsed-headers.ts';
import type { ProblemLog } from './problem.ts';
import { readAddressList } from './read-address-list.ts';
import { readDate } from './read-date.ts';

const ADDRESS_FIELD = /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)$/;
const NOT_BASE64 = /[^A-Za-z0-9+/\s]/;

/** Records what is wrong with the fields and the content of one part, not of the parts in it. */
export function findContentProblems(
  part: ParsedEntity,
  log: ProblemLog,
  rules: ReadingRules,
): void {
  for (const field of part.headers.fields) checkField(field, log, rules);
  const { encoding, contentType, range } = part;
  if (part.parts.length > 0) {
    // RFC 2045 section 6.4.
    if (!/^(?:7bit|8bit|binary)$/.test(encoding)) log.add('encoding-on-multipart', range.start);
    return;
  }
  if (!isKnownEncoding(encoding)) log.add('encoding-unknown', range.start);
  const charset = contentType.parameters.get('charset');
  if (contentType.type === 'text' && charset && canonicalCharset(charset) === undefined) {
    log.add('charset-unknown', range.start);
  }
  if (encoding === 'base64') checkBase64(part, log);
}

function checkField(
  { name, raw, offset }: ParsedField,
  log: ProblemLog,
  rules: ReadingRules,
): void {
  const lower = name.toLowerCase();
  if (lower === 'content-type') {
    if (readContentType(raw) === undefined) log.add('content-type-invalid', offset);
  } else if (lower === 'date') {
    if (readDate(raw) === undefined) log.add('date-invalid', offset);
  } else if (ADDRESS_FIELD.test(lower) && raw.length <= 2 * rules.limits.addresses) {
    // What is not longer can not hold more addresses than their limit.
    if (readAddressList(raw, rules).problems.length > 0) log.add('address-invalid', offset);
  }
}

// RFC 2045 section 6.8: groups of four, "=" only at the end of the last one, and nothing after it.
function checkBase64(part: ParsedEntity, log: ProblemLog): void {
  const text = latin1(part.raw);
  const at = text.search(NOT_BASE64);
  const padding = at === -1 ? '' : text.slice(at).trimEnd();
  const digits = (at === -1 ? text : text.slice(0, at)).replace(/\s+/g, '').length;
  const wanted = (4 - (digits % 4)) % 4;
  if (wanted === 3 || padding !== '='.repeat(wanted)) {
    log.add('base64-invalid', part.range.headerEnd + (at === -1 ? text.length : at));
  }
}
