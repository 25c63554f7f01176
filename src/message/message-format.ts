// The file formats of a single message: their names, and the extensions that stand for them.
import { extname } from 'node:path';
import { OptionError, printable } from '../base/index.ts';
import { kindOf } from './field-checks.ts';

/**
 * The file formats that a message can be read from and written to: internet message (RFC 5322), Apple Mail's EMLX,
 * Outlook's MSG and its template OFT, TNEF (`winmail.dat`), web archive (MHT, RFC 2557), HTML, iCalendar, vCard, JSON
 * and plain text.
 */
export type MessageFormat =
  | 'eml'
  | 'emlx'
  | 'msg'
  | 'oft'
  | 'tnef'
  | 'mht'
  | 'html'
  | 'ics'
  | 'vcf'
  | 'json'
  | 'text';

const extensions: ReadonlyMap<string, MessageFormat> = new Map([
  ['eml', 'eml'],
  ['emlx', 'emlx'],
  ['msg', 'msg'],
  ['oft', 'oft'],
  ['tnef', 'tnef'],
  ['dat', 'tnef'],
  ['mht', 'mht'],
  ['mhtml', 'mht'],
  ['html', 'html'],
  ['htm', 'html'],
  ['ics', 'ics'],
  ['vcf', 'vcf'],
  ['json', 'json'],
  ['txt', 'text'],
]);

const formats: ReadonlySet<unknown> = new Set(extensions.values());

/** The format when it is one that is supported. */
export function checkFormat(format: unknown): MessageFormat {
  if (isFormat(format)) return format;
  throw new OptionError(
    'format',
    `The format ${kindOf(format)} is not supported; supported: ${[...formats].join(', ')}`,
  );
}

function isFormat(format: unknown): format is MessageFormat {
  return formats.has(format);
}

/** The format that a file's extension stands for. @throws {OptionError} It stands for none. */
export function formatOfPath(path: string): MessageFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const shown = printable(path, 80);
  if (extension === '') {
    throw new OptionError(
      'format',
      `The file '${shown}' has no extension to tell its format; write '${shown}.eml' or { format: 'eml' }`,
    );
  }
  return extensions.get(extension) ?? checkFormat(extension);
}
