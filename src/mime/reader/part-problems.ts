// What is wrong with a part beside its structure; looked for when problems are asked for.
import { viewOf } from '../../base/internal.ts';
import { findContentProblems } from './content-problems.ts';
import { findFieldProblems } from './field-problems.ts';
import type { ReadingRules } from './parse-options.ts';
import type { ParsedEntity } from './parsed-entity.ts';
import type { ProblemLog } from './problem.ts';
import { LF } from './window.ts';

// RFC 5322 section 3.6 and RFC 2045 section 3. Of Content-Type the scanner tells.
const ONCE = new Set(
  (
    'date from sender reply-to to cc bcc message-id in-reply-to references subject mime-version ' +
    'content-transfer-encoding content-disposition content-id content-description'
  ).split(' '),
);

/** Records what is wrong with the fields and the content of one part, not of the parts in it. */
export function findPartProblems(part: ParsedEntity, log: ProblemLog, rules: ReadingRules): void {
  const seen = new Set<string>();
  for (const field of part.headers.fields) {
    const name = field.name.toLowerCase();
    if (ONCE.has(name) && seen.has(name)) log.add('field-repeated', field.offset);
    seen.add(name);
    findFieldProblems(field, rules, (code) => log.add(code, field.offset));
  }
  checkEpilogue(part, log);
  if (part.parts.length === 0) findContentProblems(part, log, rules);
  // RFC 2045 section 6.4.
  else if (!/^(?:7bit|8bit|binary)$/.test(part.encoding)) {
    log.add('encoding-on-multipart', part.range.start);
  }
}

function checkEpilogue({ contentType, epilogue, range }: ParsedEntity, log: ProblemLog): void {
  if (epilogue.length === 0) return;
  const boundary = contentType.parameters.get('boundary');
  const octets = viewOf(epilogue);
  const at = octets.indexOf(`--${boundary}`, 0, 'latin1');
  if (at === 0 || octets[at - 1] === LF)
    log.add('boundary-after-end', range.end - octets.length + at);
}
