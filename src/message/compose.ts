// From what a message holds to the tree that is written.
import type { Entity } from '../mime/index.ts';
import { type AlternateView, checkView } from './alternate-view.ts';
import type { ContentSource } from './content-source.ts';
import { linkDataUrls } from './data-urls.ts';
import { fieldError } from './field-checks.ts';
import type { Identity } from './identity.ts';
import type { ComposeOptions } from './message-fields.ts';
import type { Part } from './part.ts';
import { areReady, readyLater, readyNow } from './ready-parts.ts';
import { buildTree } from './structure.ts';
import { textFromHtml } from './text-from-html.ts';

/** The bodies and parts of a composed message, and how they are to be written. */
export interface Content {
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly views: readonly AlternateView[];
  readonly linked: readonly Part[];
  readonly attached: readonly Part[];
  readonly options: ComposeOptions;
}

/** The tree; a promise when files or streams have to be waited for. `outer`: see `renderedSource`. */
export function compose(
  content: Content,
  identity: Identity,
  outer: readonly ContentSource[],
): Entity | Promise<Entity> {
  content.views.forEach(checkView);
  content.linked.forEach(checkLinked);
  const { html, linked } = embeddedData(content);
  const { views, attached, options } = content;
  const bodies = { text: textOf(content), html, views, flowed: options.flowed ?? false };
  if (!areReady(linked) || !areReady(attached)) {
    return Promise.all([readyLater(linked, outer), readyLater(attached, outer)]).then((ready) =>
      buildTree(bodies, ...ready, identity),
    );
  }
  return buildTree(bodies, readyNow(linked), readyNow(attached), identity);
}

function textOf({ text, html, options }: Content): string | undefined {
  const mustConvert = options.textFromHtml === true && text === undefined && html !== undefined;
  return mustConvert ? textFromHtml(html) : text;
}

function embeddedData({ html, linked, options }: Content): {
  readonly html: string | undefined;
  readonly linked: readonly Part[];
} {
  if (options.dataUrls !== 'link' || html === undefined) return { html, linked };
  const found = linkDataUrls(html);
  return { html: found.html, linked: [...linked, ...found.parts] };
}

function checkLinked(part: Part, index: number): void {
  if (part.cid !== undefined) return;
  throw fieldError(
    `linkedResources[${index}]`,
    'has no cid, by which the HTML could refer to it; write cid: \'logo\' and <img src="cid:logo">',
  );
}
