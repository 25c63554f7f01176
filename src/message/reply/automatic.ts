// Whether a machine may answer a message (RFC 3834 section 2): two machines that answer each other never end.
import { InvalidMessageError } from '../../base/index.ts';
import { mailboxesOf } from '../../mime/index.ts';
import type { FirstFields, Original } from './original.ts';

/** A field with this value says that no automatic answer is wanted, and why. */
const obstacles: readonly (readonly [name: string, value: RegExp, because: string])[] = [
  ['return-path', /^\s*<\s*>\s*$/, 'it has an empty Return-Path: answers to it go nowhere'],
  ['auto-submitted', /^\s*(?!no\b)\S/i, 'a machine sent it (Auto-Submitted)'],
  ['precedence', /^\s*(?:bulk|list|junk)\b/i, 'it is bulk mail (Precedence)'],
  ['list-id', /./, 'it came from a mailing list (List-Id)'],
  ['list-unsubscribe', /./, 'it was sent to a list (List-Unsubscribe)'],
  [
    'x-auto-response-suppress',
    /\b(?:all|oof|autoreply)\b/i,
    'it asks for none (X-Auto-Response-Suppress)',
  ],
];
const ROBOTS =
  /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|.*-request|owner-.*|bounces?[+-].*)$/i;

/** Throws when a machine should not answer. */
export function checkMayAnswer(original: Original, fields: FirstFields): void {
  const because = reason(original, fields);
  if (because === undefined) return;
  throw new InvalidMessageError(
    'ANSWER_UNWANTED',
    `The message should get no automatic answer: ${because}; let it be, or answer without automatic: true`,
  );
}

function reason({ from }: Original, fields: FirstFields): string | undefined {
  for (const [name, value, because] of obstacles) {
    if (value.test(fields.get(name)?.slice(0, 200) ?? '')) return because;
  }
  const isRobot = mailboxesOf(from).some(({ localPart }) => ROBOTS.test(localPart.slice(0, 100)));
  return isRobot ? 'its author is no person' : undefined;
}
