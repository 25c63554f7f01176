// What console.log shows of messages and attachments: enough to know which one it is, none of what it says.
import { printable } from '../base/index.ts';
import type { AttachedPart } from './attached-part.ts';
import type { AddressList } from './head-values.ts';

/** How Node's util.inspect asks a value to show itself; it gives itself as the last argument. */
export type Inspect = (value: unknown, options: object) => string;

/** The method that util.inspect looks for. */
export const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

interface Shown {
  readonly from: AddressList;
  readonly to: AddressList;
  readonly cc: AddressList;
  readonly bcc: AddressList;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly AttachedPart[];
  readonly linkedResources: readonly AttachedPart[];
}

/** How many of a list are shown. */
const SHOWN = 5;

/** A message in a few lines. What can't be read of it is left out: showing a message never throws. */
export function showMessage(message: Shown, options: object, inspect: Inspect): string {
  const fields = {
    from: shown(() => people(message.from)),
    to: shown(() => people(message.to)),
    cc: shown(() => people(message.cc)),
    bcc: shown(() => people(message.bcc)),
    subject: shown(() => printable(message.subject, 200)),
    text: shown(() => length(message.text)),
    html: shown(() => length(message.html)),
    linkedResources: shown(() => parts(message.linkedResources)),
    attachments: shown(() => parts(message.attachments)),
  };
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `MailMessage ${inspect(Object.fromEntries(there), options)}`;
}

/** An attachment in a line. */
export function showAttachment(
  attachment: AttachedPart,
  options: object,
  inspect: Inspect,
): string {
  const { filename, contentType, disposition, cid, size } = attachment;
  const fields = {
    filename: filename && printable(filename, 200),
    contentType,
    disposition,
    cid: cid && printable(cid, 200),
    size,
  };
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `Attachment ${inspect(Object.fromEntries(there), options)}`;
}

function shown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function people(list: AddressList): string[] | undefined {
  return few(list, (one) => printable(String(one), 200));
}

function parts(list: readonly AttachedPart[]): string[] | undefined {
  return few(list, ({ filename, contentType }) =>
    filename === undefined ? contentType : `${printable(filename, 80)} (${contentType})`,
  );
}

function few<T>(list: readonly T[], show: (item: T) => string): string[] | undefined {
  if (list.length === 0) return undefined;
  const first = list.slice(0, SHOWN).map(show);
  return list.length > SHOWN ? [...first, `and ${list.length - SHOWN} more`] : first;
}

function length(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${text.length} characters`;
}
