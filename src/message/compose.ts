// From what a message holds to the tree that is written.
import type { Entity } from '../mime/index.ts';
import { type AlternateView, checkView } from './alternate-view.ts';
import { linkDataUrls } from './data-urls.ts';
import { fieldError } from './field-checks.ts';
import type { Identity } from './identity.ts';
import type { ComposeOptions } from './message-fields.ts';
import type { Part } from './part.ts';
import { isInMemory, readyLater, readyNow } from './ready-parts.ts';
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

/** The tree; a promise when files, streams or the HTML converter have to be waited for. */
export function compose(content: Content, identity: Identity): Entity | Promise<Entity> {
  content.views.forEach(checkView);
  content.linked.forEach(checkLinked);
  const embedded =
    content.options.dataUrls === 'link' && content.html !== undefined
      ? linkDataUrls(content.html)
      : { html: content.html, parts: [] };
  const linked = [...content.linked, ...embedded.parts];
  const whole = { ...content, html: embedded.html, linked };
  const isTextMissing = content.options.textFromHtml === true && content.text === undefined;
  const mustWait =
    (isTextMissing && content.html !== undefined) ||
    !isInMemory(linked) ||
    !isInMemory(content.attached);
  return mustWait ? composeLater(whole, identity) : composeNow(whole, identity);
}

function composeNow(content: Content, identity: Identity): Entity {
  const { text, html, views, linked, attached, options } = content;
  const bodies = { text, html, views, flowed: options.flowed ?? false };
  return buildTree({ ...bodies, linked: readyNow(linked), attached: readyNow(attached) }, identity);
}

async function composeLater(content: Content, identity: Identity): Promise<Entity> {
  const { html, views, options } = content;
  const [text, linked, attached] = await Promise.all([
    content.text ?? (options.textFromHtml && html !== undefined ? textFromHtml(html) : undefined),
    readyLater(content.linked),
    readyLater(content.attached),
  ]);
  return buildTree(
    { text, html, views, flowed: options.flowed ?? false, linked, attached },
    identity,
  );
}

function checkLinked(part: Part, index: number): void {
  if (part.cid !== undefined) return;
  throw fieldError(
    `linkedResources[${index}]`,
    'has no cid, by which the HTML could refer to it; write cid: \'logo\' and <img src="cid:logo">',
  );
}
