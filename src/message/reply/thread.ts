// Where an answer stands in its conversation (RFC 5322 section 3.6.4).
import type { Original } from './original.ts';

/** In-Reply-To and References of an answer. */
export interface Thread {
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
}

/** Octets of References: about forty identifiers. Conversations go on for years, and each message holds them all. */
const REFERENCES_OCTETS = 3000;
const MESSAGE_ID = /^<[!-;=?-~]{1,900}>$/;

/** The fields of an answer to a message. The first identifier and the latest stay when there are too many. */
export function threadOf({
  messageId,
  inReplyTo,
  references,
}: Pick<Original, 'messageId' | 'inReplyTo' | 'references'>): Thread {
  // Without References, the one message that was answered stands for them.
  const before = references.length > 0 || inReplyTo.length !== 1 ? references : inReplyTo;
  const own = MESSAGE_ID.test(messageId) ? [messageId] : [];
  const ids = [
    ...new Set([...before.filter((id) => MESSAGE_ID.test(id) && id !== messageId), ...own]),
  ];
  const [first = '', ...later] = ids;
  let room = REFERENCES_OCTETS - first.length;
  let start = later.length;
  while (start > 0 && room >= (later[start - 1]?.length ?? 0)) {
    start -= 1;
    room -= (later[start]?.length ?? 0) + 1;
  }
  return { inReplyTo: own, references: first === '' ? [] : [first, ...later.slice(start)] };
}
