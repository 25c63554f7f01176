// What a reply or a forward needs of the message that it is about. Types only.
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
  readonly headers: { get(name: string): string | undefined };
}
