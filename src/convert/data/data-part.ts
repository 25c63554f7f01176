// The part of a message that is data of one kind: its calendar, its contacts.
import { InvalidMessageError } from '../../base/index.ts';
import { utf8Bytes } from '../../base/internal.ts';
import { decodeCharset } from '../../codec/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { Note } from '../loss.ts';

/** What a kind of data is known by. */
export interface DataKind {
  /** In words, with its article, such as `'a calendar'`. */
  readonly name: string;
  /** Media types, the best first. */
  readonly types: readonly string[];
  /** The extension of file names, with its dot. */
  readonly extension: string;
}

interface Found {
  readonly content: string | Uint8Array;
  readonly charset: string | undefined;
}

/** The data in UTF-8, as it stands in the message. @throws {@link InvalidMessageError} The message holds none. */
export async function dataOf(
  message: MailMessage,
  kind: DataKind,
  note: Note,
): Promise<Uint8Array> {
  const found = await findData(message, kind);
  const [first] = found;
  if (first === undefined) {
    throw new InvalidMessageError(
      'MESSAGE_NOT_CONVERTIBLE',
      `The message holds no part that is ${kind.name}; choose another format, such as eml`,
    );
  }
  if (found.length > 1) {
    note('components-lost', `The message holds ${found.length} such parts; the first was taken`);
  }
  note('headers-lost', `Only ${kind.name} was taken out of the message`);
  const { content, charset } = first;
  // Text of a message has no CR before its LF; calendars and cards have (RFC 5545 and RFC 6350, sections 3.1 and 3.2).
  if (typeof content === 'string') return utf8Bytes(content.replace(/\r?\n/g, '\r\n'));
  return charset === undefined ? content : utf8Bytes(decodeCharset(content, charset).text);
}

/** Every part of that kind: what is shown in the place of the text first. */
async function findData(
  { alternateViews, attachments }: MailMessage,
  { types, extension }: DataKind,
): Promise<Found[]> {
  const views = alternateViews.filter(({ contentType }) => types.includes(contentType));
  const files = attachments
    .filter(
      (file) =>
        types.includes(file.contentType) || file.filename?.toLowerCase().endsWith(extension),
    )
    .sort((a, b) => rank(types, a.contentType) - rank(types, b.contentType));
  if (views.length > 0) {
    return views.map(({ content, contentTypeParameters }) => ({
      content,
      charset: contentTypeParameters.get('charset'),
    }));
  }
  return await Promise.all(
    files.map(async (file) => ({
      content: await file.bytes(),
      charset: file.contentTypeParameters.get('charset'),
    })),
  );
}

const rank = (types: readonly string[], type: string): number => {
  const index = types.indexOf(type);
  return index < 0 ? types.length : index;
};
