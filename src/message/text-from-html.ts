// A text alternative made from HTML with the package html-to-text, loaded at first use.
import type { HtmlToTextOptions } from 'html-to-text';

const options: HtmlToTextOptions = {
  wordwrap: 76,
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
    { selector: 'table', options: { uppercaseHeaderCells: false } },
  ],
  // Depth is bounded, so that hostile nesting costs no stack.
  limits: { maxDepth: 200, ellipsis: '…' },
};

/** What the HTML says, as plain text with lines of at most 76 characters. */
export async function textFromHtml(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  return convert(html, options);
}
