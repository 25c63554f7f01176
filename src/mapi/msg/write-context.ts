// What writing one message of a MSG file needs on its way: names, text, and where problems go.
import { Buffer } from 'node:buffer';
import { printable } from '../../base/index.ts';
import { encodeCharset } from '../../codec/internal.ts';
import type { MapiProblem, MapiProblemCode } from '../problem.ts';
import { charsetOfCodePage } from '../property/code-page.ts';
import { describeKey, type MapiKey } from '../property/property-tag.ts';
import { lookupType, PropertyType } from '../property/property-type.ts';
import type { NameMapping } from './name-mapping.ts';

/** Text of a file in Unicode. */
export const UNICODE = 'unicode';

/** One message that is written. */
export class WriteContext {
  /** The ids of names, the same for all messages of the file. */
  readonly names: NameMapping;
  /** The code page of the text, or that there is none. */
  readonly codePage: number | typeof UNICODE;
  readonly #path: string;
  readonly #onProblem: (problem: MapiProblem) => void;

  constructor(
    names: NameMapping,
    codePage: number | typeof UNICODE,
    path: string,
    onProblem: (problem: MapiProblem) => void,
  ) {
    this.names = names;
    this.codePage = codePage;
    this.#path = path;
    this.#onProblem = onProblem;
  }

  /** The type a value is written with: all text of a file is of one kind (MS-OXMSG section 2.1.1). */
  typeOf(type: number): number {
    const wide = lookupType(type);
    if (this.codePage === UNICODE) return wide;
    if (wide === PropertyType.String) return PropertyType.String8;
    return wide === PropertyType.MultipleString ? PropertyType.MultipleString8 : type;
  }

  /** The octets of a text. */
  text(text: string, key: MapiKey): Uint8Array {
    if (this.codePage === UNICODE) return Buffer.from(text, 'utf16le');
    const encoded = encodeCharset(text, charsetOfCodePage(this.codePage) ?? '1252');
    if (encoded?.isWhole !== true) {
      const shown = printable(describeKey(key));
      this.tell(
        'TEXT_LOSSY',
        `The text of property ${shown} has characters that code page ${this.codePage} has not; they became '?'`,
      );
    }
    return encoded?.bytes ?? Buffer.from(text, 'latin1');
  }

  /** Octets of the NUL that the length of a text counts. */
  get nulBytes(): number {
    return this.codePage === UNICODE ? 2 : 1;
  }

  /** Tells what can't be written as it is. */
  tell(code: MapiProblemCode, message: string): void {
    this.#onProblem({ code, message, path: this.#path });
  }
}
