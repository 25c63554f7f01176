// Entry ids of people who are in no directory. [MS-OXCDATA] section 2.2.5.1.
import { Buffer } from 'node:buffer';
import { concatBytes, viewOf } from '../../base/internal.ts';
import { decodeAnsi } from './code-page.ts';

/** Who a one-off entry id names. */
export interface OneOff {
  /** The name to show; `''` when there is none. */
  readonly name: string;
  /** The kind of address, `SMTP` in most. */
  readonly addressType: string;
  /** The address. */
  readonly address: string;
}

const PROVIDER = '812b1fa4bea310199d6e00dd010f5402';
const UNICODE = 0x8000;
// MAPI_ONE_OFF_NO_RICH_INFO: what goes there is not to be TNEF.
const NO_RICH_INFO = 0x0001;
const HEAD_BYTES = 24;

/** The entry id of somebody who is in no directory (MS-OXCDATA section 2.2.5.1), in Unicode. */
export function writeOneOff({ name, addressType, address }: OneOff): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(PROVIDER, 4, 'hex');
  head.writeUInt16LE(UNICODE | NO_RICH_INFO, 22);
  return concatBytes([head, Buffer.from(`${name}\0${addressType}\0${address}\0`, 'utf16le')]);
}

/** Reads a one-off entry id; `undefined` when it is another kind or damaged. 8-bit text is in `codePage`. */
export function readOneOff(octets: Uint8Array, codePage: number): OneOff | undefined {
  const bytes = viewOf(octets);
  if (bytes.length < HEAD_BYTES || bytes.toString('hex', 4, 20) !== PROVIDER) return undefined;
  const isUnicode = (bytes.readUInt16LE(22) & UNICODE) !== 0;
  const texts: string[] = [];
  let start = HEAD_BYTES;
  while (texts.length < 3 && start < bytes.length) {
    const end = isUnicode ? wideEnd(bytes, start) : narrowEnd(bytes, start);
    const text = bytes.subarray(start, end);
    texts.push(isUnicode ? text.toString('utf16le') : decodeAnsi(text, codePage));
    start = end + (isUnicode ? 2 : 1);
  }
  const [name, addressType, address] = texts;
  return name === undefined || addressType === undefined || address === undefined
    ? undefined
    : { name, addressType, address };
}

function narrowEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  return end < 0 ? bytes.length : end;
}

function wideEnd(bytes: Buffer, start: number): number {
  for (let at = start; at + 1 < bytes.length; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
  }
  return bytes.length;
}
