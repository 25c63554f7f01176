// Writing MSG and OFT files. [MS-OXMSG].
import { Buffer } from 'node:buffer';
import { OptionError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { readCompoundFile } from '../cfb/compound-file.ts';
import { CompoundWriter } from '../cfb/compound-writer.ts';
import { asNewStorage, type NewStorage } from '../cfb/new-storage.ts';
import type { MapiAttachment, MapiMessage } from '../mapi-message.ts';
import type { MapiProblem } from '../problem.ts';
import { isCodePage, UTF_8_PAGE } from '../property/code-page.ts';
import type { MapiProperties } from '../property/mapi-properties.ts';
import { NameMapping } from './name-mapping.ts';
import {
  ATTACHMENT,
  HEAD_BYTES,
  hex8,
  MESSAGE_CLASS_ID,
  MOST_PARTS,
  RECIPIENT,
  TEMPLATE_CLASS_ID,
  valueName,
} from './names.ts';
import {
  attachmentProperties,
  messageProperties,
  recipientProperties,
} from './needed-properties.ts';
import { UNICODE, WriteContext } from './write-context.ts';
import { ObjectKind, PropertyWriter } from './write-properties.ts';

const OBJECT = valueName(0x3701_000d);

/** How {@link writeMsg} and {@link streamMsg} write. */
export interface WriteMsgOptions {
  /** A template (`.oft`) instead of a message (`.msg`). Default: `false`. */
  readonly template?: boolean;
  /** How text is written: `'ansi'` is for programs from before Outlook 2003. Default: `'unicode'`. */
  readonly encoding?: 'unicode' | 'ansi';
  /**
   * The Windows code page of `'ansi'` text, such as 1251 or 932. Default: for each message the one its properties say,
   * else 1252.
   */
  readonly codePage?: number;
  /** Hears what can't be written as it is: characters that the code page has not, properties without a name, too many recipients. */
  readonly onProblem?: (problem: MapiProblem) => void;
}

/**
 * Writes an Outlook message, `.msg` or `.oft` (MS-OXMSG), with its recipients, attachments, the messages inside it and
 * its named properties. What every file has to say (counts, numbers of recipients and attachments, PidTagStoreSupportMask,
 * PidTagMessageFlags …) is filled in when the message does not; the message is not changed.
 * @throws {OptionError} `codePage`: it is not known here, or `encoding` is not `'ansi'`.
 * @throws {LimitError} `depth`, `compoundBytes`, `mapiNames`: it is more than a file can hold.
 * @throws {FormatError} The `storage` of an attachment is no compound file.
 */
export function writeMsg(message: MapiMessage, options: WriteMsgOptions = {}): Uint8Array {
  return new CompoundWriter(rootOf(message, options)).bytes();
}

/**
 * As {@link writeMsg}, piece by piece: octets of attachments that are sources are read while they are written, in memory
 * that does not grow with them. Throws at once, or while it is read what the sources throw.
 */
export function streamMsg(
  message: MapiMessage,
  options: WriteMsgOptions = {},
): AsyncIterable<Uint8Array> {
  return new CompoundWriter(rootOf(message, options)).stream();
}

function rootOf(message: MapiMessage, options: WriteMsgOptions): NewStorage {
  const { template = false, encoding = 'unicode', codePage } = options;
  if (codePage !== undefined) checkCodePage(codePage, encoding);
  const writer = new MessageWriter(options);
  const children = writer.children(message, 0, '');
  children.push(writer.names.storage());
  const classId = template ? TEMPLATE_CLASS_ID : MESSAGE_CLASS_ID;
  return { name: 'Root Entry', classId, children };
}

function checkCodePage(page: number, encoding: string): void {
  if (encoding !== 'ansi') {
    throw new OptionError(
      'codePage',
      `Option 'codePage' is for encoding 'ansi', not '${encoding}'`,
    );
  }
  if (page === UTF_8_PAGE || !isCodePage(page)) {
    throw new OptionError(
      'codePage',
      `Option 'codePage' must be the number of a Windows code page such as 1252 or 932, got ${page}`,
    );
  }
}

class MessageWriter {
  /** The names of all messages written so far. */
  readonly names: NameMapping = new NameMapping();
  readonly #options: WriteMsgOptions;

  constructor(options: WriteMsgOptions) {
    this.#options = options;
  }

  /** What is in the storage of a message. */
  children(message: MapiMessage, depth: number, path: string): NewStorage['children'][number][] {
    enforceLimit('depth', depth, 'The number of messages inside each other');
    const codePage = this.#codePageOf(message);
    const context = (within: string): WriteContext =>
      new WriteContext(this.names, codePage, joined(path, within), this.#tell);
    const { recipients, attachments } = message;
    const own = messageProperties(message, codePage);
    this.#checkCount('recipients', recipients.length, path);
    this.#checkCount('attachments', attachments.length, path);
    const head = headOf(depth, recipients.length, attachments.length);
    return [
      ...this.#part(own, head, context('')),
      ...recipientProperties(recipients).map((properties, index) => ({
        name: RECIPIENT + hex8(index),
        children: this.#part(properties, partHead(), context(`recipient ${index}`)),
      })),
      ...attachmentProperties(attachments).map((properties, index) => {
        const within = `attachment ${index}`;
        const attachment = attachments[index];
        return {
          name: ATTACHMENT + hex8(index),
          children: this.#attachment(
            attachment,
            properties,
            context(within),
            depth,
            joined(path, within),
          ),
        };
      }),
    ];
  }

  #checkCount(what: string, count: number, path: string): void {
    if (count <= MOST_PARTS) return;
    const message = `${count} ${what} are more than the ${MOST_PARTS} that the format foresees; all are written, other programs may stop before the last`;
    this.#tell({ code: 'TOO_MANY', message, path });
  }

  #tell = (problem: MapiProblem): void => this.#options.onProblem?.(problem);

  #codePageOf(message: MapiMessage): number | typeof UNICODE {
    const { encoding = 'unicode', codePage = message.codePage } = this.#options;
    return encoding === 'unicode' ? UNICODE : codePage;
  }

  #part(
    properties: MapiProperties,
    head: Buffer,
    context: WriteContext,
  ): NewStorage['children'][number][] {
    const writer = new PropertyWriter(head, properties.size, context);
    for (const property of properties) writer.add(property);
    return writer.finish();
  }

  #attachment(
    attachment: MapiAttachment | undefined,
    properties: MapiProperties,
    context: WriteContext,
    depth: number,
    path: string,
  ): NewStorage['children'][number][] {
    const writer = new PropertyWriter(partHead(), properties.size + 1, context);
    for (const property of properties) writer.add(property);
    const { message, storage } = attachment ?? {};
    if (message) {
      writer.addObject(ObjectKind.message);
      return [
        ...writer.finish(),
        { name: OBJECT, children: this.children(message, depth + 1, path) },
      ];
    }
    if (storage) {
      writer.addObject(ObjectKind.storage);
      const root = readCompoundFile(storage);
      return [...writer.finish(), asNewStorage(root, OBJECT)];
    }
    return writer.finish();
  }
}

function joined(path: string, within: string): string {
  return path === '' || within === '' ? path + within : `${path}/${within}`;
}

/** What stands before the properties of a message (MS-OXMSG sections 2.4.1.1 and 2.4.1.2). */
function headOf(depth: number, recipients: number, attachments: number): Buffer {
  const head = Buffer.alloc(depth === 0 ? HEAD_BYTES.top : HEAD_BYTES.inside);
  head.writeUInt32LE(recipients, 8);
  head.writeUInt32LE(attachments, 12);
  head.writeUInt32LE(recipients, 16);
  head.writeUInt32LE(attachments, 20);
  return head;
}

function partHead(): Buffer {
  return Buffer.alloc(HEAD_BYTES.part);
}
