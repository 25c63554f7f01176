// The formats that files are converted to: those of single messages, and mbox for many.
import { OptionError } from '../base/index.ts';
import type { MessageFormat } from '../message/index.ts';
import { checkFormat, formatOfPath } from '../message/internal.ts';

/** What a file can be converted to. */
export type ConvertFormat = MessageFormat | 'mbox';

/** The format when it is one that can be written. @throws {@link OptionError} It is none. */
export function checkTarget(format: unknown): ConvertFormat {
  return format === 'mbox' ? 'mbox' : checkFormat(format);
}

/** The format that a path's extension stands for. @throws {@link OptionError} It stands for none. */
export function targetOfPath(path: string): ConvertFormat {
  return /\.(?:mbox|mbx)$/i.test(path) ? 'mbox' : formatOfPath(path);
}

const EXTENSIONS: Readonly<Partial<Record<ConvertFormat, string>>> = { text: 'txt' };

/** The extension of files of a format, without its dot. */
export function extensionFor(format: ConvertFormat): string {
  return EXTENSIONS[format] ?? format;
}

/** Throws an `OptionError` unless it is one of the ways to treat winmail.dat. */
export function checkTnef(tnef: unknown): void {
  if (tnef === undefined || tnef === 'open' || tnef === 'keep' || tnef === 'pack') return;
  throw new OptionError('tnef', "Option 'tnef' must be 'open', 'keep' or 'pack'");
}
