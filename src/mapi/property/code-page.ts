// Which charset the text of a message is in, when it is not Unicode. [MS-OXMSG] section 2.1.2, [MS-OXCMSG] section 2.2.1.
import { isUtf8 } from 'node:buffer';
import { isAsciiBytes, latin1 } from '../../base/internal.ts';
import { canonicalCharset, decodeCharset } from '../../codec/index.ts';
import { ANSI_OF_INTERNET, ANSI_OF_LANGUAGE, ANSI_OF_LOCALE } from './code-page.data.ts';
import type { MapiProperties } from './mapi-properties.ts';
import { PidTag } from './pid-tag.data.ts';

/** The code page of Western Europe, which Windows has where nothing else is said. */
export const WESTERN = 1252;
/** The code page number that Windows has for UTF-8. */
export const UTF_8_PAGE = 65001;

/** What 8-bit text is in. */
export interface AnsiPage {
  /** The code page. */
  readonly page: number;
  /** When `page` is UTF-8: what is no UTF-8 is in this one. */
  readonly fallback: number;
}

/**
 * What a message's 8-bit strings are in: PidTagMessageCodepage, else the Windows page that goes with
 * PidTagInternetCodepage, else with PidTagMessageLocaleId; `undefined` when the message says nothing.
 */
export function ansiPage(properties: MapiProperties): AnsiPage | undefined {
  const locale = properties.get(PidTag.MessageLocaleId);
  const fallback = locale === undefined ? WESTERN : pageOfLocale(locale);
  const own = properties.get(PidTag.MessageCodepage);
  if (own !== undefined && isCodePage(own)) return { page: own, fallback };
  const internet = properties.get(PidTag.InternetCodepage);
  if (internet !== undefined && isCodePage(internet)) {
    return { page: windowsCodePage(internet), fallback };
  }
  return locale === undefined ? undefined : { page: fallback, fallback };
}

/** The Windows code page of a message's 8-bit strings; where it says UTF-8, the other one. `undefined` as above. */
export function ansiCodePage(properties: MapiProperties): number | undefined {
  const ansi = ansiPage(properties);
  return ansi?.page === UTF_8_PAGE ? ansi.fallback : ansi?.page;
}

/** The Windows code page of a language and country (LCID). */
export function pageOfLocale(locale: number): number {
  return ANSI_OF_LOCALE[locale & 0xffff] ?? ANSI_OF_LANGUAGE[locale & 0x3ff] ?? WESTERN;
}

/** The Windows code page that goes with one of the Internet: 932 with ISO-2022-JP (50220). The same when there is none. */
function windowsCodePage(internet: number): number {
  return ANSI_OF_INTERNET[internet] ?? internet;
}

/** The label of a code page's charset, such as `windows-1252`; `undefined` when it is not known here. */
export function charsetOfCodePage(page: number): string | undefined {
  return canonicalCharset(String(page));
}

/** Whether text in a code page can be read here. */
export function isCodePage(page: number): boolean {
  return charsetOfCodePage(page) !== undefined;
}

/** Octets in a code page as text. Who says UTF-8 is not always right: what is no UTF-8 is in the other page. */
export function decodeAnsi(octets: Uint8Array, page: number, fallback: number = WESTERN): string {
  const label = page === UTF_8_PAGE ? undefined : charsetOfCodePage(page);
  return decodeCharset(octets, label, { fallbackCharset: charsetOfCodePage(fallback) }).text;
}

// Far enough for the head of a page that a mail program made.
const META_BYTES = 4096;
const META = /<meta\b[^>]{0,500}\bcharset\s{0,5}=\s{0,5}["']?([\w:.-]{2,40})/i;

/**
 * PidTagHtml as text: by its byte order mark, else as UTF-8 when the message says so and it is, else by the charset its own
 * `<meta>` names, else in the Internet code page (PidTagInternetCodepage), else as UTF-8 or Windows-1252, whichever it is.
 */
export function decodeHtml(octets: Uint8Array, internetCodePage: number | undefined): string {
  return decodeCharset(octets, htmlCharset(octets, internetCodePage), {
    fallbackCharset: 'windows-1252',
  }).text;
}

function htmlCharset(octets: Uint8Array, page: number | undefined): string | undefined {
  const [first, second, third] = octets;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // A mail's own charset counts more than what the page says of itself: octets that are UTF-8 by chance are rare.
  if (page === UTF_8_PAGE && !isAsciiBytes(octets) && isUtf8(octets)) return 'utf-8';
  const label = META.exec(latin1(octets, 0, Math.min(octets.length, META_BYTES)))?.[1];
  const named = label === undefined ? undefined : canonicalCharset(label);
  // A page in which `<meta` was found octet by octet is in neither.
  if (named !== undefined && !/^utf-(?:16|32)/.test(named)) return named;
  return page === undefined || page === UTF_8_PAGE ? undefined : charsetOfCodePage(page);
}
