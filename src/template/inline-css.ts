// CSS moved into style attributes, as most mail readers want it, with the package juice: loaded on first use.
import { MissingDependencyError, OptionError } from '../base/index.ts';

/** Whether CSS is inlined: that of the HTML's own style elements, and with `css` more. */
export type CssOption =
  | boolean
  | {
      /** Rules beside those in the HTML. */
      readonly css: string;
    };

type Juice = typeof import('juice');
let juice: Promise<Juice> | undefined;

// Nothing is fetched and no file is read: what the HTML links to stays linked.
const options = { preserveMediaQueries: true, preserveFontFaces: true, applyWidthAttributes: true };

/** What inlines the CSS of one HTML text after another. Throws {@link MissingDependencyError}. */
export function cssInliner(option: CssOption): (html: string) => Promise<string> {
  const css = typeof option === 'object' ? option.css : '';
  if (typeof css !== 'string') {
    throw new OptionError('inlineCss', "'inlineCss' must be true, false or { css: '…' }");
  }
  return async (html) => {
    const inline = await loaded();
    return css === '' ? inline(html, options) : inline(html, { ...options, extraCss: css });
  };
}

async function loaded(): Promise<Juice> {
  juice ??= import('juice').then((found) => found.default);
  try {
    return await juice;
  } catch (cause) {
    juice = undefined;
    throw new MissingDependencyError('juice', 'Inlining CSS', { cause });
  }
}
