// The two ways of content over the wire: after DATA, with line ends and dots seen to, or in chunks of known size.
import type { Deadline } from '../net/internal.ts';
import type { Dialogue } from './dialogue.ts';
import { DotStuffer } from './dot-stuffer.ts';

/** How content is laid out and written. */
export interface ContentForm {
  /** Octets of the message so far, without what transport adds. */
  readonly size: number;
  /** Whether the server has refused a part, so that it wants no more. */
  readonly isRefused: boolean;
  /** What to write for `bytes`; to be written before {@link ContentForm.reuse} is called. */
  push(bytes: Uint8Array): readonly Uint8Array[];
  /** Everything given out so far has been written: its memory may be used again. */
  reuse(): void;
  /** What comes behind the last bytes; called once. */
  end(): readonly Uint8Array[];
  /** Writes `bytes` octets in pieces and waits until they have left. */
  write(pieces: readonly Uint8Array[], bytes: number, deadline: Deadline): Promise<void>;
  /** Writes the last of it, to which `replies` will come. */
  finish(
    pieces: readonly Uint8Array[],
    what: { readonly size: number; readonly replies: number },
    deadline: Deadline,
  ): void;
  /** The rest will not come: the server must not take what it has for the message. */
  giveUp(): void;
}

/** After DATA (RFC 5321 section 4.1.1.4). Only the dot ends it, so that giving up costs the connection. */
export class DottedForm implements ContentForm {
  readonly isRefused = false;
  readonly #dialogue: Dialogue;
  readonly #stuffer = new DotStuffer();

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  get size(): number {
    return this.#stuffer.size;
  }

  push(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#stuffer.push(bytes);
  }

  reuse(): void {
    this.#stuffer.reuse();
  }

  end(): readonly Uint8Array[] {
    return [this.#stuffer.end()];
  }

  async write(pieces: readonly Uint8Array[], _bytes: number, deadline: Deadline): Promise<void> {
    await this.#dialogue.writeContent(pieces, deadline);
  }

  finish(
    pieces: readonly Uint8Array[],
    { replies }: { readonly replies: number },
    deadline: Deadline,
  ): void {
    this.#dialogue.finishContent(pieces, replies, deadline);
  }

  giveUp(): void {
    this.#dialogue.close();
  }
}

/** Who counts the replies to chunks. */
export interface ChunkCounter {
  /** Whether one was refused. RFC 3030 section 2: no more are sent then. */
  readonly isChunkRefused: boolean;
  /** One that is not the last is about to be written. */
  chunkTold(): void;
}

/** In chunks (RFC 3030), whose ends need no sign: without the last one the server has nothing. */
export class ChunkedForm implements ContentForm {
  readonly #dialogue: Dialogue;
  readonly #counter: ChunkCounter;
  size = 0;

  constructor(dialogue: Dialogue, counter: ChunkCounter) {
    this.#dialogue = dialogue;
    this.#counter = counter;
  }

  get isRefused(): boolean {
    return this.#counter.isChunkRefused;
  }

  push(bytes: Uint8Array): readonly Uint8Array[] {
    this.size += bytes.length;
    return [bytes];
  }

  reuse(): void {
    // No memory of its own.
  }

  end(): readonly Uint8Array[] {
    return [];
  }

  async write(pieces: readonly Uint8Array[], bytes: number, deadline: Deadline): Promise<void> {
    this.#counter.chunkTold();
    await this.#dialogue.writeChunk(pieces, bytes, deadline);
  }

  finish(
    pieces: readonly Uint8Array[],
    what: { readonly size: number; readonly replies: number },
    deadline: Deadline,
  ): void {
    this.#dialogue.finishChunks(pieces, what, deadline);
  }

  giveUp(): void {
    // RSET follows.
  }
}
