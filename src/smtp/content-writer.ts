// The content of a message on its way to the wire, in pieces of bounded size, with back-pressure.
import { InvalidMessageError, PosthornError, printable } from '../base/index.ts';
import type { Deadline } from '../net/internal.ts';
import type { ContentForm } from './content-form.ts';
import type { Dialogue } from './dialogue.ts';
import type { SendProgress, WireContent } from './envelope.ts';
import { tooLarge } from './parameters.ts';
import { reportProgress } from './progress.ts';

// What is gathered for one write, and the most that is written before the clock for progress starts anew. More at once
// costs less time for each octet, as long as the server takes it at once.
const PIECE_BYTES = 65_536;
const LARGEST_PIECE_BYTES = 524_288;
const QUICK_MS = 50;
// Content of known size up to this leaves in one write.
const ONE_WRITE_BYTES = 262_144;
// Below this, one copy is cheaper than one more buffer for the kernel to gather.
const SMALL_BYTES = 16_384;

/** What is to be seen to before the end is written. */
interface FinalTerms {
  /** The most the server takes. */
  readonly size: number | undefined;
  /** How many replies there will be. */
  readonly replies: number;
  /** Waited for before the last octets. Default: nothing. */
  readonly beforeFinal?: (() => Promise<void>) | undefined;
}

type Source = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

/** Writes content in one of its forms. */
export class ContentWriter {
  readonly #dialogue: Dialogue;
  readonly #form: ContentForm;
  readonly #dataMs: number;
  readonly #deadline: Deadline;
  readonly #onProgress: ((progress: SendProgress) => void) | undefined;
  readonly #bound: number;
  readonly #replies: number;
  readonly #beforeFinal: (() => Promise<void>) | undefined;
  #excess: InvalidMessageError | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  // How many of them are in memory of our own.
  #kept = 0;
  #enough = PIECE_BYTES;
  #pieceBytes = PIECE_BYTES;

  constructor(
    dialogue: Dialogue,
    form: ContentForm,
    deadline: Deadline,
    dataMs: number,
    onProgress: ((progress: SendProgress) => void) | undefined,
    { size, replies, beforeFinal }: FinalTerms,
  ) {
    this.#dialogue = dialogue;
    this.#form = form;
    this.#deadline = deadline;
    this.#dataMs = dataMs;
    this.#onProgress = onProgress;
    this.#bound = size || Infinity;
    this.#replies = replies;
    this.#beforeFinal = beforeFinal;
  }

  /**
   * The message's octets without what transport adds; `undefined` when the server refused a part, so that the rest was
   * not sent. Throws what broke the connection, or `MESSAGE_CONTENT_FAILED` when the source did; the end is not sent then.
   */
  async write(content: WireContent): Promise<number | undefined> {
    if ((content.size ?? Infinity) <= ONE_WRITE_BYTES) this.#enough = ONE_WRITE_BYTES;
    try {
      await this.#addAll(content);
    } catch (error) {
      throw this.#isOurs(error) ? error : this.#sourceFailed(error);
    }
    if (this.#form.isRefused) return undefined;
    for (const piece of this.#form.end()) this.#gather(piece);
    this.#checkSize();
    if (this.#beforeFinal) {
      await this.#ask(this.#beforeFinal);
      if (this.#form.isRefused) return undefined;
    }
    const what = { size: this.#pendingBytes, replies: this.#replies };
    this.#form.finish(this.#take(), what, this.#deadline);
    this.#report(content.size);
    return this.#form.size;
  }

  // Somebody has to know before the server can have it all. What it throws is what the delivery fails with.
  async #ask(beforeFinal: () => Promise<void>): Promise<void> {
    const isOver = (): boolean => this.#form.isRefused;
    const answer = Promise.resolve().then(beforeFinal);
    const result = await this.#dialogue.duringUnless(isOver, answer, 'content', this.#bounded());
    if (result?.status !== 'rejected') return;
    this.#form.giveUp();
    throw result.reason;
  }

  // What broke the connection, or the size: anything else is the source's.
  #isOurs(error: unknown): boolean {
    if (error instanceof PosthornError && this.#dialogue.state === 'closed') return true;
    return error === this.#excess;
  }

  async #addAll(content: WireContent): Promise<void> {
    const chunks = content.chunks();
    const source =
      Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    let isDone = false;
    try {
      let step = await this.#pull(source);
      while (step && !step.done && !this.#form.isRefused) {
        await this.#add(step.value, content);
        step = await this.#pull(source);
      }
      isDone = step?.done === true;
    } finally {
      // A source that is left early may hold a file open.
      if (!isDone) leave(source);
    }
  }

  // The next chunk. A source in memory answers at once; any other is waited for, as long as the connection lasts.
  async #pull(source: Source): Promise<IteratorResult<Uint8Array> | undefined> {
    const step = source.next();
    if (!('then' in step)) return step;
    const isOver = (): boolean => this.#form.isRefused;
    const result = await this.#dialogue.duringUnless(isOver, step, 'content', this.#bounded());
    if (result?.status === 'rejected') throw result.reason;
    return result?.value;
  }

  async #add(chunk: Uint8Array, { size, isRecycled }: WireContent): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const end = at + this.#pieceBytes;
      for (const piece of this.#form.push(chunk.subarray(at, end))) this.#gather(piece);
      at = end;
      if (this.#form.isRefused) return;
      if (this.#pendingBytes >= this.#enough) await this.#flush(size);
    }
    // What is small is kept until there is more of it, but not in memory that is used again.
    if (isRecycled) this.#keep();
  }

  #keep(): void {
    const pieces = this.#pending;
    for (; this.#kept < pieces.length; this.#kept += 1) {
      pieces[this.#kept] = Buffer.from(pieces[this.#kept] ?? []);
    }
  }

  async #flush(total: number | undefined): Promise<void> {
    this.#checkSize();
    const startedAt = performance.now();
    const bytes = this.#pendingBytes;
    await this.#form.write(this.#take(), bytes, this.#bounded());
    this.#form.reuse();
    const isQuick = performance.now() - startedAt < QUICK_MS;
    this.#pieceBytes = isQuick ? Math.min(2 * this.#pieceBytes, LARGEST_PIECE_BYTES) : PIECE_BYTES;
    this.#report(total);
  }

  // A stream may turn out longer than the server takes. It must not get the end: what it has is not the message.
  #checkSize(): void {
    const { size } = this.#form;
    if (size <= this.#bound) return;
    const context = this.#dialogue.context('content');
    this.#form.giveUp();
    this.#excess = tooLarge(size, this.#bound, context);
    throw this.#excess;
  }

  #gather(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
  }

  #take(): readonly Uint8Array[] {
    const pieces = this.#pending;
    const isSmall = pieces.length > 1 && this.#pendingBytes <= SMALL_BYTES;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#kept = 0;
    return isSmall ? [Buffer.concat(pieces)] : pieces;
  }

  #bounded(): Deadline {
    return this.#deadline.within(this.#dataMs, 'timeoutsMs.data');
  }

  #report(total: number | undefined): void {
    if (this.#onProgress) reportProgress(this.#onProgress, this.#form.size, total);
  }

  // The server must not get the end: what it has is not the message.
  #sourceFailed(cause: unknown): InvalidMessageError {
    const context = this.#dialogue.context('content');
    this.#form.giveUp();
    const reason = cause instanceof Error ? cause.message : String(cause);
    // An error of ours tells by itself what could not be read.
    const what =
      cause instanceof PosthornError
        ? reason
        : `Reading the message failed midway (${printable(reason)})`;
    return new InvalidMessageError(
      'MESSAGE_CONTENT_FAILED',
      `${what}; the transaction was aborted and nothing is delivered`,
      { ...context, cause },
    );
  }
}

// What goes wrong in it is not the story, also when it is thrown at once.
function leave(source: Source): void {
  Promise.resolve()
    .then(() => source.return?.())
    .catch(() => undefined);
}
