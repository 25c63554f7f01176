// Header fields that are properties of an item, one row for each: the one table for both ways (MS-OXCMAIL sections
// 2.1.3.2 and 2.2.3.2). Subject, people and receipts have files of their own.
import { Buffer } from 'node:buffer';
import {
  dateToFileTime,
  fileTimeToDate,
  type MapiProperties,
  PidLid,
  PidName,
  PidTag,
  type PropertyTag,
} from '../../mapi/index.ts';
import { formatDate, type ParsedHeaders, readDate } from '../../mime/index.ts';

/** A header field that is a property. */
export interface FieldRow {
  /** The field; when a message is read, the first of these that it has. */
  readonly names: readonly [string, ...string[]];
  /** The property. */
  readonly tag: PropertyTag;
  /** The field's text, not encoded; `undefined` when the item has no such property. */
  read(properties: MapiProperties): string | undefined;
  /** Sets the property to what a header says. */
  write(properties: MapiProperties, text: string, headers: ParsedHeaders): void;
}

type Names = FieldRow['names'];

function text(names: Names, tag: PropertyTag<0x001f>): FieldRow {
  return {
    names,
    tag,
    read: (properties) =>
      properties
        .get(tag)
        ?.replace(/[\0-\x1f\x7f]+/g, ' ')
        .trim() || undefined,
    write: (properties, value) => {
      properties.set(tag, value.trim());
    },
  };
}

function time(names: Names, tag: PropertyTag<0x0040>): FieldRow {
  return {
    names,
    tag,
    read: (properties) => {
      const value = properties.get(tag);
      return value === undefined ? value : formatTime(value);
    },
    write: (properties, value, headers) => {
      const date = firstDate(names, headers) ?? readDate(value);
      if (date) properties.set(tag, dateToFileTime(date));
    },
  };
}

/** The date of a FILETIME as a header has it; `undefined` for those that mean never, or no year of four digits. */
export function formatTime(value: bigint): string | undefined {
  const date = fileTimeToDate(value);
  const year = date.getUTCFullYear();
  return year >= 1602 && year < 4500 ? formatDate(date) : undefined;
}

/** The first that can be read: a second one is often the repair of a broken first. */
function firstDate(names: Names, headers: ParsedHeaders): Date | undefined {
  for (const name of names) {
    for (const { raw } of headers.all(name)) {
      const date = readDate(raw);
      if (date) return date;
    }
  }
  return undefined;
}

/** A property that is one of a few numbers; `undefined` is the number that says nothing. */
function choice(
  names: Names,
  tag: PropertyTag<0x0003>,
  written: readonly (string | undefined)[],
  understood: readonly (readonly [RegExp, number])[],
): FieldRow {
  return {
    names,
    tag,
    read: (properties) => written[properties.get(tag) ?? -1],
    write: (properties, value) => {
      const [, found] = understood.find(([pattern]) => pattern.test(value.trim())) ?? [];
      if (found !== undefined) properties.set(tag, found);
    },
  };
}

const urgency = [
  [/^(?:[12](?!\d)|high|urgent)/i, 2],
  [/^(?:[45](?!\d)|low|non-urgent)/i, 0],
  [/^(?:3(?!\d)|normal|medium)/i, 1],
] as const;

const secrecy = [
  [/^personal$/i, 1],
  [/^private$/i, 2],
  [/^company[\s-]confidential$/i, 3],
  [/^normal$/i, 0],
] as const;

const threadIndex: FieldRow = {
  names: ['Thread-Index'],
  tag: PidTag.ConversationIndex,
  read: (properties) => {
    const index = properties.get(PidTag.ConversationIndex);
    return index && index.length > 0 ? Buffer.from(index).toString('base64') : undefined;
  },
  write: (properties, value) => {
    const index = Buffer.from(value.replace(/\s+/g, ''), 'base64');
    // MS-OXOMSG section 2.2.1.3: a head of 22 octets, then five for each answer.
    if (index.length >= 22) properties.set(PidTag.ConversationIndex, index);
  },
};

const keywords: FieldRow = {
  names: ['Keywords'],
  tag: PidName.Keywords,
  read: (properties) =>
    properties
      .get(PidName.Keywords)
      ?.filter((word) => word !== '')
      .join(', '),
  write: (properties, value, headers) => {
    const all = headers.getAll('Keywords').join(',') || value;
    const words = all.split(/[,;]/).map((word) => word.trim());
    const kept = [...new Set(words.filter((word) => word !== ''))];
    if (kept.length > 0) properties.set(PidName.Keywords, kept);
  },
};

/** Every such field, in the order they are written. */
export const fieldTable: readonly FieldRow[] = [
  text(['Thread-Topic'], PidTag.ConversationTopic),
  threadIndex,
  time(['Date'], PidTag.ClientSubmitTime),
  text(['Message-ID'], PidTag.InternetMessageId),
  text(['References'], PidTag.InternetReferences),
  text(['In-Reply-To'], PidTag.InReplyToId),
  text(['Accept-Language'], PidName.AcceptLanguage),
  text(['Content-Class'], PidName.ContentClass),
  choice(
    ['Importance', 'X-Priority', 'X-MSMail-Priority', 'Priority'],
    PidTag.Importance,
    ['low', undefined, 'high'],
    urgency,
  ),
  choice(
    ['Sensitivity'],
    PidTag.Sensitivity,
    [undefined, 'Personal', 'Private', 'Company-Confidential'],
    secrecy,
  ),
  keywords,
  text(['X-Message-Flag'], PidLid.FlagRequest),
  time(['Expires', 'Expiry-Date'], PidTag.ExpiryTime),
  time(['Reply-By'], PidTag.ReplyTime),
  time(['Deferred-Delivery'], PidTag.DeferredDeliveryTime),
  text(['List-Help'], PidTag.ListHelp),
  text(['List-Subscribe'], PidTag.ListSubscribe),
  text(['List-Unsubscribe'], PidTag.ListUnsubscribe),
];
