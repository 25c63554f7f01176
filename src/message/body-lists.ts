// The lists of a message's parts as a caller gives them.
import { type AlternateView, checkView } from './alternate-view.ts';
import type { AttachedPart } from './attached-part.ts';
import { fieldError, kindOf } from './field-checks.ts';

/** What a message holds under its header, as its properties have it; `A` is how an attachment is shown to the caller. */
export interface MessageBody<A extends AttachedPart> {
  get text(): string | undefined;
  set text(value: string | undefined);
  get html(): string | undefined;
  set html(value: string | undefined);
  get attachments(): A[];
  set attachments(value: readonly unknown[]);
  get linkedResources(): A[];
  set linkedResources(value: readonly unknown[]);
  get alternateViews(): AlternateView[];
  set alternateViews(value: readonly AlternateView[]);
}

/** The attachment that something given in a list stands for; `property` names it in errors, as `attachments[0]`. */
export type MakeAttachment<A extends AttachedPart> = (input: unknown, property: string) => A;

/** Attachments from what a caller gives. */
export function toAttachments<A extends AttachedPart>(
  list: readonly unknown[],
  property: string,
  make: MakeAttachment<A>,
): A[] {
  if (!Array.isArray(list)) throw notAList(property, list);
  return list.map((item: unknown, index) => make(item, `${property}[${index}]`));
}

/** Views from what a caller gives. */
export function toViews(list: readonly AlternateView[]): AlternateView[] {
  if (!Array.isArray(list)) throw notAList('alternateViews', list);
  return list.map(checkView);
}

const notAList = (property: string, value: unknown): Error =>
  fieldError(property, `must be an array, got ${kindOf(value)}`);
