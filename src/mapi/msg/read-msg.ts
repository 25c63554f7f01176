// Reading MSG and OFT files. [MS-OXMSG].
import { FormatError, limits, printable } from '../../base/index.ts';
import { type ByteSource, enforceLimit } from '../../base/internal.ts';
import { AttachMethod } from '../attach-method.ts';
import { type CompoundStorage, readCompoundFile } from '../cfb/compound-file.ts';
import { CompoundWriter } from '../cfb/compound-writer.ts';
import { asNewStorage } from '../cfb/new-storage.ts';
import { MapiAttachment, MapiMessage } from '../mapi-message.ts';
import { MapiRecipient } from '../mapi-recipient.ts';
import { addProblem } from '../problem.ts';
import { WESTERN } from '../property/code-page.ts';
import { MapiProperties } from '../property/mapi-properties.ts';
import { PidTag } from '../property/pid-tag.data.ts';
import { ATTACHMENT, HEAD_BYTES, NAMES, PROPERTIES, RECIPIENT } from './names.ts';
import { ReadContext, type ValueCount } from './read-context.ts';
import { readProperties } from './read-properties.ts';

const OBJECT = '__substg1.0_3701000D';

/** How {@link readMsg} reads. */
export interface ReadMsgOptions {
  /** Messages inside each other, at most. Default: `limits.depth`. */
  readonly depth?: number;
}

/**
 * Reads an Outlook message or template, `.msg` or `.oft` (MS-OXMSG). What is damaged is left out or taken as well as it
 * can be, and listed in `problems`. From a source of a file only what is needed is read: large attachments stay there
 * until their octets are asked for.
 * @throws {FormatError} It is no compound file (`format: 'cfb'`), one of another kind (`'msg'`), or damaged at its root.
 * @throws {LimitError} `depth`: messages are inside each other too deep; `mapiValues`: it has too many properties.
 */
export function readMsg(
  source: Uint8Array | ByteSource,
  options: ReadMsgOptions = {},
): MapiMessage {
  const root = readCompoundFile(source);
  if (!root.contents().streams.some(({ name }) => name === PROPERTIES)) {
    throw new FormatError(
      `This compound file is no Outlook message: it has no stream '${PROPERTIES}'; is it a document of another program?`,
      'msg',
      0,
    );
  }
  return new MessageReader(options.depth ?? limits.depth).read(root);
}

class MessageReader {
  readonly #depth: number;
  readonly #count: ValueCount = { values: 0 };

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Reads a message; `outer` is the one that it is in. */
  read(storage: CompoundStorage, outer?: ReadContext): MapiMessage {
    const depth = outer ? outer.depth + 1 : 0;
    enforceLimit('depth', depth, 'The number of messages inside each other', this.#depth);
    const { storages, streams } = storage.contents();
    // One mapping serves the whole file; some makers of files give each message its own.
    const names = storages.find(({ name }) => name === NAMES) ?? outer?.names;
    const message = new MapiMessage();
    const ansi = outer?.ansi ?? { page: WESTERN, fallback: WESTERN };
    const context = new ReadContext(names, depth, ansi, message.problems, this.#count);
    const headBytes = depth === 0 ? HEAD_BYTES.top : HEAD_BYTES.inside;
    const head = readProperties(streams, headBytes, message.properties, context, '');
    this.#parts(message, storages, context);
    if (head.length < headBytes) return message;
    checkCount(context, 'recipients', message.recipients.length, head.readUInt32LE(16));
    checkCount(context, 'attachments', message.attachments.length, head.readUInt32LE(20));
    return message;
  }

  #parts(message: MapiMessage, storages: readonly CompoundStorage[], context: ReadContext): void {
    for (const storage of storages) {
      const { name } = storage;
      if (name.startsWith(RECIPIENT)) {
        this.#recipient(message, storage, context);
      } else if (name.startsWith(ATTACHMENT)) {
        this.#attachment(message, storage, context);
      } else if (name !== NAMES) tellUnknown(context, storage, '');
    }
  }

  #recipient(message: MapiMessage, storage: CompoundStorage, context: ReadContext): void {
    const path = `recipient ${message.recipients.length}`;
    context.attempt('STRUCTURE_DAMAGED', path, () => {
      const { storages, streams } = storage.contents();
      for (const each of storages) tellUnknown(context, each, path);
      const recipient = new MapiRecipient();
      readProperties(streams, HEAD_BYTES.part, recipient.properties, context, path);
      message.recipients.push(recipient);
    });
  }

  #attachment(message: MapiMessage, storage: CompoundStorage, context: ReadContext): void {
    const path = `attachment ${message.attachments.length}`;
    context.attempt('ATTACHMENT_DAMAGED', path, () => {
      const { storages, streams } = storage.contents();
      const properties = new MapiProperties();
      readProperties(streams, HEAD_BYTES.part, properties, context, path);
      const object = storages.find(({ name }) => name === OBJECT);
      const isOle = properties.get(PidTag.AttachMethod) === AttachMethod.ole;
      const held = object ? this.#object(message, object, isOle, context, path) : {};
      for (const each of storages) if (each !== object) tellUnknown(context, each, path);
      checkObject(context, properties, object, path);
      message.attachments.push(new MapiAttachment(properties, held));
    });
  }

  /** What is in the attachment's storage: a message, or an object of another program. */
  #object(
    outer: MapiMessage,
    storage: CompoundStorage,
    isOle: boolean,
    context: ReadContext,
    path: string,
  ): { message?: MapiMessage; storage?: () => Uint8Array } {
    const contents = context.attempt('ATTACHMENT_DAMAGED', path, () => storage.contents());
    if (contents === undefined) return {};
    if (isOle || !contents.streams.some(({ name }) => name === PROPERTIES)) {
      const tree = context.attempt('ATTACHMENT_DAMAGED', path, () =>
        asNewStorage(storage, 'Root Entry'),
      );
      return tree === undefined ? {} : { storage: () => new CompoundWriter(tree).bytes() };
    }
    const message = this.read(storage, context);
    for (const problem of message.problems) {
      const inner = problem.path === '' ? path : `${path}/${problem.path}`;
      addProblem(outer.problems, { ...problem, path: inner });
    }
    return { message };
  }
}

function tellUnknown(context: ReadContext, { name }: CompoundStorage, path: string): void {
  context.tell(
    'STRUCTURE_DAMAGED',
    `The storage '${printable(name)}' is no part of a message; it was left out`,
    path,
  );
}

/** An attachment that says it holds a message or an object has one, or the octets of one. */
function checkObject(
  context: ReadContext,
  properties: MapiProperties,
  object: CompoundStorage | undefined,
  path: string,
): void {
  const method = properties.get(PidTag.AttachMethod);
  const isObject = method === AttachMethod.embedded || method === AttachMethod.ole;
  if (!isObject || object || properties.has(PidTag.AttachDataBinary)) return;
  context.tell('ATTACHMENT_DAMAGED', 'The message or object that is attached is missing', path);
}

function checkCount(context: ReadContext, what: string, found: number, said: number): void {
  if (found === said) return;
  context.tell('STRUCTURE_DAMAGED', `The file says ${said} ${what} and has ${found}`, '');
}
