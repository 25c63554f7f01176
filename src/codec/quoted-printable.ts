// Quoted-printable (RFC 2045 section 6.7).
import { latin1, latin1Bytes } from '../base/internal.ts';

const hex = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;

function encodeLine(line: string): string {
  let out = '';
  let column = 0;
  for (let i = 0; i < line.length; i++) {
    const byte = line.charCodeAt(i);
    const last = i === line.length - 1;
    const plain =
      (byte > 32 && byte < 127 && byte !== 61) || ((byte === 32 || byte === 9) && !last);
    let piece = plain ? line.charAt(i) : hex(byte);
    if (i === 0 && line.startsWith('From ')) piece = hex(byte);
    if (column + piece.length > (last ? 76 : 75)) {
      out += '=\r\n';
      column = 0;
    }
    out += piece;
    column += piece.length;
  }
  return out;
}

/** Text in quoted-printable: line ends (CRLF, LF or CR) become CRLF, no line is over 76 columns. */
export function encodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  return latin1Bytes(
    latin1(bytes)
      .split(/\r\n|\n|\r/)
      .map(encodeLine)
      .join('\r\n'),
  );
}

/** Octets in quoted-printable where CR and LF are data and are encoded. */
export function encodeQuotedPrintableBinary(bytes: Uint8Array): Uint8Array {
  return latin1Bytes(encodeLine(latin1(bytes)));
}

/** The octets that quoted-printable text stands for; what is not valid stays as it is. */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  return latin1Bytes(
    latin1(bytes)
      .replace(/[ \t]+(?=\r?\n|$)/g, '')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
  );
}
