// The header fields that a message has properties for: their types, and how each is written and read back.
import {
  addressField,
  formatDate,
  type HeaderField,
  type HeaderOptions,
  type MailAddress,
  type MailGroup,
  mailboxesOf,
  type ParsedHeaders,
  parseAddressList,
  readDate,
  tokensField,
  unstructuredField,
} from '../mime/index.ts';
import { isGroup } from '../mime/internal.ts';
import {
  type ListInfo,
  listFields,
  listHeaders,
  readListValue,
  readUnsubscribe,
  type Unsubscribe,
  unsubscribeFields,
} from './list-headers.ts';

/** Mailboxes and groups, in order. */
export type AddressList = (MailAddress | MailGroup)[];

/** How urgent a message is: Importance (RFC 4021) and X-Priority. */
export type Priority = 'high' | 'normal' | 'low';

/** How a message is to be treated by those who receive it: Sensitivity (RFC 2156 section 5.3.4). */
export type Sensitivity = 'normal' | 'personal' | 'private' | 'company-confidential';

/** The values behind the properties; a value that is absent has no header field. */
export interface HeadValues {
  from: AddressList | undefined;
  sender: AddressList | undefined;
  replyTo: AddressList | undefined;
  to: AddressList | undefined;
  cc: AddressList | undefined;
  bcc: AddressList | undefined;
  subject: string | undefined;
  messageId: string | undefined;
  inReplyTo: string[] | undefined;
  references: string[] | undefined;
  date: Date | undefined;
  readReceiptTo: AddressList | undefined;
  deliveryReceipt: boolean | undefined;
  priority: Priority | undefined;
  sensitivity: Sensitivity | undefined;
  unsubscribe: Unsubscribe | undefined;
  list: ListInfo | undefined;
}

/** No value at all; every key is there, so that all messages have one shape. */
export function emptyHead(): HeadValues {
  return {
    from: undefined,
    sender: undefined,
    replyTo: undefined,
    to: undefined,
    cc: undefined,
    bcc: undefined,
    subject: undefined,
    messageId: undefined,
    inReplyTo: undefined,
    references: undefined,
    date: undefined,
    readReceiptTo: undefined,
    deliveryReceipt: undefined,
    priority: undefined,
    sensitivity: undefined,
    unsubscribe: undefined,
    list: undefined,
  };
}

/** How one property stands in a header. */
export interface HeadCodec<T> {
  /** The fields it owns, the written ones first. */
  readonly names: readonly string[];
  /** Adds the fields of a value to `out`; none when it is empty. */
  write(out: HeaderField[], value: T, o: HeaderOptions, all: HeadValues): void;
  /** The value in a header that was received; `undefined` when it has none. */
  read(headers: ParsedHeaders): T | undefined;
}

type HeadCodecs = { readonly [Key in keyof HeadValues]: HeadCodec<NonNullable<HeadValues[Key]>> };

function addresses(name: string): HeadCodec<AddressList> {
  return {
    names: [name],
    write: (out, list, o) => {
      if (list.length > 0) out.push(addressField(name, list, o));
    },
    read: (headers) => {
      const [field] = headers.all(name);
      return field?.addresses();
    },
  };
}

// RFC 5322 section 3.6 allows one of each. Where there are more, each recipient of each is one: nobody is left out.
function recipients(name: string): HeadCodec<AddressList> {
  return {
    ...addresses(name),
    read: (headers) => {
      const fields = headers.all(name);
      return fields.length === 0 ? undefined : fields.flatMap((field) => field.addresses());
    },
  };
}

function identifiers(name: string): HeadCodec<string[]> {
  return {
    names: [name],
    write: (out, ids) => {
      if (ids.length > 0) out.push(tokensField(name, ids));
    },
    read: (headers) => headers.get(name)?.match(/<[^<>]*>|[^\s<>]+/g) ?? undefined,
  };
}

const urgency = { high: ['1', 'high'], low: ['5', 'low'] } as const;

const secrecy: Readonly<Record<Sensitivity, string>> = {
  normal: '',
  personal: 'Personal',
  private: 'Private',
  'company-confidential': 'Company-Confidential',
};

/** Every property that is a header field, in the order the fields are written. */
export const headCodecs: HeadCodecs = {
  from: addresses('From'),
  sender: addresses('Sender'),
  replyTo: addresses('Reply-To'),
  to: recipients('To'),
  cc: recipients('Cc'),
  bcc: recipients('Bcc'),
  subject: {
    names: ['Subject'],
    write: (out, text, o) => {
      if (text !== '') out.push(unstructuredField('Subject', text, o));
    },
    read: (headers) => headers.get('Subject'),
  },
  messageId: {
    names: ['Message-ID'],
    write: (out, id) => {
      if (id !== '') out.push({ name: 'Message-ID', value: id });
    },
    read: (headers) => headers.get('Message-ID')?.trim(),
  },
  inReplyTo: identifiers('In-Reply-To'),
  references: identifiers('References'),
  date: {
    names: ['Date'],
    write: (out, date) => {
      out.push({ name: 'Date', value: formatDate(date) });
    },
    // The first that can be read: a second one is often the repair of a broken first.
    read: (headers) => {
      for (const { raw } of headers.all('Date')) {
        const date = readDate(raw);
        if (date) return date;
      }
      return undefined;
    },
  },
  readReceiptTo: addresses('Disposition-Notification-To'),
  deliveryReceipt: {
    names: ['Return-Receipt-To'],
    write: (out, wanted, o, { sender, from }) => {
      const to = firstMailbox(sender?.length ? sender : from);
      if (wanted && to) out.push(addressField('Return-Receipt-To', [to], o));
    },
    read: (headers) => (headers.raw('Return-Receipt-To') === undefined ? undefined : true),
  },
  priority: {
    // X-MSMail-Priority is not written: filters count it against mail that Outlook did not make.
    names: ['X-Priority', 'Importance', 'X-MSMail-Priority', 'Priority'],
    write: (out, priority) => {
      if (priority === 'normal') return;
      const [xPriority, importance] = urgency[priority];
      out.push({ name: 'X-Priority', value: xPriority });
      out.push({ name: 'Importance', value: importance });
    },
    read: readPriority,
  },
  sensitivity: {
    names: ['Sensitivity'],
    write: (out, level) => {
      if (level !== 'normal') out.push({ name: 'Sensitivity', value: secrecy[level] });
    },
    read: (headers) => {
      const text = headers.get('Sensitivity')?.trim().toLowerCase().replace(/\s+/g, '-');
      const levels = Object.keys(secrecy) as Sensitivity[];
      return levels.find((level) => level === text);
    },
  },
  unsubscribe: {
    names: ['List-Unsubscribe', 'List-Unsubscribe-Post'],
    write: (out, way) => {
      out.push(...unsubscribeFields(way));
    },
    read: (headers) => {
      const text = headers.get('List-Unsubscribe');
      return text === undefined
        ? text
        : readUnsubscribe(text, headers.get('List-Unsubscribe-Post'));
    },
  },
  list: {
    names: listHeaders.map(([, name]) => name),
    write: (out, list, o) => {
      out.push(...listFields(list, o));
    },
    read: (headers) => {
      const found = listHeaders.flatMap(([key, name]) => {
        const text = headers.get(name);
        return text === undefined ? [] : [[key, readListValue(key, text)]];
      });
      return found.length === 0 ? undefined : (Object.fromEntries(found) as ListInfo);
    },
  },
};

function readPriority(headers: ParsedHeaders): Priority | undefined {
  const text = ['X-Priority', 'Importance', 'X-MSMail-Priority', 'Priority']
    .map((name) => headers.get(name)?.trim().toLowerCase())
    .find((value) => value !== undefined && value !== '');
  if (text === undefined) return undefined;
  if (/^(?:[12]|high|urgent)/.test(text)) return 'high';
  return /^(?:[45]|low|non-urgent)/.test(text) ? 'low' : 'normal';
}

/** The properties, in the order their fields are written. */
export const headKeys: readonly (keyof HeadValues)[] = Object.keys(
  headCodecs,
) as (keyof HeadValues)[];

/** Adds the fields of one property's value to `out`. */
export function writeHead<Key extends keyof HeadValues>(
  out: HeaderField[],
  key: Key,
  values: HeadValues,
  o: HeaderOptions,
): void {
  const value = values[key];
  if (value !== undefined)
    headCodecs[key].write(out, value as NonNullable<HeadValues[Key]>, o, values);
}

/** The property that writes a header field, by the field's name in lower case. */
export const propertyOfHeader: ReadonlyMap<string, keyof HeadValues> = new Map(
  headKeys.flatMap((key) =>
    headCodecs[key].names.map((name): [string, keyof HeadValues] => [name.toLowerCase(), key]),
  ),
);

const addressKeys = ['from', 'sender', 'replyTo', 'to', 'cc', 'bcc', 'readReceiptTo'] as const;

/** Reads what untyped code put into an address list as text. */
export function settleLists(values: HeadValues): void {
  for (const key of addressKeys) {
    const list = values[key];
    if (list?.some((item) => typeof item !== 'object')) {
      list.splice(0, list.length, ...parseAddressList(list, key));
    }
  }
}

/** The first mailbox of a list, inside a group too. */
export function firstMailbox(list: AddressList | undefined): MailAddress | undefined {
  const first = list?.[0];
  if (first === undefined || !isGroup(first)) return first;
  return mailboxesOf(list ?? [])[0];
}

/** Whether a mailbox that will be written has a name that only a server with SMTPUTF8 takes. */
export function needsUtf8(values: HeadValues): boolean {
  return addressKeys.some((key) => key !== 'bcc' && hasUtf8(values[key]));
}

function hasUtf8(list: AddressList | undefined): boolean {
  if (list === undefined) return false;
  for (const item of list) {
    if (isGroup(item) ? hasUtf8(item.members) : item.needsUtf8) return true;
  }
  return false;
}
