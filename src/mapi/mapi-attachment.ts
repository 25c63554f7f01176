// One attachment of a message: a bag of properties, and what hangs on it.
import type { ByteSource } from '../base/internal.ts';
import type { MapiMessage } from './mapi-message.ts';
import { MapiProperties } from './property/mapi-properties.ts';
import { PidTag } from './property/pid-tag.data.ts';

/** How an attachment is kept (PidTagAttachMethod, MS-OXCMSG section 2.2.2.9). */
export const AttachMethod = {
  /** Nothing attached yet. */
  none: 0,
  /** A file's octets. */
  byValue: 1,
  /** A path that everybody who reads it can open. */
  byReference: 2,
  /** A path that has to be resolved. */
  byReferenceResolve: 3,
  /** Only a path. */
  byReferenceOnly: 4,
  /** A message inside. */
  embedded: 5,
  /** An object (OLE) in a storage. */
  ole: 6,
  /** A link to a file on the web. */
  byWebReference: 7,
} as const;

/** One attachment of a message: a file, another message, or an embedded object. */
export class MapiAttachment {
  /** The properties of the attachment. */
  readonly properties: MapiProperties;
  /** The attached message, when it is one. */
  readonly message: MapiMessage | undefined;
  readonly #storage: Uint8Array | (() => Uint8Array) | undefined;

  /** Use `file`, `embedded` or `object`. */
  constructor(
    properties: MapiProperties = new MapiProperties(),
    held: { message?: MapiMessage; storage?: Uint8Array | (() => Uint8Array) } = {},
  ) {
    this.properties = properties;
    this.message = held.message;
    this.#storage = held.storage;
  }

  /** A file. Its octets may stay in a source until they are written. */
  static file(fileName: string, content: Uint8Array | ByteSource): MapiAttachment {
    const attachment = new MapiAttachment();
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.byValue)
      .set(PidTag.AttachDataBinary, content)
      .set(PidTag.AttachLongFilename, fileName)
      .set(PidTag.DisplayName, fileName)
      .set(PidTag.RenderingPosition, -1);
    const extension = /\.[^.\\/]+$/.exec(fileName)?.[0];
    if (extension !== undefined) attachment.properties.set(PidTag.AttachExtension, extension);
    return attachment;
  }

  /** A message inside a message. */
  static embedded(message: MapiMessage): MapiAttachment {
    const attachment = new MapiAttachment(new MapiProperties(), { message });
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.embedded)
      .set(PidTag.DisplayName, message.subject)
      .set(PidTag.RenderingPosition, -1);
    return attachment;
  }

  /** An object (OLE): a whole compound file, as `storage` gives it. */
  static object(storage: Uint8Array, displayName: string): MapiAttachment {
    const attachment = new MapiAttachment(new MapiProperties(), { storage });
    attachment.properties
      .set(PidTag.AttachMethod, AttachMethod.ole)
      .set(PidTag.DisplayName, displayName)
      .set(PidTag.RenderingPosition, -1);
    return attachment;
  }

  /** How it is kept; see {@link AttachMethod}. */
  get method(): number {
    return this.properties.get(PidTag.AttachMethod) ?? this.#heldAs();
  }

  #heldAs(): number {
    if (this.message) return AttachMethod.embedded;
    return this.#storage ? AttachMethod.ole : AttachMethod.byValue;
  }

  /** The long file name, else the one of eight and three letters, else the name to show; `''` when there is none. */
  get fileName(): string {
    const { properties } = this;
    return (
      properties.get(PidTag.AttachLongFilename) ||
      properties.get(PidTag.AttachFilename) ||
      properties.get(PidTag.DisplayName) ||
      ''
    );
  }

  /** Octets of the file; 0 when there is none. */
  get size(): number {
    return this.source()?.size ?? 0;
  }

  /**
   * The file's octets; empty when it is no file.
   * @throws {LimitError} `rangeBytes`: they are too many for one array; see `source`.
   */
  bytes(): Uint8Array {
    return this.properties.get(PidTag.AttachDataBinary) ?? new Uint8Array(0);
  }

  /** The file's octets where they are, to be read piece by piece; `undefined` when it is no file. */
  source(): ByteSource | undefined {
    return this.properties.source(PidTag.AttachDataBinary);
  }

  /**
   * The embedded object (OLE) as a whole compound file; `undefined` when it is none.
   * @throws {FormatError} The object's streams are damaged.
   */
  get storage(): Uint8Array | undefined {
    return typeof this.#storage === 'function' ? this.#storage() : this.#storage;
  }
}
