// A header that was not kept in memory is read a second time, by itself.
import { Boundaries } from './boundaries.ts';
import { HeaderReader } from './header-reader.ts';
import type { HeaderSpans, PartRanges } from './scan-tree.ts';
import type { ScannedInput } from './scanned-input.ts';
import { Window } from './window.ts';

/** Finds the fields of a header that a scanner has found before: the same ones. */
export function readHeaderAgain(
  input: ScannedInput,
  { start, headerEnd }: PartRanges,
): HeaderSpans {
  const raw = input.source.read(start, headerEnd);
  const window = new Window();
  window.base = start;
  window.lineEnd = input.lineEnd;
  window.append(raw);
  // What is wrong with it was reported the first time.
  const reader = new HeaderReader(window, new Boundaries(), input.rules.limits, () => {});
  reader.begin(start, start === 0);
  reader.read(true);
  return { raw, fields: reader.fields };
}
