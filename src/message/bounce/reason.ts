// Why a message was not delivered, in one word: from what the server said, or else from the status code.
import type { BounceReason } from './bounce-reason.ts';
import { REASON_OF_STATUS, REASON_OF_SUBJECT } from './reason-status.data.ts';
import { REASON_TEXTS } from './reason-text.data.ts';

// A server says why in its first words.
const MAX_TEXT = 800;

/** The reason that a text tells; `undefined` when it tells none that is known here. */
export function reasonInText(text: string): BounceReason | undefined {
  const start = text.slice(0, MAX_TEXT);
  return REASON_TEXTS.find(([, pattern]) => pattern.test(start))?.[0];
}

/** The reason that a status code stands for (RFC 3463, RFC 7372, RFC 7505); `'unknown'` for one that says nothing. */
export function reasonOfStatus(status: string): BounceReason {
  const [kind = '', subject = '', detail = ''] = status.split('.');
  if (kind === '2') return 'none';
  return (
    REASON_OF_STATUS.get(`${subject}.${detail}`) ?? REASON_OF_SUBJECT.get(subject) ?? 'unknown'
  );
}
