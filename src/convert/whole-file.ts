// Files of formats that are read whole: pages, calendars, contacts, JSON, text.
import { type ByteSource, enforceLimit } from '../base/internal.ts';

/** All octets. @throws {@link LimitError} `textBytes`: they are too many for one text. */
export function wholeFile(source: ByteSource): Uint8Array {
  enforceLimit('textBytes', source.size, `The file of ${source.size} octets`);
  return source.read(0, source.size);
}
