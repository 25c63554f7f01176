// One file to another format, with an account of what the other could not hold.
import { OptionError } from '../base/index.ts';
import { collectBytes, memorySource } from '../base/internal.ts';
import type { MessageSource } from '../message/index.ts';
import { checkNames, openSource, pathOfSource } from '../message/internal.ts';
import { Conversion, type ConvertOptions, type ConvertReport } from './conversion.ts';
import { type ConvertFormat, checkTarget, checkTnef, targetOfPath } from './convert-formats.ts';
import { writeTarget } from './write-target.ts';

/**
 * Converts a file to another format. A file of the same format is copied as it is, but for mail that carries winmail.dat:
 * see `tnef`. Between Outlook's formats every property
 * is kept.
 *
 * @param source A path (a string), a `file:` URL, bytes, a Blob or a stream.
 * @param target The path to write to, whole or not at all; `undefined` gives the bytes in the report, in the format
 * `options.to`.
 * @throws {@link FormatError} The source is no message, or holds several and the target can hold one.
 * @throws {@link InvalidMessageError} `MESSAGE_NOT_CONVERTIBLE`: the message holds nothing that the target is for;
 * `FILE_INACCESSIBLE`: a file can't be read or written.
 * @throws {@link OptionError} A format is not supported, or the target is there and `overwrite` is `false`.
 */
export async function convert(
  source: MessageSource,
  target: string | URL | undefined,
  options: ConvertOptions = {},
): Promise<ConvertReport> {
  checkNames(options, { of: 'converting', names, habits: new Map() });
  checkTnef(options.tnef);
  const path = target === undefined ? undefined : pathOfSource(target);
  const to = formatFor(path, options.to);
  const opened = await openSource(source);
  const bytes = opened instanceof Uint8Array ? memorySource(opened) : opened;
  const conversion = new Conversion(bytes, pathOfSource(source), { ...options, to });
  const chunks = conversion.run(path);
  if (path === undefined) return conversion.report(await collectBytes(chunks));
  await writeTarget(path, chunks, options.overwrite ?? true);
  return conversion.report();
}

const names: ReadonlySet<string> = new Set<keyof ConvertOptions>([
  'from',
  'to',
  'overwrite',
  'resources',
  'headerTable',
  'tnef',
  'reading',
]);

function formatFor(path: string | undefined, wanted: unknown): ConvertFormat {
  if (wanted !== undefined) return checkTarget(wanted);
  if (path !== undefined) return targetOfPath(path);
  throw new OptionError('to', "A conversion to bytes has to name its format: { to: 'msg' }");
}
