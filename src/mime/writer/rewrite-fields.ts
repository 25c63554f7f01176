// The header of a received part, changed only where it could not travel: octets over 0x7F, lines over
// 998 octets. For messages inside messages; see embedded.ts.
import { latin1Bytes } from '../../base/internal.ts';
import { addressField } from '../fields/address-field.ts';
import { type HeaderField, writeHeaderLines } from '../fields/header-field.ts';
import { parameterField } from '../fields/structured.ts';
import { unstructuredField } from '../fields/unstructured.ts';
import { readContentType, readDisposition } from '../reader/content-type.ts';
import { decodeUnstructured } from '../reader/header-value.ts';
import type { ParsedEntity } from '../reader/parsed-entity.ts';
import { readAddressList } from '../reader/read-address-list.ts';
import { encodePlain } from './leaf-encoding.ts';

const ASCII = { utf8: false };
const ADDRESSES =
  /^(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)$|^(?:disposition-notification-to|return-receipt-to)$/i;

/** The header lines with `encoding` as Content-Transfer-Encoding; without the empty line after them. */
export function rewriteFields(part: ParsedEntity, encoding: string, eightBit: boolean): Uint8Array {
  const lines: string[] = [];
  for (const { name, raw } of part.headers.fields) {
    if (name.toLowerCase() === 'content-transfer-encoding') continue;
    const line = `${name}:${raw}\r\n`;
    const isFine = encodePlain(latin1Bytes(line), eightBit) !== undefined;
    lines.push(isFine ? line : writeHeaderLines([rewriteField(name, raw)], ASCII));
  }
  lines.push(writeHeaderLines([{ name: 'Content-Transfer-Encoding', value: encoding }], ASCII));
  return latin1Bytes(lines.join(''));
}

function rewriteField(name: string, raw: string): HeaderField {
  if (ADDRESSES.test(name)) return addressField(name, readAddressList(raw).addresses, ASCII);
  const structured = readStructured(name, raw);
  if (structured) return parameterField(name, structured.value, structured.parameters, ASCII);
  return unstructuredField(name, decodeUnstructured(raw), ASCII);
}

function readStructured(
  name: string,
  raw: string,
): { readonly value: string; readonly parameters: ReadonlyMap<string, string> } | undefined {
  switch (name.toLowerCase()) {
    case 'content-type':
      return readContentType(raw);
    case 'content-disposition':
      return readDisposition(raw);
    default:
      return undefined;
  }
}
