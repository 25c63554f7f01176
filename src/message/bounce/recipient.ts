// From what a report says about a recipient to what became of it: status, reason, whether it is for good.
import type { BounceReason } from './bounce-reason.ts';
import { codesIn, statusIn } from './diagnostic.ts';
import { reasonInText, reasonOfStatus } from './reason.ts';
import type { BounceRecipient, DeliveryAction } from './report.ts';
import { statusOfReason } from './status.ts';
import { tellingText } from './telling-text.ts';

/** What a report says, before it is judged. */
export interface RecipientFacts {
  readonly finalRecipient: string | undefined;
  readonly originalRecipient: string | undefined;
  readonly action: DeliveryAction;
  /** What was said, the most telling first. */
  readonly texts: readonly string[];
  /** The fields of the recipient, when it has some. */
  readonly fields: ReadonlyMap<string, string>;
  readonly remoteMta?: string | undefined;
  readonly lastAttempt?: Date | undefined;
  readonly willRetryUntil?: Date | undefined;
}

/** The recipient as users see it. */
export function makeRecipient(facts: RecipientFacts): BounceRecipient {
  const { action, fields } = facts;
  const text = tellingText(facts.texts);
  const codes = codesIn(text);
  const given = statusIn(fields.get('status'));
  const told = codes.status;
  const reason = reasonOf(text, given, told, action);
  // What the server that refused sent counts before what the one that reports made of it.
  const useField =
    given !== undefined && (told === undefined || !(codes.together || given.endsWith('.0.0')));
  const status = useField
    ? given
    : (told ?? statusOfReason(classOf(codes.replyCode, action), reason));
  return {
    address: facts.finalRecipient ?? facts.originalRecipient ?? '',
    originalRecipient: facts.originalRecipient,
    finalRecipient: facts.finalRecipient,
    action,
    status,
    statusSource: useField ? 'field' : told === undefined ? 'rules' : 'diagnostic',
    permanent: action === 'failed' && status.startsWith('5'),
    reason,
    diagnostic: text === '' ? undefined : text,
    replyCode: codes.replyCode,
    remoteMta: facts.remoteMta,
    lastAttempt: facts.lastAttempt,
    willRetryUntil: facts.willRetryUntil,
    finalLogId: fields.get('final-log-id'),
    fields,
  };
}

function reasonOf(
  text: string,
  given: string | undefined,
  told: string | undefined,
  action: DeliveryAction,
): BounceReason {
  if (action !== 'failed' && action !== 'delayed') return 'none';
  const inText = reasonInText(text);
  if (inText !== undefined) return inText;
  const status = told ?? given;
  const ofStatus = status === undefined ? 'unknown' : reasonOfStatus(status);
  if (ofStatus === 'unknown' && given !== undefined) return reasonOfStatus(given);
  return ofStatus;
}

function classOf(replyCode: number | undefined, action: DeliveryAction): '2' | '4' | '5' {
  if (action === 'delayed') return '4';
  if (action !== 'failed') return '2';
  return replyCode !== undefined && replyCode < 500 && replyCode >= 400 ? '4' : '5';
}
