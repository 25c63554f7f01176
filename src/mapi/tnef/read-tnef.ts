// From the octets of a TNEF stream (winmail.dat) to a message with everything in it.
import { type ByteSource, enforceLimit, memorySource, viewOf } from '../../base/internal.ts';
import { MapiMessage } from '../mapi-message.ts';
import { MapiRecipient } from '../mapi-recipient.ts';
import { ansiCodePage, isCodePage, WESTERN } from '../property/code-page.ts';
import { type Attribute, AttributeId, Level } from './attribute.ts';
import { TextReader } from './attribute-text.ts';
import { Faults } from './faults.ts';
import { CutShort, TnefInput } from './input.ts';
import { readAttributesOf } from './message-attributes.ts';
import { readAttachment } from './read-attachment.ts';
import { readAttributes } from './read-attributes.ts';
import { type PropertyReading, readProperties } from './read-properties.ts';

/** How TNEF is read. */
export interface ReadTnefOptions {
  /**
   * Whether anything that is wrong throws: a checksum, octets after the end, what is cut short. Default: `false`, real files
   * have all of them; `problems` of the message says what was wrong.
   */
  readonly strict?: boolean | undefined;
}

/**
 * Reads TNEF, the content of a winmail.dat (MS-OXTNEF): the properties, and what only the older attributes have; the table
 * of recipients, where there is one; attachments with their long names, messages inside to any depth, objects (OLE). Of a
 * source that is not in memory, large attachments stay where they are until they are asked for.
 *
 * @throws {@link FormatError} It is not TNEF; or with `strict`, something in it is wrong.
 * @throws {@link LimitError} It holds more than is read: see `limits`.
 */
export function readTnef(
  source: Uint8Array | ByteSource,
  { strict = false }: ReadTnefOptions = {},
): MapiMessage {
  const message = new MapiMessage();
  const whole = source instanceof Uint8Array ? memorySource(source) : source;
  readStream(whole, message, new Faults({ strict, problems: message.problems, values: 0 }, ''), 0);
  return message;
}

/** Reads a stream into `message`; `depth` messages stand around it. */
function readStream(source: ByteSource, message: MapiMessage, faults: Faults, depth: number): void {
  enforceLimit('mapiDepth', depth, 'The number of messages inside each other');
  const found = collect(source, faults);
  const { properties } = message;
  const input = (attribute: Attribute): TnefInput =>
    new TnefInput(source, attribute.start, attribute.end);
  const octets = (attribute: Attribute): Uint8Array => source.read(attribute.start, attribute.end);

  const page = codePageOf(found.message.get(AttributeId.oemCodePage), octets, faults);
  let text = new TextReader(page ?? WESTERN);
  const reading: PropertyReading = { faults, text: (type, value) => text.property(type, value) };
  for (const list of found.lists) readProperties(input(list), properties, reading);
  // Strings are decoded when they are asked for: by then it is known.
  if (page === undefined) text = new TextReader(ansiCodePage(properties) ?? WESTERN);

  for (const mapping of readAttributesOf) {
    const attribute = found.message.get(mapping.id);
    if (attribute) mapping.read(octets(attribute), properties, text);
  }
  for (const table of found.tables) readRecipients(input(table), message, reading);
  message.attachments = found.attachments.map((attributes, index) => {
    const place = faults.inside(`attachment ${index}`);
    const readMessage = (data: ByteSource): MapiMessage => {
      const inside = new MapiMessage();
      readStream(data, inside, place, depth + 1);
      return inside;
    };
    return readAttachment({ source, attributes, text, faults: place, readMessage });
  });
}

/** The attributes of a stream, sorted. */
interface Found {
  /** Those of the message, each once. */
  readonly message: Map<number, Attribute>;
  /** Lists of properties of the message. */
  readonly lists: Attribute[];
  /** Tables of recipients. */
  readonly tables: Attribute[];
  /** Those of each attachment. */
  readonly attachments: Map<number, Attribute>[];
}

function collect(source: ByteSource, faults: Faults): Found {
  const found: Found = { message: new Map(), lists: [], tables: [], attachments: [] };
  for (const attribute of readAttributes(source, faults)) {
    const { id, level } = attribute;
    if (level === Level.attachment) addToAttachment(found.attachments, attribute);
    else if (id === AttributeId.messageProperties) found.lists.push(attribute);
    else if (id === AttributeId.recipientTable) found.tables.push(attribute);
    else if (!found.message.has(id)) found.message.set(id, attribute);
  }
  return found;
}

/** Section 2.1.3.3: an attachment begins with its attAttachRendData. */
function addToAttachment(attachments: Map<number, Attribute>[], attribute: Attribute): void {
  const { id } = attribute;
  let current = attachments.at(-1);
  if (current === undefined || id === AttributeId.attachRenderData) {
    current = new Map();
    attachments.push(current);
  }
  if (!current.has(id)) current.set(id, attribute);
}

function codePageOf(
  attribute: Attribute | undefined,
  octets: (attribute: Attribute) => Uint8Array,
  faults: Faults,
): number | undefined {
  if (attribute === undefined || attribute.end - attribute.start < 4) return undefined;
  const page = viewOf(octets(attribute)).readUInt32LE(0);
  if (page === 0) return undefined;
  if (isCodePage(page)) return page;
  faults.tell('CODE_PAGE_UNKNOWN', `The code page ${page} is not known here`, attribute.offset);
  return undefined;
}

/** Each row is a list of properties of its own; which kind of recipient it is may stand anywhere in it. */
function readRecipients(input: TnefInput, message: MapiMessage, reading: PropertyReading): void {
  const { faults } = reading;
  try {
    for (let rows = input.u32(); rows > 0; rows--) {
      const place = faults.inside(`recipient ${message.recipients.length}`);
      const recipient = new MapiRecipient();
      const isWhole = readProperties(input, recipient.properties, { ...reading, faults: place });
      if (isWhole || recipient.properties.size > 0) message.recipients.push(recipient);
      enforceLimit('mapiRecipients', message.recipients.length, 'The number of recipients');
      if (!isWhole) return;
    }
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
    faults.tell('STRUCTURE_DAMAGED', 'The table of recipients is cut short', error.offset);
  }
}
