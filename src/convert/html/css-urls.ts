// Addresses in style sheets: url(…) and @import (CSS Syntax section 4.3.6), found in one pass.

/** Gives another address, or `undefined` to leave it. */
export type Rewrite = (address: string) => string | undefined;

const OPENING = /url\(\s*(["']?)|@import\s+(["'])/gi;

/** A style sheet with other addresses. */
export function rewriteCss(css: string, rewrite: Rewrite): string {
  let out = '';
  let from = 0;
  let next = 0;
  // An end that is not there is looked for once: the time grows with the text only.
  const open = new Set<string>();
  for (const found of css.matchAll(OPENING)) {
    const quote = found[1] || found[2] || ')';
    if (found.index < next || open.has(quote)) continue;
    const start = found.index + found[0].length;
    const end = css.indexOf(quote, start);
    if (end < 0) {
      open.add(quote);
      continue;
    }
    next = end;
    const address = css.slice(start, end).trim();
    const other = address === '' ? undefined : rewrite(address);
    if (other === undefined) continue;
    out += css.slice(from, start) + escapeFor(quote, other);
    from = end;
  }
  return out + css.slice(from);
}

/** Nothing in an address may end it: what could is percent-encoded, which means the same. */
function escapeFor(quote: string, address: string): string {
  const escaped = address.replace(/[\\\r\n]/g, encodeURIComponent);
  if (quote === ')')
    return escaped.replace(/[\s()'"]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return escaped.replaceAll(quote, quote === '"' ? '%22' : '%27');
}
