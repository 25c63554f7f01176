// The tree of a message as it will be: parts that were read, in their places or in others, and new ones between them.
import { InvalidMessageError } from '../../base/index.ts';
import type { ParsedEntity } from '../../mime/index.ts';
import type { Subtype } from '../structure.ts';
import type { NewLeaf } from './new-leaf.ts';

/** What stands at one place of the tree. */
export type NodeContent =
  /** A part that was read. */
  | { readonly kind: 'stored'; readonly part: ParsedEntity }
  /** A new part without parts. */
  | { readonly kind: 'new'; readonly leaf: NewLeaf }
  /** A new multipart. */
  | { readonly kind: 'multipart'; readonly subtype: Subtype };

/** One part of the message as it will be. */
export class PartNode {
  readonly content: NodeContent;
  readonly children: PartNode[] = [];
  parent: PartNode | undefined;
  /** Which part of its multipart it was, or stands in the place of. */
  slot: number | undefined;
  /** The text that a stored leaf gets in place of its own. */
  text: string | undefined;
  /** Whether it is not written as it came, or anything in it is not. */
  isChanged = false;

  constructor(content: NodeContent, slot?: number) {
    this.content = content;
    this.slot = slot;
  }

  /** The part that was read here; `undefined` for a new one. */
  get stored(): ParsedEntity | undefined {
    return this.content.kind === 'stored' ? this.content.part : undefined;
  }

  /** The subtype of a multipart; `''` for a leaf, which a multipart that was read without parts is too. */
  get subtype(): string {
    const { content } = this;
    if (content.kind === 'multipart') return content.subtype;
    if (content.kind === 'new' || content.part.parts.length === 0) return '';
    return content.part.contentType.subtype;
  }

  /** Whether its body is one that we write. */
  get isNew(): boolean {
    return this.stored === undefined || this.text !== undefined;
  }

  get isSigned(): boolean {
    return this.subtype === 'signed';
  }

  get isEncrypted(): boolean {
    return this.subtype === 'encrypted' || /^application\/(?:x-)?pkcs7-mime$/.test(this.#type);
  }

  get #type(): string {
    return this.stored?.contentType.value ?? '';
  }
}

/** A message's tree while it is changed. Each change throws before it does anything that must not be done. */
export class PartTree {
  /** The message's body; `undefined` when nothing is left. */
  top: PartNode | undefined;
  /** The message as it was read. */
  readonly root: ParsedEntity;
  readonly #nodes = new Map<ParsedEntity, PartNode>();

  constructor(root: ParsedEntity) {
    this.root = root;
    this.top = this.#build(root, undefined);
  }

  /** Where a part that was read stands; `undefined` when it was taken out. */
  nodeOf(part: ParsedEntity | undefined): PartNode | undefined {
    const node = part && this.#nodes.get(part);
    return node && this.#isIn(node) ? node : undefined;
  }

  /** Gives a stored leaf another text. */
  replaceText(node: PartNode, text: string): void {
    checkOpen(node.parent);
    node.text = text;
    touch(node);
  }

  /** Takes a part out, and multiparts that have no parts then. What a removed signature covered is no longer signed. */
  remove(node: PartNode): void {
    const { parent } = node;
    if (parent === undefined) {
      this.top = undefined;
      return;
    }
    const isSignature = parent.isSigned && parent.children[0] !== node;
    checkOpen(isSignature ? parent.parent : parent);
    touch(parent);
    parent.children.splice(parent.children.indexOf(node), 1);
    node.parent = undefined;
    const [first] = parent.children;
    if (first === undefined) this.remove(parent);
    else if (isSignature && parent.children.length === 1) this.#replace(parent, first);
  }

  /** Puts a part into a multipart. */
  insert(parent: PartNode, index: number, node: PartNode): void {
    checkOpen(parent);
    parent.children.splice(index, 0, node);
    node.parent = parent;
    node.slot = undefined;
    touch(parent);
  }

  /** Puts a new multipart around a part, with others before and after it; gives the multipart. */
  wrap(
    node: PartNode,
    subtype: Subtype,
    before: readonly PartNode[],
    after: readonly PartNode[],
  ): PartNode {
    const { parent, slot } = node;
    checkOpen(parent);
    if (parent === undefined && node.isEncrypted) throw isEncrypted();
    const wrapper = new PartNode({ kind: 'multipart', subtype }, slot);
    wrapper.parent = parent;
    if (parent) parent.children[parent.children.indexOf(node)] = wrapper;
    else this.top = wrapper;
    for (const child of [...before, node, ...after]) {
      child.parent = wrapper;
      child.slot = undefined;
      wrapper.children.push(child);
    }
    touch(wrapper);
    return wrapper;
  }

  #replace(node: PartNode, other: PartNode): void {
    const { parent, slot } = node;
    other.parent = parent;
    other.slot = slot;
    if (parent) parent.children[parent.children.indexOf(node)] = other;
    else this.top = other;
    node.parent = undefined;
    node.children.length = 0;
    if (parent) touch(parent);
  }

  #isIn(node: PartNode): boolean {
    let highest = node;
    while (highest.parent) highest = highest.parent;
    return highest === this.top;
  }

  #build(part: ParsedEntity, slot: number | undefined): PartNode {
    const node = new PartNode({ kind: 'stored', part }, slot);
    this.#nodes.set(part, node);
    for (const [index, inner] of part.parts.entries()) {
      const child = this.#build(inner, index);
      child.parent = node;
      node.children.push(child);
    }
    return node;
  }
}

function touch(node: PartNode): void {
  for (let at: PartNode | undefined = node; at; at = at.parent) at.isChanged = true;
}

/** Throws when something that must stay as it is stands around a change. */
function checkOpen(node: PartNode | undefined): void {
  for (let at = node; at; at = at.parent) {
    if (at.isSigned) throw isSigned();
    if (at.isEncrypted) throw isEncrypted();
  }
}

function isSigned(): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_PROTECTED',
    "The part is signed, and a change would break the signature; take the signature out of the message's " +
      'attachments first, or compose a new message',
  );
}

function isEncrypted(): InvalidMessageError {
  return new InvalidMessageError(
    'MESSAGE_PROTECTED',
    'The message is encrypted: a change inside would break it, and what is added beside it would not be encrypted; ' +
      'decrypt it first, or compose a new message and attach this one',
  );
}
