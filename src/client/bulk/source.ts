// Where the messages come from: an iterator of the caller's, asked one message at a time.
import { InvalidMessageError, PosthornError, printable } from '../../base/index.ts';
import type { BulkMessage, BulkMessages } from './types.ts';

type Given = BulkMessage | Promise<BulkMessage>;
type Step = IteratorResult<Given, unknown>;

/** What a source tells. */
export interface SourceListener {
  /** The next message. */
  given(given: Given): void;
  /** There are no more, or it threw. */
  ended(error?: PosthornError): void;
}

/** The caller's messages, one by one. */
export class Source {
  readonly #messages: BulkMessages;
  readonly #listener: SourceListener;
  readonly #onStep = (step: Step): void => {
    this.#isAsked = false;
    this.#hear(step);
  };
  readonly #onError = (error: unknown): void => {
    this.#isAsked = false;
    this.#fail(error);
  };
  #iterator: Iterator<Given> | AsyncIterator<Given> | undefined;
  #isAsked = false;
  #isOver = false;

  constructor(messages: BulkMessages, listener: SourceListener) {
    this.#messages = messages;
    this.#listener = listener;
  }

  /** Whether it can be asked for the next. */
  get isReady(): boolean {
    return !this.#isAsked && !this.#isOver;
  }

  /** Asks for the next; what comes of it is told at once or later. */
  ask(): void {
    let step: Step | Promise<Step>;
    try {
      this.#iterator ??= begin(this.#messages);
      step = this.#iterator.next();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (step instanceof Promise) {
      this.#isAsked = true;
      step.then(this.#onStep, this.#onError);
    } else this.#hear(step);
  }

  /** Nobody asks any more: lets it clean up, and waits for that unless it is busy with a message. Never throws. */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      const left = this.#iterator?.return?.();
      if (this.#isAsked) Promise.resolve(left).catch(() => undefined);
      else await left;
    } catch {
      // What it was good for is done.
    }
  }

  #hear(step: Step): void {
    if (typeof step !== 'object' || step === null) {
      this.#fail(new TypeError('the iterator gave no result'));
      return;
    }
    if (this.#isOver) {
      if (step.done !== true) this.#listener.given(step.value);
      return;
    }
    if (step.done !== true) this.#listener.given(step.value);
    else {
      this.#isOver = true;
      this.#listener.ended();
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.ended(
      new PosthornError(
        'MESSAGE_SOURCE_FAILED',
        `What gives the messages failed (${told(error)}); those before it were sent, those after it are not known`,
        { cause: error },
      ),
    );
  }
}

function begin(messages: BulkMessages): Iterator<Given> | AsyncIterator<Given> {
  return Symbol.asyncIterator in messages
    ? messages[Symbol.asyncIterator]()
    : messages[Symbol.iterator]();
}

/** What went wrong with one message, as an error of ours. */
export function messageError(error: unknown): PosthornError {
  if (error instanceof PosthornError) return error;
  return new InvalidMessageError(
    'MESSAGE_SOURCE_FAILED',
    `The message could not be made (${told(error)}); nothing was sent`,
    { cause: error },
  );
}

const told = (error: unknown): string =>
  printable(error instanceof Error ? error.message : String(error));
