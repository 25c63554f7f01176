// How a message is written, and the tree under it; here for one that is composed.
import { OptionError } from '../base/index.ts';
import {
  type Entity,
  type HeaderField,
  type HeaderOptions,
  type ParsedEntity,
  parseEntity,
  type Rendered,
  type RenderOptions,
  render,
} from '../mime/index.ts';
import { type Content, compose } from './compose.ts';
import type { ContentSource } from './content-source.ts';
import { composedFields } from './head-fields.ts';
import { type HeadValues, needsUtf8, settleLists } from './head-values.ts';
import type { Identity } from './identity.ts';
import type { HeaderEntry } from './message-headers.ts';

/** A message of which only the server's abilities are unknown. */
export type Prepared = (options: RenderOptions) => Rendered;

/** What is written: the header's values, the fields beside them, the bodies and parts. */
export interface Writable {
  readonly values: HeadValues;
  /** The fields that no property writes; of a message that was read, all. */
  entries(): readonly HeaderEntry[];
}

/** Whether a message was composed, or read and then left as it was, or changed in its header only, or in its body too. */
export type MessageState = 'composed' | 'as-read' | 'head-changed' | 'body-changed';

/** A message that can be written. */
export interface MessageForm {
  /** How it came to be what it is now. */
  readonly state: MessageState;
  /** The MIME tree. */
  root(): ParsedEntity;
  /** Every header field with its value, as it would be written; a value that was read is decoded when it is asked for. */
  current(): Iterable<HeaderField>;
  /** Everything that can fail or wait before the server's abilities are known; `outer`: see `renderedSource`. */
  prepare(outer: readonly ContentSource[]): Prepared | Promise<Prepared>;
  /** The message as a file. */
  file(): Rendered | Promise<Rendered>;
}

/** What a message is composed from. */
export interface Composition extends Writable {
  readonly identity: Identity;
  content(): Content;
  /** Makes the fields that a composed message has to have: Message-ID, Date. */
  complete(): void;
}

/** A message that is composed. */
export class ComposedForm implements MessageForm {
  readonly state = 'composed';
  readonly #from: Composition;

  constructor(from: Composition) {
    this.#from = from;
  }

  root(): ParsedEntity {
    const prepared = this.prepare([]);
    if (prepared instanceof Promise) {
      prepared.catch(() => {});
      throw new OptionError(
        'root',
        'The parts of this message are not all in memory; use MailMessage.parse(await message.toBytes()).root',
      );
    }
    return parseEntity(prepared({ utf8: true }).bytes());
  }

  current(): Iterable<HeaderField> {
    settleLists(this.#from.values);
    return this.#fields({ utf8: true }).map(unfolded);
  }

  prepare(outer: readonly ContentSource[]): Prepared | Promise<Prepared> {
    const { values, identity } = this.#from;
    settleLists(values);
    const tree = compose(this.#from.content(), identity, outer);
    return tree instanceof Promise ? tree.then((ready) => this.#finish(ready)) : this.#finish(tree);
  }

  file(): Rendered | Promise<Rendered> {
    const prepared = this.prepare([]);
    const options = { utf8: true };
    return prepared instanceof Promise
      ? prepared.then((write) => write(options))
      : prepared(options);
  }

  #finish(tree: Entity): Prepared {
    const fields = (o: HeaderOptions): HeaderField[] => {
      const all = this.#fields(o);
      all.push(...tree.fields(o));
      return all;
    };
    const { values } = this.#from;
    return ({ eightBit = false, utf8 = false }) =>
      render({ fields, body: tree.body }, { eightBit, utf8: utf8 && needsUtf8(values) });
  }

  #fields(o: HeaderOptions): HeaderField[] {
    this.#from.complete();
    return composedFields(this.#from.values, this.#from.entries(), o);
  }
}

/** A written field with its value in one line. */
export function unfolded({ name, value }: HeaderField): HeaderField {
  return { name, value: value.replaceAll('\r\n', '') };
}
