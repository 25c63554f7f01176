import type { MailAddress } from '../../mime/index.ts';
import type { ReceivedMail } from '../received-mail.ts';
import { snippetOf } from '../snippet.ts';
import type {
  AddressJson,
  AttachmentJson,
  HeaderJson,
  MessageDetailJson,
  MessageSummaryJson,
  PartJson,
  RecipientJson,
} from './api-types.ts';
import { type PlacedPart, partsOf } from './parts.ts';

const SUMMARY_ADDRESSES = 20;
const DETAIL_ENTRIES = 1_000;
const VALUE_CHARS = 16_384;
const TEXT_CHARS = 1_048_576;

/** Where the API keeps this message. */
export function pathOf(mail: ReceivedMail): string {
  return `/api/v1/messages/${mail.id}`;
}

// The list asks for the same lines again and again; only `read` changes.
const summaries = new WeakMap<ReceivedMail, MessageSummaryJson>();

/** A message as the list shows it. */
export function summaryOf(mail: ReceivedMail): MessageSummaryJson {
  let summary = summaries.get(mail);
  if (!summary) {
    summary = {
      id: mail.id,
      receivedAt: mail.receivedAt.toISOString(),
      size: mail.size,
      subject: mail.subject.slice(0, VALUE_CHARS),
      from: mail.from.slice(0, SUMMARY_ADDRESSES).map(addressOf),
      to: mail.to.slice(0, SUMMARY_ADDRESSES).map(addressOf),
      envelopeFrom: mail.envelope.from,
      recipients: mail.envelope.to.slice(0, SUMMARY_ADDRESSES),
      recipientCount: mail.envelope.to.length,
      snippet: snippetOf(mail.text, mail.html),
      attachmentCount: mail.files.length,
      read: mail.read,
    };
    summaries.set(mail, summary);
  }
  return { ...summary, read: mail.read };
}

/** A message as the reader shows it. */
export function detailOf(mail: ReceivedMail): MessageDetailJson {
  const truncated: string[] = [];
  const some = <T>(name: string, all: readonly T[], max = DETAIL_ENTRIES): readonly T[] => {
    if (all.length <= max) return all;
    truncated.push(name);
    return all.slice(0, max);
  };
  const parts = partsOf(mail.root);
  const { text, html, session } = mail;
  if (text !== undefined && text.length > TEXT_CHARS) truncated.push('text');
  return {
    ...summaryOf(mail),
    cc: some('cc', mail.cc).map(addressOf),
    to: some('to', mail.to).map(addressOf),
    replyTo: some('replyTo', mail.replyTo).map(addressOf),
    date: mail.date?.toISOString() ?? null,
    messageId: mail.messageId ?? null,
    deliveredTo: some('deliveredTo', deliveredTo(mail)),
    session: {
      clientName: session.clientName,
      remoteAddress: session.remoteAddress,
      username: session.username ?? null,
      encrypted: session.encrypted,
    },
    text: text?.slice(0, TEXT_CHARS) ?? null,
    htmlUrl: html === undefined ? null : `${pathOf(mail)}/html`,
    rawUrl: `${pathOf(mail)}/raw`,
    headers: some('headers', headersOf(mail)),
    attachments: some('attachments', attachmentsOf(mail, parts)),
    parts: some('parts', parts).map(partOf),
    problems: some('problems', mail.problems).map(({ code, message, line }) => ({
      code,
      message,
      line,
    })),
    truncated,
  };
}

function addressOf({ name, address }: MailAddress): AddressJson {
  return { name, address };
}

function deliveredTo(mail: ReceivedMail): RecipientJson[] {
  const named = (list: readonly MailAddress[]): Set<string> =>
    new Set(list.map(({ address }) => address.toLowerCase()));
  const to = named(mail.to);
  const cc = named(mail.cc);
  return mail.envelope.to.map((address) => {
    const key = address.toLowerCase();
    return { address, field: to.has(key) ? 'to' : cc.has(key) ? 'cc' : 'bcc' };
  });
}

function headersOf(mail: ReceivedMail): HeaderJson[] {
  const decoded = new Map<string, string[]>();
  return mail.headers.fields.map(({ name }) => {
    const key = name.toLowerCase();
    const values = decoded.get(key) ?? mail.headers.getAll(name).reverse();
    decoded.set(key, values);
    return { name, value: (values.pop() ?? '').slice(0, VALUE_CHARS) };
  });
}

function attachmentsOf(mail: ReceivedMail, parts: readonly PlacedPart[]): AttachmentJson[] {
  const places = new Map(parts.map(({ entity }, index) => [entity, index]));
  return mail.files.flatMap((entity) => {
    const index = places.get(entity);
    if (index === undefined) return [];
    return [
      {
        index,
        filename: entity.filename ?? null,
        contentType: entity.contentType.value,
        cid: entity.cid ?? null,
        size: entity.content().length,
        url: `${pathOf(mail)}/parts/${index}`,
      },
    ];
  });
}

function partOf({ entity, depth }: PlacedPart, index: number): PartJson {
  return {
    index,
    depth,
    contentType: entity.contentType.value,
    charset: entity.contentType.parameters.get('charset') ?? null,
    encoding: entity.encoding,
    disposition: entity.disposition?.value ?? null,
    filename: entity.filename ?? null,
    cid: entity.cid ?? null,
    size: entity.raw.length,
    container: entity.parts.length > 0,
  };
}
