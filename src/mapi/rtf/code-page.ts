// The code pages of RTF's text: those of \ansicpg, those that a font's \fcharset stands for, and their charsets.
import { decodeCharset } from '../../codec/index.ts';
import { charsetOfCodePage } from '../property/code-page.ts';

/** The code page of symbol fonts: their octets are places in the font, not characters. */
export const SYMBOL = 42;

/** \fcharset and its code page (RTF 1.9.1, "Font Table"); 1 is the document's own. */
const CHARSETS: ReadonlyMap<number, number> = new Map([
  [0, 1252],
  [2, SYMBOL],
  [77, 10_000],
  [78, 10_001],
  [79, 10_003],
  [80, 10_008],
  [81, 10_002],
  [83, 10_005],
  [84, 10_004],
  [85, 10_006],
  [86, 10_081],
  [87, 10_021],
  [88, 10_029],
  [89, 10_007],
  [128, 932],
  [129, 949],
  [130, 1361],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
  [254, 437],
  [255, 850],
]);

/** The code page that a font's \fcharset stands for; `undefined`: the document's. */
export function codePageOfCharset(charset: number): number | undefined {
  return CHARSETS.get(charset);
}

/** Text in a code page; one that is not known is read as Windows-1252, which reads anything. */
export function decodeCodePage(bytes: Uint8Array, codePage: number): string {
  const charset = codePage === SYMBOL ? undefined : charsetOfCodePage(codePage);
  return decodeCharset(bytes, charset ?? 'windows-1252', { keepByteOrderMark: true }).text;
}
