// Names for files that come from outside: nothing in them may lead elsewhere, and no two are the same.
import { extname } from 'node:path';

// What some file system refuses, and what reorders text on a screen.
const REFUSED = /[\s\0-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
// Devices of Windows, whatever their extension.
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const MOST = 100;

/**
 * A name that is safe on every system and not yet taken; it is taken then.
 *
 * @param taken Names in lower case, for some systems do not tell the cases apart.
 */
export function safeFileName(wanted: string, taken: Set<string>): string {
  const plain = wanted
    .normalize('NFC')
    .replace(REFUSED, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
    .replace(DEVICE, '_$&');
  const extension = extname(plain).slice(0, 20);
  const stem = [...plain.slice(0, plain.length - extension.length)]
    .slice(0, MOST)
    .join('')
    .trimEnd();
  let name = `${stem || 'file'}${extension}`;
  for (let number = 2; taken.has(name.toLowerCase()); number++) {
    name = `${stem || 'file'}-${number}${extension}`;
  }
  taken.add(name.toLowerCase());
  return name;
}
