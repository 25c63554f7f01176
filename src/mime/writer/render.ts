// From a tree of entities to the octets of a message (RFC 2045, 2046, 5322). One walk, top down; the
// header of a multipart is filled in after its parts, for its encoding follows from theirs.
import { Buffer } from 'node:buffer';
import { InvalidMessageError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { type HeaderField, headerError, writeHeaderLines } from '../fields/header-field.ts';
import { checkBoundary, checkContent, checkEmbedded } from './boundary.ts';
import { encodeLeaf, type LeafBody } from './encode-leaf.ts';
import type { Entity, MultipartBody, Rendered, RenderOptions } from './entity.ts';
import type { TransferEncoding } from './leaf-encoding.ts';
import { endsInCrlf } from './line-ends.ts';
import { type Piece, RenderedMessage } from './rendered-message.ts';

/**
 * Writes a message. Nothing is read from streams before `chunks()` is.
 *
 * @throws {@link InvalidMessageError} `MESSAGE_HEADER_INVALID`: a header cannot be written;
 * `MESSAGE_FIELD_INVALID`: a boundary or an empty multipart.
 * @throws {@link LimitError} Parts deeper than `limits.depth` or more than `limits.parts`.
 */
export function render(entity: Entity, options: RenderOptions = {}): Rendered {
  const writer = new EntityWriter(options.eightBit ?? false, options.utf8 ?? false);
  return writer.write(entity);
}

class EntityWriter {
  readonly #eightBit: boolean;
  readonly #headerOptions: { readonly utf8: boolean };
  readonly #pieces: Piece[] = [];
  readonly #boundaries: string[] = [];
  #parts = 0;
  #hasEightBit = false;
  #hasUtf8 = false;

  constructor(eightBit: boolean, utf8: boolean) {
    this.#eightBit = eightBit;
    this.#headerOptions = { utf8 };
  }

  write(entity: Entity): Rendered {
    this.#entity(entity);
    const last = this.#pieces.at(-1) ?? '';
    const isComplete =
      typeof last === 'string' || last instanceof Uint8Array ? endsInCrlf(last) : false;
    if (!isComplete) this.#pieces.push('\r\n');
    return new RenderedMessage(this.#pieces, {
      eightBit: this.#hasEightBit || this.#hasUtf8,
      utf8: this.#hasUtf8,
    });
  }

  /** Writes the entity, without a CRLF at its end; says whether its body holds octets over 0x7F. */
  #entity(entity: Entity): boolean {
    this.#parts += 1;
    enforceLimit('parts', this.#parts, 'The number of parts');
    const fields = entity.fields(this.#headerOptions);
    const { body } = entity;
    return body.kind === 'multipart' ? this.#multipart(fields, body) : this.#leaf(fields, body);
  }

  #leaf(fields: readonly HeaderField[], body: LeafBody): boolean {
    const { encoding, content } = encodeLeaf(body, fields, this.#eightBit);
    if (isPlain(encoding) && (typeof content === 'string' || content instanceof Uint8Array)) {
      if (body.kind === 'message') checkEmbedded(content, this.#boundaries);
      else checkContent(content, this.#boundaries);
    }
    this.#head(fields, encoding);
    if (typeof content !== 'string' || content !== '') this.#pieces.push(content);
    if (encoding !== '8bit') return false;
    this.#hasEightBit = true;
    return true;
  }

  #multipart(fields: readonly HeaderField[], { parts, boundary }: MultipartBody): boolean {
    if (parts.length === 0) {
      throw new InvalidMessageError(
        'MESSAGE_FIELD_INVALID',
        'A multipart has no parts; give it at least one (RFC 2046 section 5.1.1)',
      );
    }
    checkBoundary(boundary, this.#boundaries);
    this.#boundaries.push(boundary);
    enforceLimit('depth', this.#boundaries.length, 'The depth of parts');
    const head = this.#pieces.push('') - 1;
    let isEightBit = false;
    let delimiter = `--${boundary}\r\n`;
    for (const part of parts) {
      this.#pieces.push(delimiter);
      isEightBit = this.#entity(part) || isEightBit;
      delimiter = `\r\n--${boundary}\r\n`;
    }
    this.#pieces.push(`\r\n--${boundary}--`);
    this.#boundaries.pop();
    this.#pieces[head] = this.#headText(fields, isEightBit ? '8bit' : '7bit');
    return isEightBit;
  }

  #head(fields: readonly HeaderField[], encoding: TransferEncoding): void {
    this.#pieces.push(this.#headText(fields, encoding));
  }

  #headText(fields: readonly HeaderField[], encoding: TransferEncoding): string {
    for (const { name } of fields) {
      if (name.length === 25 && name.toLowerCase() === 'content-transfer-encoding') {
        throw headerError(name, 'is chosen by the writer; leave it out');
      }
    }
    const lines = writeHeaderLines(fields, this.#headerOptions);
    if (this.#headerOptions.utf8 && Buffer.byteLength(lines) !== lines.length) this.#hasUtf8 = true;
    return encoding === '7bit'
      ? `${lines}\r\n`
      : `${lines}Content-Transfer-Encoding: ${encoding}\r\n\r\n`;
  }
}

/** Whether the body is written as it is, so that it may hold a boundary. */
function isPlain(encoding: TransferEncoding): boolean {
  return encoding === '7bit' || encoding === '8bit';
}
