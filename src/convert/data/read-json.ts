// A message from JSON, which anybody may have written: every member is looked at before it is used.
import { FormatError } from '../../base/index.ts';
import { latin1Bytes } from '../../base/internal.ts';
import { decodeBase64 } from '../../codec/index.ts';
import { AlternateView, type AttachmentOptions, MailMessage } from '../../message/index.ts';
import { kindOf } from '../../message/internal.ts';
import { MailAddress, MailGroup, type ParseOptions } from '../../mime/index.ts';
import { contentTypeText } from '../content-type-text.ts';
import { divideHeader } from '../header-block.ts';
import { type MessageContent, rebuildMessage } from '../rebuild-message.ts';

type Json = Readonly<Record<string, unknown>>;

/** The message that a value of JSON stands for. @throws {@link FormatError} A member is not what it has to be. */
export async function readJson(value: unknown, reading: ParseOptions): Promise<MailMessage> {
  const given = object(value, 'the message');
  const content: MessageContent = {
    text: text(given, 'text'),
    html: text(given, 'html'),
    attachments: listOf(given, 'attachments').map(part),
    linkedResources: listOf(given, 'linkedResources').map(part),
    alternateViews: listOf(given, 'alternateViews').map(view),
  };
  const header = text(given, 'rawHeader');
  if (header !== undefined) {
    const { message } = divideHeader(latin1Bytes(header));
    return await rebuildMessage(message, content, reading);
  }
  const [sender] = given['sender'] === undefined ? [] : [address(given['sender'], 'sender')];
  return new MailMessage({
    ...content,
    from: addresses(given, 'from'),
    ...(sender && { sender }),
    replyTo: addresses(given, 'replyTo'),
    to: addresses(given, 'to'),
    cc: addresses(given, 'cc'),
    bcc: addresses(given, 'bcc'),
    subject: text(given, 'subject'),
    messageId: text(given, 'messageId'),
    date: date(text(given, 'date')),
  });
}

function wrong(what: string, wanted: string, value: unknown): FormatError {
  return new FormatError(
    `This is not a message in JSON: ${what} must be ${wanted}, got ${kindOf(value)}`,
    'json',
    0,
  );
}

function object(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(what, 'an object', value);
}

function text(given: Json, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(`'${name}'`, 'a string', value);
}

function listOf(given: Json, name: string): Json[] {
  const value = given[name] ?? [];
  if (!Array.isArray(value)) throw wrong(`'${name}'`, 'an array', value);
  return value.map((item) => object(item, `each of '${name}'`));
}

function addresses(given: Json, name: string): (MailAddress | MailGroup)[] {
  return listOf(given, name).map((item) => address(item, name));
}

function address(value: unknown, what: string): MailAddress | MailGroup {
  const given = object(value, `'${what}'`);
  const name = text(given, 'name') ?? '';
  if (given['members'] === undefined) return new MailAddress(text(given, 'address') ?? '', name);
  const members = listOf(given, 'members').map(
    (member) => new MailAddress(text(member, 'address') ?? '', text(member, 'name') ?? ''),
  );
  return new MailGroup(name, members);
}

function date(value: string | undefined): Date | undefined {
  if (value === undefined) return undefined;
  const found = new Date(value);
  if (!Number.isNaN(found.getTime())) return found;
  throw wrong("'date'", 'a date of ISO 8601', value);
}

function part(given: Json): AttachmentOptions {
  const disposition = text(given, 'disposition');
  return {
    content: decodeBase64(latin1Bytes(text(given, 'content') ?? '')),
    contentType: typeOf(given),
    filename: text(given, 'filename'),
    cid: text(given, 'cid'),
    description: text(given, 'description'),
    ...(disposition !== undefined && {
      disposition: disposition === 'inline' ? 'inline' : 'attachment',
    }),
  };
}

function view(given: Json): AlternateView {
  const content = decodeBase64(latin1Bytes(text(given, 'content') ?? ''));
  const type = typeOf(given);
  return new AlternateView(
    type.startsWith('text/') ? new TextDecoder().decode(content) : content,
    type,
  );
}

function typeOf(given: Json): string {
  const parameters = object(given['contentTypeParameters'] ?? {}, "'contentTypeParameters'");
  const pairs = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  return contentTypeText(text(given, 'contentType') ?? '', pairs);
}
