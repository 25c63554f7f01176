// Where in the tree of a message each change belongs: as little of it as can be is moved.

import type { ParsedEntity } from '../../mime/index.ts';
import type { AlternateView } from '../alternate-view.ts';
import type { AttachmentEdit, BodyEdits } from './body-edits.ts';
import type { NewLeaf } from './new-leaf.ts';
import { PartNode, PartTree } from './part-node.ts';

/** The tree with the changes in it. @throws {@link InvalidMessageError} `MESSAGE_PROTECTED`. */
export function applyEdits(root: ParsedEntity, edits: BodyEdits): PartTree {
  const tree = new PartTree(root);
  const places = new Places(tree, edits);
  // Signatures go first: what they covered can be changed then.
  const removed = [...edits.removed].sort((a, b) => b.range.start - a.range.start);
  for (const part of removed) {
    const node = tree.nodeOf(part);
    if (node) tree.remove(node);
  }
  if (edits.text) places.setText('text', edits.text.value);
  if (edits.html) places.setText('html', edits.html.value);
  for (const view of edits.views) places.addView(view);
  for (const part of edits.linked) places.addLinked({ kind: 'part', part, disposition: 'inline' });
  if (edits.attachments) places.arrange(edits.attachments);
  return tree;
}

/** Finds places in one tree. */
class Places {
  readonly #tree: PartTree;
  readonly #edits: BodyEdits;
  readonly #added = new Map<'text' | 'html', PartNode>();

  constructor(tree: PartTree, edits: BodyEdits) {
    this.#tree = tree;
    this.#edits = edits;
  }

  /** The first part that shows this form of the text. */
  #body(kind: 'text' | 'html'): PartNode | undefined {
    const stored = this.#edits.bodies[kind].map((part) => this.#tree.nodeOf(part));
    return stored.find((node) => node !== undefined) ?? this.#added.get(kind);
  }

  setText(kind: 'text' | 'html', value: string | undefined): void {
    const [first, ...others] = this.#edits.bodies[kind]
      .map((part) => this.#tree.nodeOf(part))
      .filter((node) => node !== undefined);
    // The property is all of them together: so one holds the new text, and the others go.
    for (const node of others) this.#tree.remove(node);
    if (first && value === undefined) this.#tree.remove(first);
    else if (first && value !== undefined) this.#tree.replaceText(first, value);
    else if (value !== undefined) {
      const node = fresh({ kind, text: value });
      this.#added.set(kind, node);
      if (kind === 'text') this.#addText(node);
      else this.#addHtml(node);
    }
  }

  #addText(node: PartNode): void {
    const html = this.#body('html');
    const shown = html && withResources(html);
    if (shown === undefined) this.#addFirst(node);
    else if (shown.parent?.subtype === 'alternative') this.#tree.insert(shown.parent, 0, node);
    else this.#tree.wrap(shown, 'alternative', [node], []);
  }

  #addHtml(node: PartNode): void {
    const text = this.#body('text');
    if (text === undefined) this.#addFirst(node);
    else if (text.parent?.subtype === 'alternative') {
      this.#tree.insert(text.parent, beforeCalendar(text.parent), node);
    } else this.#tree.wrap(text, 'alternative', [], [node]);
  }

  /** Puts the only form of the text before all else. */
  #addFirst(node: PartNode): void {
    const { top } = this.#tree;
    if (top === undefined) this.#tree.top = node;
    else if (top.subtype === 'mixed' || top.subtype === 'alternative') {
      this.#tree.insert(top, 0, node);
    } else this.#tree.wrap(top, 'mixed', [node], []);
  }

  /** Another form of the text (RFC 2046 section 5.1.4); calendars last, where Outlook looks for them. */
  addView(view: AlternateView): void {
    const node = fresh({ kind: 'view', view });
    const body = this.#body('html') ?? this.#body('text');
    const shown = body && withResources(body);
    if (shown === undefined) this.#addFirst(node);
    else {
      const parent =
        shown.parent?.subtype === 'alternative'
          ? shown.parent
          : this.#tree.wrap(shown, 'alternative', [], []);
      const html = this.#body('html');
      const isLast = view.contentType === 'text/calendar' || html === undefined;
      const at = isLast ? parent.children.length : parent.children.indexOf(withResources(html));
      this.#tree.insert(parent, at < 0 ? parent.children.length : at, node);
    }
  }

  /** A part that the HTML refers to goes beside it (RFC 2387). */
  addLinked(leaf: NewLeaf): void {
    const node = fresh(leaf);
    const html = this.#body('html');
    if (html === undefined) {
      this.#addToMixed(node, undefined);
      return;
    }
    const related = relatedAround(html);
    if (related) this.#tree.insert(related, related.children.length, node);
    else this.#tree.wrap(html, 'related', [], [node]);
  }

  /** Brings the attachments into this order: new ones are put in, those that changed places are moved. */
  arrange(list: readonly AttachmentEdit[]): void {
    let before: PartNode | undefined;
    let latest = -1;
    for (const [index, { stored: part, part: added }] of list.entries()) {
      const stored = this.#tree.nodeOf(part);
      let node: PartNode;
      if (stored && part && part.range.start > latest) {
        latest = part.range.start;
        before = stored;
        continue;
      }
      if (stored) {
        this.#tree.remove(stored);
        node = stored;
      } else if (added) node = fresh({ kind: 'part', part: added, disposition: 'attachment' });
      else continue;
      if (before) this.#addToMixed(node, before);
      else this.#addToMixed(node, undefined, list.slice(index + 1));
      before = node;
    }
  }

  /** Puts a part at the level of attachments: behind another one, before those that follow, or at the end. */
  #addToMixed(
    node: PartNode,
    before: PartNode | undefined,
    following: readonly AttachmentEdit[] = [],
  ): void {
    const { top } = this.#tree;
    if (top === undefined) {
      this.#tree.top = node;
      return;
    }
    const mixed = top.subtype === 'mixed' ? top : this.#tree.wrap(top, 'mixed', [], []);
    const place = (other: PartNode): number =>
      mixed.children.findIndex((child) => isWithin(other, child));
    if (before) this.#tree.insert(mixed, place(before) + 1, node);
    else {
      const next = following
        .map(({ stored }) => this.#tree.nodeOf(stored))
        .find((other) => other?.parent === mixed);
      this.#tree.insert(mixed, next ? place(next) : mixed.children.length, node);
    }
  }
}

const fresh = (leaf: NewLeaf): PartNode => new PartNode({ kind: 'new', leaf });

/** The part with what it refers to: the multipart/related that it is in. */
function withResources(node: PartNode): PartNode {
  let shown = node;
  while (shown.parent?.subtype === 'related') shown = shown.parent;
  return shown;
}

/** The multipart/related for what the HTML refers to: around it, or around the alternatives that it is one of. */
function relatedAround(html: PartNode): PartNode | undefined {
  const { parent } = html;
  if (parent?.subtype === 'related') return parent;
  const isOneOfMany = parent?.subtype === 'alternative' && parent.parent?.subtype === 'related';
  return isOneOfMany ? parent.parent : undefined;
}

function beforeCalendar({ children }: PartNode): number {
  const at = children.findIndex(({ stored }) => stored?.contentType.value === 'text/calendar');
  return at < 0 ? children.length : at;
}

function isWithin(node: PartNode, other: PartNode): boolean {
  for (let at: PartNode | undefined = node; at; at = at.parent) if (at === other) return true;
  return false;
}
