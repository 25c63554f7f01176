// The message and its attachments, as callers see them. They stand in one file because each holds the other: a
// message has attachments, an attachment may be a message. The work is done in the files imported here.
import { fileURLToPath } from 'node:url';
import { collectBytes } from '../base/internal.ts';
import type { ParsedEntity, ParseOptions, Rendered, RenderOptions } from '../mime/index.ts';
import type { AlternateView } from './alternate-view.ts';
import { AttachedPart } from './attached-part.ts';
import type { MessageBody } from './body-lists.ts';
import { readReport } from './bounce/read-report.ts';
import type { BounceReport, MailReport } from './bounce/report.ts';
import { ComposedBody } from './composed-body.ts';
import { type ContentSource, renderedSource } from './content-source.ts';
import { mayBeForeign } from './detect-format.ts';
import { type Envelope, envelopeOf } from './envelope.ts';
import { fieldError } from './field-checks.ts';
import {
  type LoadOptions,
  loadFormat,
  type MessageSource,
  openSource,
  pathOfSource,
  type SaveOptions,
  saveFormat,
  webStream,
  writeFileWhole,
} from './files.ts';
import { findTnef } from './find-tnef.ts';
import { emptyHead } from './head-values.ts';
import { Identity } from './identity.ts';
import { type Inspect, inspectCustom, showAttachment, showMessage } from './inspect.ts';
import { type ComposeOptions, checkFields, type HeadFields } from './message-fields.ts';
import {
  ComposedForm,
  type MessageForm,
  type MessageState,
  type Prepared,
} from './message-form.ts';
import { checkFormat, type MessageFormat } from './message-format.ts';
import { MessageHead } from './message-head.ts';
import {
  type HeaderEntry,
  type HeadersInput,
  MessageHeaders,
  readHeadersInput,
} from './message-headers.ts';
import type { MessageProblem } from './message-problem.ts';
import { OpenedForm } from './opened-form.ts';
import { type AttachmentOptions, messageFileName, type Part, readPart } from './part.ts';
import {
  type ForwardAsAttachmentOptions,
  type ForwardInlineOptions,
  forwardAsAttachmentFields,
  forwardInlineFields,
} from './reply/forward-fields.ts';
import { type ReplyOptions, replyFields } from './reply/reply-fields.ts';
import { storedBody } from './stored-body.ts';
import { storedForm, untouchedForm } from './stored-form.ts';
import { storedEntries } from './stored-header.ts';
import { StoredMail } from './stored-mail.ts';
import { StoredPart } from './stored-part.ts';

/** What `attachments` and `linkedResources` take: options, a whole message, or an attachment of another message. */
export type AttachmentInput = AttachmentOptions | MailMessage | Attachment;

/** What `new MailMessage({ … })` takes: every field of a message, and how to write it. */
export interface MessageFields extends HeadFields, ComposeOptions {
  /** The text. Line ends may be LF or CRLF. */
  readonly text?: string | undefined;
  /** The HTML. */
  readonly html?: string | undefined;
  /** Files to save. */
  readonly attachments?: readonly AttachmentInput[] | undefined;
  /** Parts that the HTML refers to by their `cid`. */
  readonly linkedResources?: readonly AttachmentInput[] | undefined;
  /** Other forms of the text: a watch's HTML, AMP, a calendar. */
  readonly alternateViews?: readonly AlternateView[] | undefined;
}

/** A part of a message that is not its text: a file, a picture in the HTML, a whole message. Immutable. */
export class Attachment extends AttachedPart {
  #message: MailMessage | undefined;
  readonly #stored: StoredPart | undefined;

  /**
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: an option has a value it can't have.
   * @throws {@link OptionError} An option is not known.
   */
  constructor(input: AttachmentOptions | MailMessage);
  /** @internal */
  constructor(input: AttachmentOptions | MailMessage | StoredPart, property: string);
  constructor(input: AttachmentOptions | MailMessage | StoredPart, property = 'attachment') {
    if (input instanceof StoredPart) super(input.part);
    else super(input instanceof MailMessage ? messagePart(input) : readPart(input, property));
    if (input instanceof StoredPart) this.#stored = input;
    if (input instanceof MailMessage) this.#message = input;
  }

  /** The whole message that this is; `undefined` for anything else, and for a message that was given as a file or stream. */
  get message(): MailMessage | undefined {
    if (this.#message || !this.contentType.startsWith('message/')) return this.#message;
    const inner = this.#stored?.message();
    const { bytes } = this.part.source;
    if (inner) this.#message = new MailMessage(inner);
    else if (!this.#stored && bytes && this.contentType === 'message/rfc822') {
      this.#message = MailMessage.parse(bytes);
    }
    return this.#message;
  }

  /** @internal What console.log shows. */
  [inspectCustom](_depth: number, options: object, inspect: Inspect): string {
    return showAttachment(this, options, inspect);
  }
}

/** A message as a part of another: written anew each time, as it is then. */
function messagePart(message: MailMessage): Part {
  return {
    ...readPart({ content: '', contentType: 'message/rfc822' }, 'attachment'),
    filename: messageFileName(message.subject),
    source: renderedSource(async (outer) => (await message.prepare(outer))({})),
  };
}

const toAttachment = (input: unknown, property: string): Attachment =>
  input instanceof Attachment ? input : new Attachment(input as AttachmentOptions, property);

/**
 * An internet message (RFC 5322, MIME). Composed from fields, or read from bytes: then everything is decoded at
 * first use, and it is written back byte for byte but for the fields and parts that were changed.
 */
export class MailMessage extends MessageHead {
  readonly #stored: StoredMail | undefined;
  readonly #body: MessageBody<Attachment>;
  readonly #form: MessageForm;
  #entries: HeaderEntry[] | undefined;
  #headers: MessageHeaders | undefined;
  /** `null`: it is none. */
  #report: MailReport | null | undefined;
  #fileProblems: readonly MessageProblem[] | undefined;

  /**
   * @throws {@link InvalidMessageError} A field has a value it can't have.
   * @throws {@link InvalidAddressError} An address field does not hold addresses.
   * @throws {@link OptionError} A field is not known.
   */
  constructor(fields?: MessageFields);
  /** @internal */
  constructor(fields: StoredMail);
  constructor(fields: MessageFields | StoredMail = {}) {
    const stored = fields instanceof StoredMail ? fields : undefined;
    const composed = fields instanceof StoredMail ? nothing : fields;
    checkFields(composed);
    const values = emptyHead();
    const identity = new Identity(composed.deterministic);
    super(values, stored?.root.headers, identity);
    this.#stored = stored;
    const entries = (): readonly HeaderEntry[] => this.#headerEntries();
    if (stored) {
      const body = storedBody(stored, toAttachment);
      this.#body = body;
      const form = storedForm(stored, { values, entries, identity, edits: () => body.edits() });
      this.#form = stored.carrier ? new OpenedForm(untouchedForm(stored.carrier), form) : form;
    } else {
      // Spelt out: spreading an object that holds a function costs ten times the rest.
      const { flowed, dataUrls, textFromHtml } = composed;
      const body = new ComposedBody(toAttachment);
      this.#body = body;
      this.#form = new ComposedForm({
        values,
        entries,
        identity,
        content: () => body.content({ flowed, dataUrls, textFromHtml }),
        complete: () => void [this.messageId, this.date],
      });
    }
    this.assign(composed);
    const { text, html, attachments, linkedResources, alternateViews, headers } = composed;
    if (text !== undefined) this.text = text;
    if (html !== undefined) this.html = html;
    if (attachments !== undefined) this.attachments = attachments;
    if (linkedResources !== undefined) this.linkedResources = linkedResources;
    if (alternateViews !== undefined) this.alternateViews = alternateViews;
    if (headers !== undefined) this.headers = headers;
  }

  /**
   * Reads a message (RFC 5322); a string is taken as UTF-8. Malformed mail does not throw: see `problems`.
   *
   * @throws {@link FormatError} The bytes are clearly a file of another format.
   * @throws {@link LimitError} A limit of reading was passed; `options.limits` can move it.
   * @throws {@link OptionError} An option has a value it can't have.
   */
  static parse(source: Uint8Array | string, options?: ParseOptions): MailMessage {
    return new MailMessage(StoredMail.parse(source, options));
  }

  /**
   * Reads a message from a path (a string), a `file:` URL, bytes, a Blob or a stream, in any {@link MessageFormat}: which
   * one it is, the bytes tell. Of a file over 4 MiB only what is asked for is read, when it is asked for: it must stay as
   * it is. Blobs and streams are collected in memory.
   *
   * @throws {@link InvalidMessageError} `FILE_INACCESSIBLE`: the file can't be read;
   * `MESSAGE_CONTENT_FAILED`: the stream broke off; later, at any reading, `FILE_CHANGED`: the file is not the same.
   * @throws {@link FormatError} The source is no message: an archive of many, a format that is not known, or not what
   * `options.format` says.
   * @throws {@link LimitError} A limit of reading was passed; `options.limits` can move it.
   * @throws {@link OptionError} The format is not supported, or an option has a value it can't have.
   */
  static async load(source: MessageSource, options: LoadOptions = {}): Promise<MailMessage> {
    const said = loadFormat(options);
    const { format: _format, tnef = 'open', ...reading } = options;
    const opened = await openSource(source);
    const path = pathOfSource(source);
    if (said === undefined ? mayBeForeign(opened, path) : said !== 'eml') {
      const { loadForeign } = await import('../convert/internal.ts');
      return await loadForeign(opened, { format: said, path, reading, tnef });
    }
    const message = new MailMessage(
      opened instanceof Uint8Array
        ? StoredMail.parse(opened, reading, said)
        : await StoredMail.read(opened, reading, said),
    );
    if (tnef === 'keep' || !findTnef(message.root)) return message;
    const { openOnLoad } = await import('../convert/internal.ts');
    return await openOnLoad(message, reading);
  }

  /** The plain text; `undefined` when there is none. Of a message that was read: all text parts that are shown. */
  get text(): string | undefined {
    return this.#body.text;
  }
  set text(value: string | undefined) {
    this.#body.text = value;
  }

  /** The HTML; `undefined` when there is none. */
  get html(): string | undefined {
    return this.#body.html;
  }
  set html(value: string | undefined) {
    this.#body.html = value;
  }

  /**
   * The attachments, in order. Of a message that was read: every part that is not shown as text, those that
   * the HTML refers to also.
   */
  get attachments(): Attachment[] {
    return this.#body.attachments;
  }
  set attachments(value: readonly AttachmentInput[]) {
    this.#body.attachments = value;
  }

  /** The parts that the HTML refers to by their `cid`. */
  get linkedResources(): Attachment[] {
    return this.#body.linkedResources;
  }
  set linkedResources(value: readonly AttachmentInput[]) {
    this.#body.linkedResources = value;
  }

  /** Other forms of the text, in order. */
  get alternateViews(): AlternateView[] {
    return this.#body.alternateViews;
  }
  set alternateViews(value: readonly AlternateView[]) {
    this.#body.alternateViews = value;
  }

  /** The whole header, and the fields that no property writes. An object, a Map or pairs can be assigned. */
  get headers(): MessageHeaders {
    this.#headers ??= new MessageHeaders(this.#headerEntries(), () => this.#form.current());
    return this.#headers;
  }
  set headers(value: HeadersInput) {
    if (this.#stored) throw fieldError('headers', oneByOne);
    this.#entries = readHeadersInput(value);
    this.#headers = undefined;
  }

  /**
   * The MIME tree. Of a composed message: the tree of what would be written now.
   *
   * @throws {@link OptionError} The message is composed and holds files or streams.
   */
  get root(): ParsedEntity {
    return this.#form.root();
  }

  /** @internal How it came to be what it is now. */
  get state(): MessageState {
    return this.#form.state;
  }

  /** Every part that has no parts, in order; throws as {@link MailMessage.root}. */
  leaves(): Iterable<ParsedEntity> {
    return this.root.leaves();
  }

  /** What was wrong with a message that was read, and with the file it was in; empty for a composed one. */
  get problems(): readonly MessageProblem[] {
    const found = (this.#stored?.carrier ?? this.#stored)?.root.problems ?? [];
    return this.#fileProblems ? [...this.#fileProblems, ...found] : found;
  }

  /** @internal Tells what was wrong with the file that the message was in. */
  addProblems(problems: readonly MessageProblem[]): void {
    if (problems.length > 0) this.#fileProblems = [...(this.#fileProblems ?? []), ...problems];
  }

  /**
   * What the message says when a machine wrote it: a report on deliveries, a complaint, a receipt, an automatic
   * answer; `kind` tells which. `undefined` for mail of people, and for a composed message.
   */
  get report(): MailReport | undefined {
    if (this.#report === undefined && this.#stored) {
      const { root, carrier } = this.#stored;
      // What a machine wrote for machines comes before what Outlook made of it.
      this.#report = (carrier && readReport(carrier.root)) ?? readReport(root) ?? null;
    }
    return this.#report ?? undefined;
  }

  /**
   * What the message says of the delivery of another (RFC 3464, or a mail system's own form): each recipient with
   * action, status and reason. Delays and successes are such reports too: see `isBounce` and each `action`.
   */
  get bounce(): BounceReport | undefined {
    const { report } = this;
    return report?.kind === 'bounce' ? report : undefined;
  }

  /** Whether the message says that somebody did not get another; a delay is no failure. */
  get isBounce(): boolean {
    return this.bounce?.recipients.some(({ action }) => action === 'failed') ?? false;
  }

  /**
   * An answer to this message, with its text quoted: to its author or where it asks answers to go (Reply-To), or to
   * everybody (`all`) or the mailing list (`list`). A message like any other: change and send it.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: an option has a value it can't have;
   * `ANSWER_UNWANTED`: `automatic` is set, and the message wants no automatic answer.
   * @throws {@link InvalidAddressError} `from` or `own` are no addresses.
   */
  reply(options: ReplyOptions = {}): MailMessage {
    return new MailMessage(replyFields<Attachment>(this, options));
  }

  /**
   * A message with this one in its text, under a line for each of From, Date, Subject, To and Cc; with its pictures
   * and attachments. It throws as {@link MailMessage.reply} does.
   */
  forwardInline(options: ForwardInlineOptions = {}): MailMessage {
    return new MailMessage(forwardInlineFields<Attachment>(this, options));
  }

  /**
   * A message with this one attached, whole (message/rfc822): hidden recipients are left out, and only what the way does
   * not take, such as octets over 127 without 8BITMIME, is encoded otherwise. It throws as {@link MailMessage.reply} does.
   */
  forwardAsAttachment(options: ForwardAsAttachmentOptions = {}): MailMessage {
    return new MailMessage({ ...forwardAsAttachmentFields(this, options), attachments: [this] });
  }

  /**
   * Who it goes from and to: the sender or else the first author, and every mailbox of To, Cc and Bcc once.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_NO_SENDER`, `MESSAGE_NO_RECIPIENT`.
   * @throws {@link InvalidAddressError} A message that was read holds something that is no address.
   */
  envelope(): Envelope {
    const { from, to, cc, bcc, sender } = this;
    return envelopeOf({ from, to, cc, bcc, sender: sender ? [sender] : [] });
  }

  /**
   * The message as it goes on the wire, for a server with the given abilities; Bcc is left out. One that was read
   * is not re-encoded.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_ATTACHMENT_UNREADABLE`: a file can't be read, or a stream was
   * used before.
   * @throws {@link InvalidAddressError} `ADDRESS_NEEDS_SMTPUTF8`: a mailbox name is not ASCII and `utf8` is off.
   */
  async render(options: RenderOptions = {}): Promise<Rendered> {
    return (await this.prepare())(options);
  }

  /** @internal Everything that can fail or wait before the server's abilities are known. */
  prepare(outer: readonly ContentSource[] = []): Prepared | Promise<Prepared> {
    return this.#form.prepare(outer);
  }

  /**
   * The message as a file, whole. A message that was read keeps its Bcc. What the format can't hold is left out: `convert`
   * of `posthorn/convert` tells what that is.
   *
   * @throws {@link OptionError} The format is not supported.
   * @throws {@link InvalidMessageError} `MESSAGE_NOT_CONVERTIBLE`: the message holds nothing that the format is for, such
   * as a calendar.
   */
  async toBytes(format: MessageFormat = 'eml'): Promise<Uint8Array> {
    if (checkFormat(format) !== 'eml') return await collectBytes(this.#foreign(format, {}));
    const rendering = this.#form.file();
    // What is ready need not be waited for.
    const rendered = rendering instanceof Promise ? await rendering : rendering;
    const isReady = rendered.segments.every(
      (segment) => segment instanceof Uint8Array || segment.bytes !== undefined,
    );
    return isReady ? rendered.bytes() : await collectBytes(rendered.chunks());
  }

  /** The message as a file, piece by piece; otherwise as {@link MailMessage.toBytes}. */
  toStream(format: MessageFormat = 'eml'): ReadableStream<Uint8Array> {
    if (checkFormat(format) !== 'eml') return webStream(() => this.#foreign(format, {}));
    const form = this.#form;
    return webStream(async function* () {
      yield* (await form.file()).chunks();
    });
  }

  /**
   * Writes the message to a file, whole or not at all. A message that was read keeps its Bcc.
   *
   * @param path The file; its extension says the format unless `options.format` does.
   * @throws {@link OptionError} The format is not supported.
   * @throws {@link InvalidMessageError} `FILE_INACCESSIBLE`: the file can't be written; otherwise as
   * {@link MailMessage.toBytes}.
   */
  async save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    const file = path instanceof URL ? fileURLToPath(path) : path;
    const format = saveFormat(file, options);
    await writeFileWhole(
      file,
      format === 'eml'
        ? (await this.#form.file()).pass()
        : this.#foreign(format, { path: file, saving: options }),
    );
  }

  /** The message in another format. */
  async *#foreign(format: MessageFormat, place: ForeignPlace): AsyncGenerator<Uint8Array> {
    const { writeForeign } = await import('../convert/internal.ts');
    yield* writeForeign(this, format, place);
  }

  /** @internal What console.log shows. */
  [inspectCustom](_depth: number, options: object, inspect: Inspect): string {
    return showMessage(this, options, inspect);
  }

  #headerEntries(): HeaderEntry[] {
    this.#entries ??= this.#stored ? storedEntries(this.#stored.root) : [];
    return this.#entries;
  }
}

const nothing: MessageFields = {};

/** Where a message in another format is written to, and how. */
interface ForeignPlace {
  readonly path?: string;
  readonly saving?: SaveOptions;
}

const oneByOne =
  "of a message that was read can't be replaced; change them one by one: message.headers.set(name, value)";
