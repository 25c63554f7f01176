// A text made from HTML with the package html-to-text, loaded at first use.
import { createRequire } from 'node:module';
import type { HtmlToTextOptions } from 'html-to-text';
import { balanceHtml, type HtmlRules } from './html/balance-html.ts';
import { textElements } from './html/html-elements.data.ts';

const options: HtmlToTextOptions = {
  wordwrap: 76,
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
};

// Deeper lists than these say no more, and each level costs every line its indent.
const rules: HtmlRules = {
  depth: 40,
  written: (name) => textElements.get(name),
  attributes: (name, attributes) => {
    const href = name === 'a' ? attributes.find((one) => one.name === 'href') : undefined;
    return href ? ` href="${href.value.replaceAll('"', '&quot;')}"` : '';
  },
  // Such as the lines for a mailbox's list of messages that newsletters begin with.
  isHidden: (attributes) =>
    attributes.some(({ name, value }) => name === 'style' && /display\s*:\s*none/i.test(value)),
  after: (name) => (name === 'td' || name === 'th' ? ' ' : ''),
};

/** What is read of an HTML text; more than any mail has. */
const MOST = 8_388_608;

type Convert = (html: string, options: HtmlToTextOptions) => string;
let convert: Convert | undefined;

/**
 * What HTML says, as plain text with lines of at most 76 characters: links with their addresses, lists, quotes; without
 * pictures, scripts and what is hidden. In time that grows with the length of the HTML, whatever it holds; of more than
 * 8 MiB only the beginning is read.
 */
// The converter gets HTML in which every element ends and none is deep: its time grows with the square of the depth.
export function textFromHtml(html: string): string {
  convert ??= (createRequire(import.meta.url)('html-to-text') as { convert: Convert }).convert;
  return convert(balanceHtml(html.slice(0, MOST), rules), options);
}
