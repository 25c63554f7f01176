// A message as a file of any format.
import type { MailMessage, MessageFormat, SaveOptions } from '../message/index.ts';
import { driverOf } from './format-table.ts';
import type { Note } from './loss.ts';

/** Where a file goes, and how. */
export interface ForeignTarget {
  /** Where the file is to be, for what stands beside it. Default: in memory. */
  readonly path?: string | undefined;
  /** How it is to be written. */
  readonly saving?: SaveOptions;
  /** Is told what the format could not hold. Default: nobody. */
  readonly note?: Note;
}

/**
 * The file, piece by piece.
 *
 * @throws {@link InvalidMessageError} The message holds nothing that the format is for.
 */
export async function* writeForeign(
  message: MailMessage,
  format: MessageFormat,
  { path, saving = {}, note = () => undefined }: ForeignTarget,
): AsyncGenerator<Uint8Array> {
  const driver = await driverOf(format);
  yield* driver.write(message, { path, saving, note });
}
