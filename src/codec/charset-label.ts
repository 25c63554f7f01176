// From the label of a charset, in any spelling mail has, to one name for it.
import { CHARSET_LABELS, CODE_PAGES, ICONV_NAMES } from './charset-label.data.ts';

const byLabel = new Map<string, string>();
for (const [name, labels] of Object.entries(CHARSET_LABELS)) {
  byLabel.set(name, name);
  for (const label of labels.split(' ')) byLabel.set(label, name);
}
for (const name of Object.keys(ICONV_NAMES)) byLabel.set(name, name);
const byNumber = new Map(Object.entries(CODE_PAGES));

// 'cp437', 'IBM-850', 'windows1251', 'x-cp932', 'cp00858', '1252'
const NUMBERED =
  /^(?:x-)?(?:windows|win|cp|ibm|dos|oem|ms|csibm|cswindows|codepage|ccsid)?[-_ ]?0{0,2}(\d{3,5})$/;
// 'iso8859-1', '8859_2', 'ISO_8859-15:1998', 'iso-8859-8-e', 'iso-8859-1-windows-3.1-latin-1'
const ISO_8859 = /^(?:x-)?(?:cs)?(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_: ].*)?$/;
const LONGEST_LABEL = 64;
const MOST_REMEMBERED = 512;

const remembered = new Map<string, string | undefined>();

/**
 * The name of the charset that a label means, in lower case (the IANA preferred name where there is
 * one: `'utf-8'`, `'windows-1252'`, `'iso-8859-2'`, `'ibm437'`), or `undefined` when it is not known
 * here. Quotes, blanks and the many wrong spellings of mail are seen through.
 */
export function canonicalCharset(label: string): string | undefined {
  if (label.length > LONGEST_LABEL) return undefined;
  if (remembered.has(label)) return remembered.get(label);
  const name = lookUp(label.toLowerCase().replace(/["'\s]+/g, ''));
  // Labels come from outside: what is remembered stays small.
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(label, name);
  return name;
}

function lookUp(label: string): string | undefined {
  const known = byLabel.get(label);
  if (known !== undefined) return known;
  const iso = ISO_8859.exec(label)?.[1];
  if (iso !== undefined) return lookUpIso8859(Number(iso));
  const number = NUMBERED.exec(label)?.[1];
  if (number !== undefined) {
    const ibm = `ibm${Number(number)}`;
    return (
      byNumber.get(String(Number(number))) ?? (ICONV_NAMES[ibm] === undefined ? undefined : ibm)
    );
  }
  const standard = standardName(label);
  if (standard !== 'windows-1252') return standard;
  // The WHATWG takes these for one charset; here 8-bit octets in them are looked at first.
  return /ascii|x3\.4/.test(label) ? 'us-ascii' : 'iso-8859-1';
}

function lookUpIso8859(part: number): string | undefined {
  if (part === 1) return 'iso-8859-1';
  return byLabel.get(`iso-8859-${part}`) ?? standardName(`iso-8859-${part}`);
}

function standardName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
