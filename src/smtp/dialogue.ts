// One conversation with one server: commands out, answers in, one place where it waits and one where it fails.
import type { Duplex } from 'node:stream';
import type { ErrorContext, EventListener, PosthornError, Stage } from '../base/index.ts';
import { ConnectionError, ProtocolError, TlsError } from '../base/index.ts';
import { emit, isHeard } from '../base/internal.ts';
import type { Deadline } from '../net/internal.ts';
import type { CommandLine } from './command.ts';
import {
  closedError,
  closingError,
  inContext,
  peerOf,
  replyError,
  unexpectedReply,
} from './failure.ts';
import type { Redactor } from './redactor.ts';
import { type Answer, Session, type SessionState, type Verb } from './session.ts';
import { Transcript } from './transcript.ts';
import { Wire, type WireReader } from './wire.ts';

/** What made the conversation end, told anew for each call that meets it. */
export type Failure = (context: ErrorContext) => PosthornError;

interface Wait {
  readonly look: () => void;
  readonly stage: Stage;
}

/** Who is told of the answers as they come, instead of asking for them. */
export interface Hearer {
  /** What errors name as the step that is under way. */
  readonly stage: Stage;
  /** Whether it has nothing under way. */
  readonly isIdle: boolean;
  /** An answer to what it sent, also one that ends the conversation. */
  heard(answer: Answer): void;
  /** All that has arrived has been heard: the time to write. */
  quiet(): void;
  /** What was written has left. */
  drained(): void;
  /** The conversation is over. */
  over(failure: Failure): void;
}

/** Bound to one stream, or after STARTTLS to the two of one connection. One caller at a time. */
export class Dialogue implements WireReader {
  /** What events carry. */
  readonly id: number;
  readonly #host: string;
  readonly #port: number;
  readonly #onEvent: EventListener | undefined;
  readonly #redactor: Redactor;
  readonly #transcript = new Transcript();
  #wire: Wire;
  #session: Session;
  #answers: Answer[] = [];
  #wait: Wait | undefined;
  #failure: Failure | undefined;
  #unwritten = 0;
  #hearer: Hearer | undefined;
  // For each answer that is awaited, whether the hearer is told of it.
  readonly #isForHearer: boolean[] = [];
  #hasNews = false;
  #askedAt: number = performance.now();

  constructor(
    stream: Duplex,
    to: { readonly host: string; readonly port: number },
    id: number,
    redactor: Redactor,
    onEvent: EventListener | undefined,
  ) {
    this.id = id;
    this.#host = to.host;
    this.#port = to.port;
    this.#redactor = redactor;
    this.#onEvent = onEvent;
    this.#session = new Session('connected');
    this.#wire = new Wire(stream, this);
  }

  /** Where the conversation stands. */
  get state(): SessionState {
    return this.#failure ? 'closed' : this.#session.state;
  }

  /** Whether bytes have come that can't be the answer to the next command. */
  get hasUnread(): boolean {
    return this.#session.hasUnread;
  }

  /** What ended the conversation; `undefined` while it goes on. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Whether the stream takes more. */
  get isDrained(): boolean {
    return this.#unwritten === 0;
  }

  /** From now on `hearer` is told of the answers to what it sends. */
  attach(hearer: Hearer): void {
    this.#hearer = hearer;
  }

  /**
   * The hearer is about to write a command, or content, to which `replies` will come. When that can't be said now,
   * the conversation is over, and the result `false`. `shown` is for transcripts.
   */
  expects(verb: Verb, shown: string | undefined, replies: number): boolean {
    if (this.#failure) return false;
    try {
      this.#session.sending(verb, replies);
    } catch (error) {
      this.end((context) => inContext(error, context));
      return false;
    }
    for (let count = 0; count < replies; count += 1) this.#isForHearer.push(true);
    this.#askedAt = performance.now();
    if (shown !== undefined) this.#tellOf(shown);
    return true;
  }

  /** Writes what was announced by `expects`, in one go. */
  write(parts: readonly (string | Uint8Array)[]): void {
    if (this.#failure) return;
    this.#unwritten += 1;
    this.#wire.writeAll(parts, this.#written);
  }

  /** Ends the conversation for this reason. */
  end(failure: Failure): void {
    this.#fail(failure);
  }

  /** Ends it because we have waited long enough: what is under way fails so, what comes later learns that we closed. */
  abandon(failure: Failure): void {
    const stage = this.#hearer?.stage ?? 'idle';
    this.#end(closedByUs, failure(this.context(stage)).message, failure);
  }

  /** Whether the order of the conversation has room for the command. */
  mayTell(verb: Verb): boolean {
    return this.#session.allows(verb);
  }

  /** What every error of this connection carries. */
  context(stage: Stage): ErrorContext {
    return {
      stage,
      host: this.#host,
      port: this.#port,
      // That stage begins when the final dot is written; what came of a message says nothing of the next one.
      delivered: stage === 'final-reply' ? 'unknown' : 'no',
      transcript: this.#transcript.lines(),
    };
  }

  /** Sends one command and waits for its answer. */
  async ask(verb: Verb, line: CommandLine, stage: Stage, deadline: Deadline): Promise<Answer> {
    this.#mayWrite(stage, deadline);
    this.tell(verb, line, stage);
    return await this.hear(stage, deadline);
  }

  /** Sends one command. Its answer is heard later, in the order in which commands were told. */
  tell(verb: Verb, { line, shown }: CommandLine, stage: Stage): void {
    this.#expect(verb, stage);
    this.#tellOf(shown);
    this.#wire.write(`${line}\r\n`);
  }

  /** Sends one command with octets behind it, to which `replies` come. */
  tellWith(verb: Verb, { line, shown }: CommandLine, bytes: Uint8Array, replies: number): void {
    this.#expect(verb, 'content', replies);
    this.#tellOf(shown);
    this.#wire.writeAll([`${line}\r\n`, bytes]);
  }

  /**
   * The next answer. Throws what ended the conversation: 421, a reply of the wrong class, bytes that are no reply,
   * a closed stream, the deadline. A refusal is not thrown: it is an answer.
   */
  async hear(stage: Stage, deadline: Deadline): Promise<Answer> {
    await this.#until(() => this.#answers.length > 0, stage, deadline);
    const answer = this.#answers.shift();
    const verb = answer?.verb;
    if (!answer || !verb) throw this.#failed(stage);
    const { reply, verdict } = answer;
    if (verdict === 'closing') throw this.#refuse(stage, (known) => closingError(reply, known));
    if (verdict === 'violation') {
      throw this.#refuse(stage, (known) => unexpectedReply(verb, reply, known));
    }
    return answer;
  }

  /** Writes content and waits until it has left, so that its memory may be used again, or fails. */
  async writeContent(chunks: readonly Uint8Array[], deadline: Deadline): Promise<void> {
    this.#mayWrite('content', deadline);
    this.#unwritten += 1;
    this.#wire.writeAll(chunks, this.#written);
    await this.#until(() => this.#unwritten === 0, 'content', deadline);
  }

  /**
   * Writes the last of the content, the final dot among it. From here on the server may have the message, and gives
   * as many answers as `replies` says.
   */
  finishContent(chunks: readonly Uint8Array[], replies: number, deadline: Deadline): void {
    this.#mayWrite('content', deadline);
    this.#expect('content', 'content', replies);
    this.#wire.writeAll(chunks);
  }

  /** As `writeContent`, as one chunk that is not the last, to which a reply will come (RFC 3030). */
  async writeChunk(chunks: readonly Uint8Array[], size: number, deadline: Deadline): Promise<void> {
    this.#mayWrite('content', deadline);
    const line = `BDAT ${size}`;
    this.expects('chunk', line, 1);
    await this.writeContent([Buffer.from(`${line}\r\n`), ...chunks], deadline);
  }

  /** As `finishContent`, with the last chunk (RFC 3030). */
  finishChunks(
    chunks: readonly Uint8Array[],
    { size, replies }: { readonly size: number; readonly replies: number },
    deadline: Deadline,
  ): void {
    this.#mayWrite('content', deadline);
    const line = `BDAT ${size} LAST`;
    if (!this.expects('BDAT', line, replies)) throw this.#failed('content');
    this.#wire.writeAll([`${line}\r\n`, ...chunks]);
  }

  /** Waits for `work` of the caller's, but not longer than the conversation lasts. */
  async during<T>(
    work: Promise<T>,
    stage: Stage,
    deadline: Deadline,
  ): Promise<PromiseSettledResult<T>> {
    const result = await this.duringUnless(() => false, work, stage, deadline);
    if (!result) throw this.#failed(stage);
    return result;
  }

  /** The same, but `undefined` once `isOver`, which is looked at whenever something has arrived. */
  async duringUnless<T>(
    isOver: () => boolean,
    work: Promise<T>,
    stage: Stage,
    deadline: Deadline,
  ): Promise<PromiseSettledResult<T> | undefined> {
    let result: PromiseSettledResult<T> | undefined;
    work.then(
      (value) => {
        result = { status: 'fulfilled', value };
        this.#wait?.look();
      },
      (reason: unknown) => {
        result = { status: 'rejected', reason };
        this.#wait?.look();
      },
    );
    await this.#until(() => result !== undefined || isOver(), stage, deadline);
    return result;
  }

  /**
   * Hands the stream to `upgrade` after a positive reply to STARTTLS, and starts a fresh conversation on what it
   * returns. RFC 3207 section 4.2: nothing said before the handshake may be trusted after it.
   */
  async upgrade(upgrade: (stream: Duplex) => Promise<Duplex>): Promise<void> {
    if (this.#session.hasUnread) this.#fail(starttlsViolation);
    if (this.#failure) throw this.#failed('starttls');
    try {
      const stream = await upgrade(this.#wire.release());
      this.#session = new Session('greeted');
      this.#wire = new Wire(stream, this);
    } catch (error) {
      this.#abandon(error);
      throw error;
    }
  }

  /** Secrets that replies, transcripts and events must not show from now on. */
  mask(secrets: readonly string[]): void {
    this.#redactor.learn(secrets);
  }

  /** Text of the server's without the secrets. */
  masked(text: string): string {
    return this.#redactor.cleanText(text);
  }

  /** Lets the process end although the stream is open. */
  unref(): void {
    this.#wire.unref();
  }

  /** Keeps the process alive again. */
  ref(): void {
    this.#wire.ref();
  }

  /** Closes the stream; calls that wait or come later fail. */
  close(): void {
    this.#end(closedByUs, 'closed by this program');
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#failure) return;
    const isLogin = this.#session.awaiting === 'AUTH';
    try {
      for (const answer of this.#session.receive(bytes)) this.#take(answer);
    } catch (error) {
      const isEarly = this.#session.state === 'tls';
      // What is no reply may be our own line sent back: nothing of it is shown while we log in.
      const reason = isLogin && error instanceof ProtocolError ? noReplyToAuth() : error;
      this.#fail(isEarly ? starttlsViolation : (context) => inContext(reason, context));
    }
    this.#wait?.look();
    // A word that nobody asked for, whole or not: what is said next could be taken for something else.
    if (this.#session.hasUnread && this.#hearer?.isIdle && !this.#session.awaiting)
      this.#end(closedByUs, UNASKED);
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#hearer?.quiet();
  }

  onClosed(error: Error | undefined): void {
    this.#fail((context) => closedError(error, context));
  }

  readonly #written = (): void => {
    this.#unwritten -= 1;
    this.#wait?.look();
    if (this.#unwritten === 0) this.#hearer?.drained();
  };

  #take(answer: Answer): void {
    const reply = this.#redactor.clean(answer.reply, answer.verb === 'AUTH');
    this.#transcript.reply(reply);
    if (isHeard(this.#onEvent, 'reply')) {
      const durationMs = performance.now() - this.#askedAt;
      emit(this.#onEvent, {
        type: 'reply',
        at: new Date(),
        connectionId: this.id,
        reply,
        durationMs,
      });
    }
    if (answer.verb !== undefined && this.#isForHearer.shift()) {
      this.#hasNews = true;
      this.#hearer?.heard(reply === answer.reply ? answer : { ...answer, reply });
      return;
    }
    // A challenge is needed as it is; only the mechanism sees it. So are the names of extensions, which a short
    // password may look like.
    const isHello = answer.verb === 'EHLO' || answer.verb === 'LHLO';
    const isOffer = isHello && answer.verdict === 'positive';
    if (answer.verdict === 'continue' || isOffer) this.#answers.push(answer);
    else if (answer.verb !== undefined) this.#answers.push({ ...answer, reply });
    else if (answer.verdict === 'closing') this.#fail((context) => closingError(reply, context));
    else this.#fail((context) => replyError('content', reply, context));
  }

  #tellOf(shown: string): void {
    this.#transcript.command(shown);
    if (!isHeard(this.#onEvent, 'command')) return;
    emit(this.#onEvent, { type: 'command', at: new Date(), connectionId: this.id, line: shown });
  }

  #mayWrite(stage: Stage, deadline: Deadline): void {
    if (this.#failure) throw this.#failed(stage);
    try {
      deadline.check(stage, () => this.context(stage));
    } catch (error) {
      this.#abandon(error);
      throw error;
    }
  }

  #expect(verb: Verb, stage: Stage, replies = 1): void {
    if (this.#failure) throw this.#failed(stage);
    try {
      this.#session.sending(verb, replies);
    } catch (error) {
      this.#fail((context) => inContext(error, context));
      throw this.#failed(stage);
    }
    // The replies to content that is written piece by piece are the hearer's, when it is its content.
    const isForHearer = verb === 'content' && this.#hearer?.isIdle === false;
    for (let count = 0; count < replies; count += 1) this.#isForHearer.push(isForHearer);
    this.#askedAt = performance.now();
  }

  // The only wait. What has arrived comes before what went wrong after it.
  async #until(isReady: () => boolean, stage: Stage, deadline: Deadline): Promise<void> {
    if (isReady()) return;
    if (this.#failure) throw this.#failed(stage);
    const ready = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (isReady()) resolve();
        else if (this.#failure) reject(this.#failed(stage));
      };
      this.#wait = { look, stage };
    });
    try {
      await deadline.wait(stage, ready, () => this.context(stage));
    } catch (error) {
      // The caller may abort while being told of the very reply: it counts all the same.
      if (isReady()) return;
      this.#abandon(error);
      throw error;
    } finally {
      this.#wait = undefined;
    }
  }

  // What the answer says is the story, also when the connection has broken since.
  #refuse(stage: Stage, failure: Failure): PosthornError {
    this.#fail(failure);
    return failure(this.context(stage));
  }

  #failed(stage: Stage): PosthornError {
    return (this.#failure ?? closedByUs)(this.context(stage));
  }

  #fail(failure: Failure): void {
    // Most connections end well: no error is made for nobody.
    if (this.#failure) return;
    const stage = this.#wait?.stage ?? this.#hearer?.stage ?? 'idle';
    this.#end(failure, failure(this.context(stage)).message);
  }

  // The call that failed has its error; those that come later only need to know that we closed.
  #abandon(error: unknown): void {
    this.#end(closedByUs, error instanceof Error ? error.message : String(error));
  }

  // The first cause stands: what follows it is only its consequence.
  #end(failure: Failure, reason: string, now: Failure = failure): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#wire.destroy();
    emit(this.#onEvent, { type: 'close', at: new Date(), connectionId: this.id, reason });
    this.#wait?.look();
    this.#hearer?.over(now);
  }
}

const UNASKED = 'the server sent something that nothing had been asked for';

function noReplyToAuth(): ProtocolError {
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    "The server's answer to AUTH is not an SMTP reply",
  );
}

function closedByUs(context: ErrorContext): PosthornError {
  const cure =
    context.delivered === 'unknown' ? 'the message may have been delivered' : 'open a new one';
  return new ConnectionError(
    'CLIENT_CLOSED',
    `The connection to ${peerOf(context)} has been closed by this program; ${cure}`,
    context,
  );
}

// RFC 3207 section 6: whoever sits on the way could have put these bytes there.
function starttlsViolation(context: ErrorContext): PosthornError {
  return new TlsError(
    'TLS_STARTTLS_VIOLATION',
    `${peerOf(context)} sent bytes after its reply to STARTTLS and before the handshake; somebody on the way may have put them there, so the connection was closed`,
    { ...context, retryable: false },
  );
}
