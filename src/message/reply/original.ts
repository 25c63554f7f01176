// What a reply or a forward needs of the message that it is about.
import type { MailAddress } from '../../mime/index.ts';
import type { AttachedPart } from '../attached-part.ts';
import type { AddressList } from '../head-values.ts';

/** A message that is answered or passed on; `A` is its kind of attachment. */
export interface Original<A extends AttachedPart = AttachedPart> {
  readonly from: AddressList;
  readonly sender: MailAddress | undefined;
  readonly replyTo: AddressList;
  readonly to: AddressList;
  readonly cc: AddressList;
  readonly subject: string;
  readonly date: Date | undefined;
  readonly messageId: string;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly linkedResources: readonly A[];
  readonly attachments: readonly A[];
  readonly headers: Iterable<readonly [name: string, value: string]>;
}

/** Header fields by name in lower case, each with its first value. */
export type FirstFields = ReadonlyMap<string, string>;

/** The header of a message, decoded once. */
export function firstFields({ headers }: Pick<Original, 'headers'>): FirstFields {
  const fields = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!fields.has(lower)) fields.set(lower, value);
  }
  return fields;
}
