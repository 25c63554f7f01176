import { LimitError } from '../base/index.ts';
import {
  joinTexts,
  type MailAddress,
  type MessageBodies,
  mailboxesOf,
  messageBodies,
  type ParsedEntity,
  type ParsedHeaders,
  parseEntity,
  readAddressList,
  readDate,
} from '../mime/index.ts';
import type {
  InboxAttachment,
  InboxEnvelope,
  InboxMessage,
  InboxProblem,
  InboxSession,
} from './inbox-message.ts';

/** What an SMTP transaction leaves behind. */
export interface Arrival {
  readonly envelope: InboxEnvelope;
  readonly session: InboxSession;
  readonly raw: Uint8Array;
}

/** A kept message; its text is parsed when something of it is first asked for. */
export class ReceivedMail implements InboxMessage {
  readonly id: string = newId();
  readonly receivedAt: Date = new Date();
  readonly envelope: InboxEnvelope;
  readonly session: InboxSession;
  readonly raw: Uint8Array;
  read = false;
  #parsed: Parsed | undefined;

  constructor(arrival: Arrival) {
    this.envelope = arrival.envelope;
    this.session = arrival.session;
    this.raw = arrival.raw;
  }

  get size(): number {
    return this.raw.length;
  }

  get subject(): string {
    return this.headers.get('subject') ?? '';
  }

  get from(): readonly MailAddress[] {
    return this.#mailboxes('from');
  }

  get to(): readonly MailAddress[] {
    return this.#mailboxes('to');
  }

  get cc(): readonly MailAddress[] {
    return this.#mailboxes('cc');
  }

  get replyTo(): readonly MailAddress[] {
    return this.#mailboxes('reply-to');
  }

  get date(): Date | undefined {
    const value = this.headers.get('date');
    return value === undefined ? undefined : readDate(value);
  }

  get messageId(): string | undefined {
    return this.headers.get('message-id') || undefined;
  }

  get text(): string | undefined {
    return joinTexts(this.#read().bodies.text);
  }

  get html(): string | undefined {
    return joinTexts(this.#read().bodies.html);
  }

  get attachments(): readonly InboxAttachment[] {
    return this.files.map((entity) => new AttachmentOf(entity));
  }

  /** The parts that {@link ReceivedMail.attachments} are. */
  get files(): readonly ParsedEntity[] {
    return this.#read().bodies.attachments;
  }

  get headers(): ParsedHeaders {
    return this.root.headers;
  }

  get root(): ParsedEntity {
    return this.#read().root;
  }

  get problems(): readonly InboxProblem[] {
    return this.#read().problems;
  }

  #mailboxes(field: string): readonly MailAddress[] {
    const raw = this.headers.raw(field);
    return raw === undefined ? [] : mailboxesOf(readAddressList(raw).addresses);
  }

  #read(): Parsed {
    this.#parsed ??= parse(this.raw);
    return this.#parsed;
  }
}

interface Parsed {
  readonly root: ParsedEntity;
  readonly bodies: MessageBodies;
  readonly problems: readonly InboxProblem[];
}

/** A message past a limit still shows: with its header when that can be read, else as an empty one. */
function parse(raw: Uint8Array): Parsed {
  let passed: LimitError | undefined;
  for (const attempt of [raw, headerOf(raw), new Uint8Array(0)]) {
    try {
      const root = parseEntity(attempt);
      const problems: InboxProblem[] = [...root.problems];
      if (passed) {
        problems.unshift({ code: passed.code, message: passed.message, offset: 0, line: 1 });
      }
      return { root, bodies: messageBodies(root), problems };
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      passed ??= error;
    }
  }
  throw passed;
}

function headerOf(raw: Uint8Array): Uint8Array {
  const end = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).indexOf('\r\n\r\n');
  return end < 0 ? raw : raw.subarray(0, end + 4);
}

class AttachmentOf implements InboxAttachment {
  readonly filename: string | undefined;
  readonly contentType: string;
  readonly disposition: string | undefined;
  readonly cid: string | undefined;
  readonly #entity: ParsedEntity;

  constructor(entity: ParsedEntity) {
    this.filename = entity.filename;
    this.contentType = entity.contentType.value;
    this.disposition = entity.disposition?.value;
    this.cid = entity.cid;
    this.#entity = entity;
  }

  get size(): number {
    return this.#entity.content().length;
  }

  bytes(): Promise<Uint8Array> {
    return Promise.resolve(this.#entity.content());
  }
}

/** Not to be guessed: a page that knows no id can't ask for a message. */
function newId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 20);
}
