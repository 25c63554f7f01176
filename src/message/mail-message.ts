// The message and its attachments. They stand in one file because each holds the other: a message has
// attachments, an attachment may be a message. The work is done in the files imported here.
import { fileURLToPath } from 'node:url';
import { OptionError } from '../base/index.ts';
import { collectBytes } from '../base/internal.ts';
import {
  type Entity,
  type HeaderField,
  type HeaderOptions,
  type MimeProblem,
  type ParsedEntity,
  parseEntity,
  type Rendered,
  type RenderOptions,
  render,
} from '../mime/index.ts';
import { type AlternateView, checkView } from './alternate-view.ts';
import { type Content, compose } from './compose.ts';
import { type ContentSource, renderedSource } from './content-source.ts';
import { type Envelope, envelopeOf } from './envelope.ts';
import { checkText, fieldError, kindOf } from './field-checks.ts';
import {
  checkFormat,
  type LoadOptions,
  loadFormat,
  type MessageFormat,
  type MessageSource,
  readSource,
  type SaveOptions,
  saveFormat,
  webStream,
  writeFileWhole,
} from './files.ts';
import { composedFields } from './head-fields.ts';
import { emptyHead, type HeadValues, needsUtf8, settleLists } from './head-values.ts';
import { Identity } from './identity.ts';
import { type ComposeOptions, checkFields, type HeadFields } from './message-fields.ts';
import { MessageHead } from './message-head.ts';
import {
  type HeaderEntry,
  type HeadersInput,
  MessageHeaders,
  readHeadersInput,
} from './message-headers.ts';
import {
  type AttachmentOptions,
  type Disposition,
  messageFileName,
  type Part,
  readPart,
} from './part.ts';
import { areInMemory } from './ready-parts.ts';
import { StoredMail, StoredPart, unfolded } from './stored-mail.ts';
import { joinText, storedViews } from './stored-parts.ts';
import { WatchedLists } from './watched-lists.ts';

/** A message of which only the server's abilities are unknown. */
export type Prepared = (options: RenderOptions) => Rendered;

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
export class Attachment {
  /** @internal */
  readonly part: Part;
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
    if (input instanceof StoredPart) {
      this.part = input.part;
      this.#stored = input;
    } else if (input instanceof MailMessage) {
      this.#message = input;
      this.part = {
        ...readPart({ content: '', contentType: 'message/rfc822' }, property),
        filename: messageFileName(input.subject),
        source: renderedSource(async (outer) => (await input.prepare(outer))({})),
      };
    } else this.part = readPart(input, property);
  }

  /** The file name as the sender wrote it, not safe as a path; `undefined` when there is none. */
  get filename(): string | undefined {
    return this.part.filename;
  }

  /** The media type in lower case, without parameters. */
  get contentType(): string {
    return this.part.type.type;
  }

  /** The media type's parameters, names in lower case. */
  get contentTypeParameters(): ReadonlyMap<string, string> {
    return this.part.type.parameters;
  }

  /** How it is to be shown; `undefined` when nothing is said: then by the list it is in, or the reader's choice. */
  get disposition(): Disposition | undefined {
    return this.part.disposition;
  }

  /** The Content-ID without angle brackets. */
  get cid(): string | undefined {
    return this.part.cid;
  }

  /** What it is, in words. */
  get description(): string | undefined {
    return this.part.description;
  }

  /** Octets of the decoded content, when known: of a file after it was first looked at. */
  get size(): number | undefined {
    return this.part.source.size;
  }

  /** The whole message that this is; `undefined` for anything else, and for a message that is not in memory. */
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

  /**
   * The decoded content. A stream that the caller gave is used up by it.
   *
   * @throws {@link InvalidMessageError} `MESSAGE_ATTACHMENT_UNREADABLE`: the file can't be read, the stream was
   * read before; `MESSAGE_CONTENT_FAILED`: reading failed midway.
   */
  async bytes(): Promise<Uint8Array> {
    return await collectBytes(readSourceOf(this.part));
  }

  /** The decoded content as it is read; fails as {@link Attachment.bytes} does. */
  stream(): ReadableStream<Uint8Array> {
    return webStream(() => readSourceOf(this.part));
  }
}

async function* readSourceOf({ source }: Part): AsyncGenerator<Uint8Array> {
  await source.prepare();
  if (source.bytes === undefined) yield* source.open();
  else yield source.bytes;
}

/**
 * An internet message (RFC 5322, MIME). Composed from fields, or read from bytes: then everything is decoded at
 * first use, and it is written back byte for byte but for the header fields that were changed.
 */
export class MailMessage extends MessageHead {
  readonly #values: HeadValues;
  readonly #identity: Identity;
  readonly #stored: StoredMail | undefined;
  readonly #options: ComposeOptions;
  readonly #lists: WatchedLists | undefined;
  #entries: HeaderEntry[] | undefined;
  #headers: MessageHeaders | undefined;
  #text: string | undefined;
  #html: string | undefined;
  #attachments: Attachment[] | undefined;
  #linkedResources: Attachment[] | undefined;
  #alternateViews: AlternateView[] | undefined;

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
    const { flowed, dataUrls, textFromHtml, deterministic } = composed;
    const values = emptyHead();
    const identity = new Identity(deterministic);
    super(values, stored?.root.headers, identity);
    this.#values = values;
    this.#identity = identity;
    this.#stored = stored;
    this.#options = { flowed, dataUrls, textFromHtml };
    this.#lists = stored && new WatchedLists();
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
   * @throws {@link LimitError} A limit of reading was passed; see `limits`.
   */
  static parse(source: Uint8Array | string): MailMessage {
    return new MailMessage(StoredMail.parse(source));
  }

  /**
   * Reads a message from a path (a string), a `file:` URL, bytes, a Blob or a stream, into memory.
   *
   * @throws {@link InvalidMessageError} `FILE_INACCESSIBLE`: the file can't be read;
   * `MESSAGE_CONTENT_FAILED`: the stream broke off.
   * @throws {@link FormatError} The source is clearly a file of another format.
   * @throws {@link OptionError} The format is not supported.
   */
  static async load(source: MessageSource, options: LoadOptions = {}): Promise<MailMessage> {
    loadFormat(options);
    return MailMessage.parse(await readSource(source));
  }

  /** The plain text; `undefined` when there is none. Of a message that was read: all text parts that are shown. */
  get text(): string | undefined {
    if (this.#stored) this.#text ??= joinText(this.#stored.bodies.text);
    return this.#text;
  }
  set text(value: string | undefined) {
    this.#refuseStored('text', value !== this.text);
    this.#text = value === undefined ? undefined : checkText(value, 'text');
  }

  /** The HTML; `undefined` when there is none. */
  get html(): string | undefined {
    if (this.#stored) this.#html ??= joinText(this.#stored.bodies.html);
    return this.#html;
  }
  set html(value: string | undefined) {
    this.#refuseStored('html', value !== this.html);
    this.#html = value === undefined ? undefined : checkText(value, 'html');
  }

  /**
   * The attachments, in order. Of a message that was read: every part that is not shown as text, those that
   * the HTML refers to also.
   */
  get attachments(): Attachment[] {
    this.#attachments ??= this.#stored ? readAttachments(this.#stored) : [];
    this.#lists?.watch('attachments', this.#attachments);
    return this.#attachments;
  }
  set attachments(value: readonly AttachmentInput[]) {
    this.#refuseStored('attachments', true);
    this.#attachments = toAttachments(value, 'attachments');
  }

  /** The parts that the HTML refers to by their `cid`. */
  get linkedResources(): Attachment[] {
    this.#linkedResources ??= this.#stored ? readLinked(this.attachments, this.html) : [];
    this.#lists?.watch('linkedResources', this.#linkedResources);
    return this.#linkedResources;
  }
  set linkedResources(value: readonly AttachmentInput[]) {
    this.#refuseStored('linkedResources', true);
    this.#linkedResources = toAttachments(value, 'linkedResources');
  }

  /** Other forms of the text, in order. */
  get alternateViews(): AlternateView[] {
    this.#alternateViews ??= this.#stored ? storedViews(this.#stored.root) : [];
    this.#lists?.watch('alternateViews', this.#alternateViews);
    return this.#alternateViews;
  }
  set alternateViews(value: readonly AlternateView[]) {
    this.#refuseStored('alternateViews', true);
    if (!Array.isArray(value))
      throw fieldError('alternateViews', `must be an array, got ${kindOf(value)}`);
    this.#alternateViews = value.map(checkView);
  }

  /** The whole header, and the fields that no property writes. An object, a Map or pairs can be assigned. */
  get headers(): MessageHeaders {
    this.#headers ??= new MessageHeaders(this.#headerEntries(), () => this.#currentHeader());
    return this.#headers;
  }
  set headers(value: HeadersInput) {
    this.#refuseStored('headers', true, 'change them one by one: message.headers.set(name, value)');
    this.#entries = readHeadersInput(value);
    this.#headers = undefined;
  }

  /**
   * The MIME tree. Of a composed message: the tree of what would be written now.
   *
   * @throws {@link OptionError} The message is composed and holds files or streams, or needs its text made from HTML.
   */
  get root(): ParsedEntity {
    if (this.#stored) return this.#stored.root;
    const prepared = this.prepare();
    if (prepared instanceof Promise) {
      prepared.catch(() => {});
      throw new OptionError(
        'root',
        'The parts of this message are not all in memory; use MailMessage.parse(await message.toBytes()).root',
      );
    }
    return parseEntity(prepared({ utf8: true }).bytes());
  }

  /** Every part that has no parts, in order; throws as {@link MailMessage.root}. */
  leaves(): Iterable<ParsedEntity> {
    return this.root.leaves();
  }

  /** What deviates from the standards in a message that was read; empty for a composed one. */
  get problems(): readonly MimeProblem[] {
    return this.#stored?.root.problems ?? [];
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
    settleLists(this.#values);
    const stored = this.#stored;
    if (stored) return ({ utf8 = false }) => this.#renderStored(stored, utf8, true);
    const tree = compose(this.#content(), this.#identity, outer);
    return tree instanceof Promise ? tree.then((ready) => this.#finish(ready)) : this.#finish(tree);
  }

  /** The message as a file, whole. A message that was read keeps its Bcc. */
  async toBytes(format: MessageFormat = 'eml'): Promise<Uint8Array> {
    checkFormat(format);
    const rendering = this.#renderFile();
    // What is ready need not be waited for.
    const rendered = rendering instanceof Promise ? await rendering : rendering;
    return this.#isInMemory() ? rendered.bytes() : await collectBytes(rendered.chunks());
  }

  /** The message as a file, piece by piece. A message that was read keeps its Bcc. */
  toStream(format: MessageFormat = 'eml'): ReadableStream<Uint8Array> {
    checkFormat(format);
    const rendering = (): Rendered | Promise<Rendered> => this.#renderFile();
    return webStream(async function* () {
      yield* (await rendering()).chunks();
    });
  }

  /**
   * Writes the message to a file, whole or not at all. A message that was read keeps its Bcc.
   *
   * @param path The file; its extension says the format unless `options.format` does.
   * @throws {@link OptionError} The format is not supported.
   */
  async save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    const file = path instanceof URL ? fileURLToPath(path) : path;
    saveFormat(file, options);
    await writeFileWhole(file, (await this.#renderFile()).pass());
  }

  #content(): Content {
    return {
      text: this.#text,
      html: this.#html,
      views: this.#alternateViews ?? [],
      linked: partsOf(this.#linkedResources, 'linkedResources'),
      attached: partsOf(this.#attachments, 'attachments'),
      options: this.#options,
    };
  }

  #finish(tree: Entity): Prepared {
    const fields = (o: HeaderOptions): HeaderField[] => {
      const all = this.#composedFields(o);
      all.push(...tree.fields(o));
      return all;
    };
    return ({ eightBit = false, utf8 = false }) =>
      render({ fields, body: tree.body }, { eightBit, utf8: utf8 && needsUtf8(this.#values) });
  }

  #composedFields(o: HeaderOptions): HeaderField[] {
    // Both are made at first need, and this is it.
    void this.messageId;
    void this.date;
    return composedFields(this.#values, this.#headerEntries(), o);
  }

  #renderStored(stored: StoredMail, utf8: boolean, forWire: boolean): Rendered {
    settleLists(this.#values);
    const changed = this.#lists?.changed();
    if (changed !== undefined) this.#refuseStored(changed, true);
    const options = { utf8: utf8 && needsUtf8(this.#values) };
    return stored.render(this.#values, this.#headerEntries(), options, forWire);
  }

  #renderFile(): Rendered | Promise<Rendered> {
    if (this.#stored) return this.#renderStored(this.#stored, true, false);
    const prepared = this.prepare();
    const options = { utf8: true };
    return prepared instanceof Promise
      ? prepared.then((write) => write(options))
      : prepared(options);
  }

  #headerEntries(): HeaderEntry[] {
    this.#entries ??= this.#stored?.entries() ?? [];
    return this.#entries;
  }

  #currentHeader(): Iterable<[name: string, value: string]> {
    settleLists(this.#values);
    if (this.#stored) return this.#stored.current(this.#values, this.#headerEntries());
    return this.#composedFields({ utf8: true }).map(unfolded);
  }

  #isInMemory(): boolean {
    const { linked, attached } = this.#content();
    return areInMemory(linked) && areInMemory(attached);
  }

  #refuseStored(property: string, isChanged: boolean, cure = composeAnew): void {
    if (this.#stored && isChanged) {
      throw fieldError(property, `of a message that was read can't be replaced; ${cure}`);
    }
  }
}

const nothing: MessageFields = {};

const composeAnew =
  'compose a new one with what is to stay: new MailMessage({ subject: old.subject, html: old.html, … })';

function partsOf(list: readonly AttachmentInput[] | undefined, property: string): readonly Part[] {
  return list === undefined ? none : toAttachments(list, property).map(({ part }) => part);
}

const none: readonly Part[] = [];

function toAttachments(list: readonly AttachmentInput[], property: string): Attachment[] {
  if (!Array.isArray(list)) throw fieldError(property, `must be an array, got ${kindOf(list)}`);
  return list.map((item: AttachmentInput, index) =>
    item instanceof Attachment ? item : new Attachment(item, `${property}[${index}]`),
  );
}

function readAttachments(stored: StoredMail): Attachment[] {
  return stored.bodies.attachments.map(
    (entity, index) => new Attachment(new StoredPart(entity), `attachments[${index}]`),
  );
}

function readLinked(attachments: readonly Attachment[], html = ''): Attachment[] {
  return attachments.filter(({ cid }) => cid !== undefined && html.includes(`cid:${cid}`));
}
