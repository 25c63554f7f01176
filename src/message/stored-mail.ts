// A message that was read: where it is stored, and the tree over it.
import { OptionError } from '../base/index.ts';
import { type ByteSource, utf8Bytes } from '../base/internal.ts';
import {
  type MessageBodies,
  messageBodies,
  type ParsedEntity,
  type ParseOptions,
  parseEntity,
  readEntity,
} from '../mime/index.ts';
import { refuseOtherFormats, refuseOtherFormatsIn } from './detect-format.ts';
import { kindOf } from './field-checks.ts';
import type { MessageFormat } from './message-format.ts';
import { type SourceFacts, sourceFacts } from './wire-facts.ts';

/** A message where it is stored, and what was read from it. */
export class StoredMail {
  readonly root: ParsedEntity;
  /** What a server has to know of any range of it. */
  readonly facts: SourceFacts;
  /** The mail in which this one was packed (TNEF) and in whose place it is shown. */
  readonly carrier: StoredMail | undefined;
  #bodies: MessageBodies | undefined;

  constructor(root: ParsedEntity, carrier?: StoredMail) {
    this.root = root;
    this.carrier = carrier;
    this.facts = sourceFacts(root.source);
  }

  /**
   * Reads a message that is not in memory, by its ranges; `said` is the format that the caller knows it to have.
   *
   * @throws {@link FormatError} It is of another format.
   */
  static async read(
    source: ByteSource,
    options?: ParseOptions,
    said?: MessageFormat,
  ): Promise<StoredMail> {
    await refuseOtherFormatsIn(source, said);
    return new StoredMail(await readEntity(source, options));
  }

  /** The same for bytes. @throws {@link FormatError} They are a file of another format. */
  static parse(
    source: Uint8Array | string,
    options?: ParseOptions,
    said?: MessageFormat,
  ): StoredMail {
    if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
      throw new OptionError(
        'source',
        `A message is parsed from bytes or text, not ${kindOf(source)}; use MailMessage.load(…) for streams and files`,
      );
    }
    const bytes = typeof source === 'string' ? utf8Bytes(source) : source;
    refuseOtherFormats(bytes, said);
    return new StoredMail(parseEntity(bytes, options));
  }

  /** Counts what `facts` tell, when that takes reading a file. */
  measure(): Promise<void> | undefined {
    return this.root.source.bytes ? undefined : this.facts.measure();
  }

  /** The text parts and all others. */
  get bodies(): MessageBodies {
    this.#bodies ??= messageBodies(this.root);
    return this.#bodies;
  }
}
