// Fixtures: mail as it is written in a template string, and every way of cutting it.

/** The octets of a template string with CRLF line ends; the first line end and the indent of the last go. */
export function eml(strings: TemplateStringsArray, ...values: readonly string[]): Uint8Array {
  return Buffer.from(lf(strings, ...values).replaceAll('\n', '\r\n'), 'latin1');
}

/** The same as text with LF line ends. `${'\xe9'}` stands for one octet. */
function lf(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: strings.map((part) => part) }, ...values).replace(/^\n/, '');
}

/** The octets of a string of U+0000 to U+00FF. */
export function octets(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** The octets as such a string. */
export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** In one piece, in two at each place, and octet by octet. Each piece has its own memory. */
export function* cuts(bytes: Uint8Array): Iterable<Uint8Array[]> {
  yield [Uint8Array.from(bytes)];
  for (let at = 1; at < bytes.length; at++) yield [bytes.slice(0, at), bytes.slice(at)];
  yield Array.from(bytes, (octet) => Uint8Array.of(octet));
}
