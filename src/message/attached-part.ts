// What every attachment says of itself. The message that one may be is added in mail-message.ts, since messages hold
// attachments.
import { collectBytes } from '../base/internal.ts';
import { webStream } from './files.ts';
import type { Disposition, Part } from './part.ts';

/** A part that is not the message's text, as its readers see it. Immutable. */
export class AttachedPart {
  /** @internal */
  readonly part: Part;

  /** @internal */
  constructor(part: Part) {
    this.part = part;
  }

  /** The file name as the sender wrote it, not safe as a path; `undefined` when there is none. */
  get filename(): string | undefined {
    return this.part.filename;
  }

  /** The media type in lower case, without parameters. */
  get contentType(): string {
    return this.part.type.type;
  }

  /** The media type's parameters, names in lower case. */
  get contentTypeParameters(): ReadonlyMap<string, string> {
    return this.part.type.parameters;
  }

  /** How it is to be shown; `undefined` when nothing is said: then by the list it is in, or the reader's choice. */
  get disposition(): Disposition | undefined {
    return this.part.disposition;
  }

  /** The Content-ID without angle brackets. */
  get cid(): string | undefined {
    return this.part.cid;
  }

  /** What it is, in words. */
  get description(): string | undefined {
    return this.part.description;
  }

  /** Octets of the decoded content, when known: of a file after it was first looked at. */
  get size(): number | undefined {
    return this.part.source.size;
  }

  /**
   * The decoded content. A stream that the caller gave is used up by it.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_ATTACHMENT_UNREADABLE`: the file can't be read, the stream was
   * read before; `MESSAGE_CONTENT_FAILED`: reading failed midway.
   */
  async bytes(): Promise<Uint8Array> {
    const { source } = this.part;
    await source.prepare();
    return source.bytes ?? (await (source.whole?.() ?? collectBytes(source.open())));
  }

  /** The decoded content as it is read; fails as `bytes` does. */
  stream(): ReadableStream<Uint8Array> {
    return webStream(() => readSourceOf(this.part));
  }
}

async function* readSourceOf({ source }: Part): AsyncGenerator<Uint8Array> {
  await source.prepare();
  if (source.bytes === undefined) yield* source.open();
  else yield source.bytes;
}
