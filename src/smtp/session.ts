// The conversation as a state machine: which command may come when, and which reply answers it. No I/O.
import { ProtocolError, printable, type SmtpReply } from '../base/index.ts';
import { ReplyReader } from './reply-reader.ts';

/**
 * What is answered by a reply: a command, the greeting, or the content after its final dot. `'BDAT'` is the last chunk of
 * a message, `'chunk'` any before it.
 */
export type Verb =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'LHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'content'
  | 'chunk'
  | 'BDAT'
  | 'RSET'
  | 'NOOP'
  | 'VRFY'
  | 'EXPN'
  | 'HELP'
  | 'ETRN'
  | 'QUIT'
  | 'other';

/** Where the conversation stands. */
export type SessionState =
  | 'connected'
  | 'greeted'
  | 'ready'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'content'
  | 'chunks'
  | 'closed';

// What may be asked at any time and changes nothing (RFC 5321 section 4.1.4).
const asides = (state: SessionState): Partial<Record<Verb, SessionState>> => ({
  NOOP: state,
  VRFY: state,
  EXPN: state,
  HELP: state,
  ETRN: state,
  other: state,
  QUIT: 'closed',
});

// The order of the conversation (RFC 5321 section 4.1.4): in each state, what may be sent and where a positive reply
// leads. A negative reply leaves the state as it is, but for the content, which ends the transaction either way.
const CONVERSATION: Record<SessionState, Partial<Record<Verb, SessionState>>> = {
  connected: { greeting: 'greeted' },
  greeted: { ...asides('greeted'), EHLO: 'ready', HELO: 'ready', LHLO: 'ready' },
  ready: {
    ...asides('ready'),
    EHLO: 'ready',
    HELO: 'ready',
    LHLO: 'ready',
    STARTTLS: 'tls',
    AUTH: 'ready',
    MAIL: 'mail',
    RSET: 'ready',
  },
  // Nothing is said between the reply to STARTTLS and the handshake; afterwards a new session starts.
  tls: {},
  auth: { AUTH: 'ready' },
  mail: { ...asides('mail'), RCPT: 'rcpt', RSET: 'ready' },
  rcpt: {
    ...asides('rcpt'),
    RCPT: 'rcpt',
    DATA: 'content',
    chunk: 'chunks',
    BDAT: 'ready',
    RSET: 'ready',
  },
  content: { content: 'ready' },
  // RFC 3030 section 2: once a chunk has been sent, the rest goes in chunks, or RSET ends it.
  chunks: { ...asides('chunks'), chunk: 'chunks', BDAT: 'ready', RSET: 'ready' },
  closed: {},
};

/** What a reply means for the command it answers. */
export type Verdict = 'positive' | 'continue' | 'negative' | 'closing' | 'violation';

/** A reply together with what it answers; `undefined` when nothing was asked. */
export interface Answer {
  readonly verb: Verb | undefined;
  readonly reply: SmtpReply;
  readonly verdict: Verdict;
}

interface Awaited {
  readonly verb: Verb;
  readonly next: SessionState;
}

/** One conversation over one stream; a new one starts after STARTTLS. */
export class Session {
  readonly #reader = new ReplyReader();
  readonly #awaited: Awaited[] = [];
  #state: SessionState;
  // Where the conversation will stand when everything that was sent is answered positively.
  #ahead: SessionState;

  /** `'connected'` awaits a greeting; `'greeted'` is for the stream after STARTTLS, which has none. */
  constructor(state: 'connected' | 'greeted') {
    this.#state = state;
    this.#ahead = state;
    if (state === 'connected') this.sending('greeting');
  }

  /** Where the conversation stands by the replies so far. */
  get state(): SessionState {
    return this.#state;
  }

  /** Whether bytes of a reply have come that nothing asked for, or not all of one that was. */
  get hasUnread(): boolean {
    return this.#reader.hasLeftover;
  }

  /** What the next reply will answer; `undefined` when every command has its reply. */
  get awaiting(): Verb | undefined {
    return this.#awaited[0]?.verb;
  }

  /** Whether the order of the conversation has room for the command. */
  allows(verb: Verb): boolean {
    return CONVERSATION[this.#ahead][verb] !== undefined;
  }

  /**
   * To be called before a command is written. Throws `ProtocolError` when the conversation has no
   * room for it or when the server has begun a reply that nothing asked for. `replies` is how many answer it: over
   * LMTP the content has one for each recipient (RFC 2033 section 4.2).
   */
  sending(verb: Verb, replies = 1): void {
    const next = CONVERSATION[this.#ahead][verb];
    if (next === undefined) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        `${verb} can't be sent in state '${this.#ahead}'; send the commands in the order of RFC 5321`,
      );
    }
    if (!this.awaiting && this.#reader.hasLeftover) {
      throw new ProtocolError(
        'PROTOCOL_VIOLATION',
        `The server began a reply before ${verb} was sent; it can't be taken as the answer`,
      );
    }
    for (let more = replies - 1; more > 0; more--) this.#awaited.push({ verb, next: 'content' });
    this.#awaited.push({ verb, next });
    this.#ahead = next;
  }

  /**
   * The answers that these bytes complete. Throws `ProtocolError` or `LimitError` at the first byte that
   * breaks the rules; answers before it have been given by then.
   */
  *receive(bytes: Uint8Array): Generator<Answer, void> {
    for (const reply of this.#reader.push(bytes)) yield this.#answer(reply);
  }

  #answer(reply: SmtpReply): Answer {
    const asked = this.#awaited.shift();
    const verdict = asked ? judge(asked.verb, reply.code) : this.#judgeUnasked(reply);
    if (verdict === 'closing') this.#state = 'closed';
    else if (asked) this.#state = this.#stateAfter(asked, verdict);
    if (!this.awaiting) this.#ahead = this.#state;
    return { verb: asked?.verb, reply, verdict };
  }

  #stateAfter({ verb, next }: Awaited, verdict: Verdict): SessionState {
    if (verdict === 'positive') return next;
    if (verdict === 'continue') return 'auth';
    if (verb === 'content' || verb === 'BDAT') return next;
    return verb === 'AUTH' ? 'ready' : this.#state;
  }

  // RFC 5321 section 3.8: 421 may come at any time. A refusal while the content is on its way is taken at its word;
  // an acceptance that early is a lie.
  #judgeUnasked({ code, lines }: SmtpReply): Verdict {
    if (code === 421) return 'closing';
    if (this.#state === 'content' && code >= 400) return 'negative';
    throw new ProtocolError(
      'PROTOCOL_VIOLATION',
      `The server sent '${code} ${printable(lines.join(' '), 80)}' although nothing was asked; it can't be taken as an answer`,
    );
  }
}

function judge(verb: Verb, code: number): Verdict {
  if (code === 421) return verb === 'QUIT' ? 'positive' : 'closing';
  if (code >= 400) return 'negative';
  if (verb === 'AUTH' && code === 334) return 'continue';
  // What the reply to a command of somebody else's means is not known here.
  if (verb === 'other') return 'positive';
  const expected = verb === 'DATA' ? 3 : 2;
  return Math.floor(code / 100) === expected ? 'positive' : 'violation';
}
