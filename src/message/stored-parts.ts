// Parts of a message that was read, in the forms that composed ones have.
import { checkRange, collectPassed } from '../base/internal.ts';
import type { ParsedEntity } from '../mime/index.ts';
import { AlternateView } from './alternate-view.ts';
import type { ContentSource } from './content-source.ts';
import type { Part } from './part.ts';

/** The forms of the text beside plain text and HTML, each with the part that it is. */
export function storedViews(root: ParsedEntity): [ParsedEntity, AlternateView][] {
  if (root.contentType.value !== 'multipart/alternative') return root.parts.flatMap(storedViews);
  return root.parts.flatMap((part): [ParsedEntity, AlternateView][] => {
    if (part.parts.length > 0) return storedViews(part);
    const { type, value } = part.contentType;
    const isOther = value !== 'text/plain' && value !== 'text/html' && type !== 'multipart';
    return isOther ? [[part, storedView(part)]] : [];
  });
}

function storedView(part: ParsedEntity): AlternateView {
  const { type, value, parameters } = part.contentType;
  if (type !== 'text') return new AlternateView(part.content(), { type: value, parameters });
  // The text is decoded, so the charset it came in is gone.
  const decoded = new Map([...parameters].filter(([name]) => name !== 'charset'));
  return new AlternateView(part.text(), { type: value, parameters: decoded });
}

/** A part that was read, in the form of one that is composed. */
export function storedPart(entity: ParsedEntity): Part {
  const { contentType, disposition, filename, cid, headers } = entity;
  const { value, parameters } = contentType;
  const shown = disposition?.value;
  return {
    type: { type: value, parameters },
    filename,
    // RFC 2183 section 2.8: a disposition that is not known is an attachment.
    disposition: shown === undefined || shown === 'inline' ? shown : 'attachment',
    cid,
    description: headers.get('Content-Description'),
    source: new StoredSource(entity),
  };
}

/** Encodings that change nothing (RFC 2045 section 6.2). */
const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary']);

/** Content that is decoded when it is first asked for. */
class StoredSource implements ContentSource {
  /** A message in a file is read before it is attached: as a stream it would have to go out in base64. */
  readonly needsPreparing: boolean;
  readonly #entity: ParsedEntity;
  #bytes: Uint8Array | undefined;

  constructor(entity: ParsedEntity) {
    this.#entity = entity;
    this.needsPreparing =
      entity.source.bytes === undefined && entity.contentType.value === 'message/rfc822';
  }

  /** Of a message that is not in memory: `undefined`, since nobody knows whether the content fits there. */
  get bytes(): Uint8Array | undefined {
    if (this.#entity.source.bytes) this.#bytes ??= this.#entity.content();
    return this.#bytes;
  }

  get size(): number | undefined {
    const { encoding, rawSize } = this.#entity;
    return IDENTITY.has(encoding) ? rawSize : this.bytes?.length;
  }

  prepare(): undefined {}

  open(): AsyncIterable<Uint8Array> {
    return this.#entity.stream();
  }

  pass(): AsyncIterable<Uint8Array> {
    return this.#entity.pass();
  }

  async whole(): Promise<Uint8Array> {
    const { rawSize } = this.#entity;
    checkRange(0, rawSize);
    return await collectPassed(this.#entity.pass(), rawSize);
  }
}
