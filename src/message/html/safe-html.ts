// HTML of one message for the inside of another: every element is closed in it, so that nothing leaks out, and nothing
// in it runs. Style sheets are left out: they would be those of the new text as well, and can show in a forwarded
// message what they hid in the first one.
import { balanceHtml, type HtmlRules } from './balance-html.ts';
import { knownElements } from './html-elements.data.ts';
import type { HtmlAttribute } from './html-tokens.ts';

const rules: HtmlRules = {
  depth: 150,
  written: (name) => (name === 'body' ? 'div' : knownElements.has(name) ? name : undefined),
  attributes: (_, attributes) => attributes.map(writeAttribute).join(''),
  isHidden: () => false,
  after: () => '',
};

/** The body of an HTML document as a fragment. In time that grows with its length. */
export function safeHtml(html: string): string {
  return balanceHtml(html, rules);
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => references[character] ?? character);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const ATTRIBUTE = /^[a-z][a-z0-9:._-]*$/;
const ADDRESSES = new Set(['href', 'src', 'background', 'cite', 'longdesc', 'usemap', 'srcset']);

function writeAttribute({ name, value }: HtmlAttribute): string {
  if (!ATTRIBUTE.test(name) || name.startsWith('on') || name.includes(':')) return '';
  if (ADDRESSES.has(name) && !isSafeAddress(value)) return '';
  if (name === 'style' && DANGEROUS_STYLE.test(value)) return '';
  return ` ${name}="${value.replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;
}

// What takes the place of other content, loads code, or is written so that it can't be seen what it is.
const DANGEROUS_STYLE =
  /\\|\/\*|&#|expression|behavior|-moz-binding|javascript:|@import|position\s*:\s*(?:fixed|absolute|sticky)/i;
const SAFE_ADDRESS =
  /^(?:https?:|mailto:|cid:|mid:|tel:|ftp:|data:image\/(?:png|gif|jpe?g|webp)[;,]|[^:&]*(?:$|[/?#]))/i;

function isSafeAddress(value: string): boolean {
  const decoded = value
    .slice(0, 200)
    .replace(/&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));?/gi, (_, hex?: string, dec?: string) =>
      String.fromCodePoint(Math.min(0x10ffff, hex ? Number.parseInt(hex, 16) : Number(dec))),
    );
  // Browsers skip blanks and controls in the name of a scheme.
  return SAFE_ADDRESS.test(decoded.replace(/[\0- \x7f]/g, ''));
}
