// Messages as JSON, for programs: everything that stands in one, typed, and read back.
import { FormatError } from '../../base/index.ts';
import { latin1, utf8Bytes } from '../../base/internal.ts';
import { encodeBase64 } from '../../codec/index.ts';
import type { AlternateView, Attachment, MailMessage } from '../../message/index.ts';
import { isGroup } from '../../mime/internal.ts';
import type { FormatDriver } from '../format-driver.ts';
import { divideHeader, writtenHeader } from '../header-block.ts';
import { noteSignature } from '../header-losses.ts';
import { partsOf } from '../message-parts.ts';
import { wholeFile } from '../whole-file.ts';
import type { JsonAddress, JsonPart, MessageJson } from './message-json.ts';
import { readJson } from './read-json.ts';

/** JSON files. */
export const json: FormatDriver = {
  async read(source, { reading }) {
    const text = new TextDecoder().decode(wholeFile(source));
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new FormatError(`This is not JSON: ${String(cause)}; look at the file`, 'json', 0, {
        cause,
      });
    }
    return await readJson(value, reading);
  },

  async *write(message, { note }) {
    noteSignature(message, note);
    const { linked, files, views } = partsOf(message);
    const head = JSON.stringify(await headOf(message), undefined, 2);
    // One part at a time: not all of a large message is made a string.
    yield utf8Bytes(`${head.slice(0, -2)},\n  "attachments": [`);
    yield* list(files, attachmentJson);
    yield utf8Bytes('],\n  "linkedResources": [');
    yield* list(linked, attachmentJson);
    yield utf8Bytes('],\n  "alternateViews": [');
    yield* list(views, viewJson);
    yield utf8Bytes(']\n}\n');
  },
};

async function* list<T>(
  items: readonly T[],
  toJson: (item: T) => Promise<JsonPart> | JsonPart,
): AsyncGenerator<Uint8Array> {
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(await toJson(item), undefined, 2).replaceAll('\n', '\n    ');
    yield utf8Bytes(`${index === 0 ? '' : ','}\n    ${text}`);
  }
  if (items.length > 0) yield utf8Bytes('\n  ');
}

type Lists = 'attachments' | 'linkedResources' | 'alternateViews';

async function headOf(message: MailMessage): Promise<Omit<MessageJson, Lists>> {
  const { from, sender, replyTo, to, cc, bcc, subject, date, messageId, text, html } = message;
  const header = divideHeader(await writtenHeader(message)).message;
  return {
    posthorn: 1,
    from: from.map(addressJson),
    ...(sender && { sender: addressJson(sender) }),
    replyTo: replyTo.map(addressJson),
    to: to.map(addressJson),
    cc: cc.map(addressJson),
    bcc: bcc.map(addressJson),
    subject,
    ...(date && { date: date.toISOString() }),
    ...(messageId && { messageId }),
    headers: [...message.headers].map(([name, value]) => ({ name, value })),
    rawHeader: latin1(header),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
  };
}

function addressJson(entry: MailMessage['from'][number]): JsonAddress {
  if (!isGroup(entry)) return { name: entry.name, address: entry.address };
  const members = entry.members.map(({ name, address }) => ({ name, address }));
  return { name: entry.name, members };
}

async function attachmentJson(part: Attachment): Promise<JsonPart> {
  const { filename, contentType, contentTypeParameters, disposition, cid, description } = part;
  return {
    ...(filename !== undefined && { filename }),
    contentType,
    contentTypeParameters: Object.fromEntries(contentTypeParameters),
    ...(disposition && { disposition }),
    ...(cid !== undefined && { cid }),
    ...(description !== undefined && { description }),
    content: encodeBase64(await part.bytes()),
  };
}

function viewJson({ content, contentType, contentTypeParameters }: AlternateView): JsonPart {
  const bytes = typeof content === 'string' ? utf8Bytes(content) : content;
  return {
    contentType,
    contentTypeParameters: Object.fromEntries(contentTypeParameters),
    content: encodeBase64(bytes),
  };
}
