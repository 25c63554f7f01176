// How a message that carried another in its winmail.dat is written: as it came while nothing has changed, and as the
// message that was inside from the first change on. The old winmail.dat would still say what was there before.
import type { HeaderField, ParsedEntity, Rendered } from '../mime/index.ts';
import type { ContentSource } from './content-source.ts';
import type { MessageForm, MessageState, Prepared } from './message-form.ts';

/** A message that was opened. */
export class OpenedForm implements MessageForm {
  readonly #carrier: MessageForm;
  readonly #inside: MessageForm;

  constructor(carrier: MessageForm, inside: MessageForm) {
    this.#carrier = carrier;
    this.#inside = inside;
  }

  get state(): MessageState {
    return this.#inside.state;
  }

  root(): ParsedEntity {
    return this.#inside.root();
  }

  current(): Iterable<HeaderField> {
    return this.#inside.current();
  }

  prepare(outer: readonly ContentSource[]): Prepared | Promise<Prepared> {
    return this.#written.prepare(outer);
  }

  file(): Rendered | Promise<Rendered> {
    return this.#written.file();
  }

  get #written(): MessageForm {
    return this.state === 'as-read' ? this.#carrier : this.#inside;
  }
}
