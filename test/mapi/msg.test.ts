import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import {
  type ByteSource,
  MapiAttachment,
  MapiMessage,
  type MapiProblem,
  MapiRecipient,
  PidLid,
  PidTag,
  PropertyType,
  propertySets,
  readMsg,
  streamMsg,
  writeMsg,
} from 'posthorn/outlook';
import { describe, expect, test } from 'vitest';
import { type CompoundStorage, readCompoundFile } from '../../src/mapi/cfb/compound-file.ts';
import { CompoundWriter } from '../../src/mapi/cfb/compound-writer.ts';
import type { NewStorage } from '../../src/mapi/cfb/new-storage.ts';
import { contentOf } from './content.ts';
import { inner, mail, octets, otherItems } from './items.ts';

/** Octets that are not in memory: reading counts. */
class FileLike implements ByteSource {
  readonly size: number;
  readonly bytes: undefined = undefined;
  read_ = 0;
  readonly #octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.size = octets.length;
  }

  read(start: number, end: number): Uint8Array {
    this.read_ += end - start;
    return this.#octets.slice(start, end);
  }

  async *stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; at += 65_536) yield this.read(at, Math.min(end, at + 65_536));
  }

  pass(start: number, end: number): AsyncIterable<Uint8Array> {
    return this.stream(start, end);
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list);
}

describe('what is written is read', () => {
  test('a mail with everything', () => {
    const message = mail();
    const again = readMsg(writeMsg(message));
    expect(again.problems).toEqual([]);
    expect(contentOf(again)).toMatchObject(contentOf(message) as object);
    expect(again.subject).toBe(message.subject);
    expect(again.html).toBe('<html><body><p>Grüße, €, 日本</p></body></html>');
    expect(
      again.attachments[2]?.message?.attachments[1]?.message?.attachments[1]?.message?.text,
    ).toBe('Text 0');
    expect(readMsg(again.attachments[3]?.storage ?? octets(0)).subject).toBe('Inner 0');
    // Written again, it is the same file.
    const third = Buffer.from(writeMsg(again));
    expect(third.equals(writeMsg(readMsg(third)))).toBe(true);
  });

  test.each(otherItems().map((item) => [item.messageClass, item] as const))('%s', (_, item) => {
    const again = readMsg(writeMsg(item));
    expect(again.problems).toEqual([]);
    expect(contentOf(again)).toMatchObject(contentOf(item) as object);
  });

  test('what a file has to say is filled in, and the message is left as it is', () => {
    const message = new MapiMessage();
    message.recipients = [new MapiRecipient(), new MapiRecipient()];
    message.recipients[0]?.properties.set(PidTag.RowId, 0);
    message.attachments = [
      MapiAttachment.file('a.txt', octets(3)),
      MapiAttachment.file('b.txt', octets(4)),
    ];
    message.attachments[1]?.properties.set(PidTag.AttachNumber, 0);
    const { properties, recipients, attachments } = readMsg(writeMsg(message));
    expect(properties.get(PidTag.StoreSupportMask)).toBe(0x0004_0e79);
    expect(properties.get(PidTag.MessageFlags)).toBe(0x11);
    expect(properties.get(PidTag.HasAttachments)).toBe(true);
    expect(properties.get(PidTag.MessageClass)).toBe('IPM.Note');
    expect(recipients.map((each) => each.properties.get(PidTag.RowId))).toEqual([0, 1]);
    expect(attachments.map((each) => each.properties.get(PidTag.AttachNumber))).toEqual([1, 0]);
    expect(attachments.map((each) => each.properties.get(PidTag.AttachSize))).toEqual([3, 4]);
    expect(message.properties.size).toBe(0);
    expect(message.recipients[1]?.properties.size).toBe(0);
  });

  test('a message taken out of another one is a file of its own, with its names', () => {
    const taken = readMsg(writeMsg(mail())).attachments[2]?.message ?? new MapiMessage();
    const again = readMsg(writeMsg(taken));
    expect(again.problems).toEqual([]);
    expect(again.properties.get(PidLid.Location)).toBe('Room 2');
    expect(contentOf(again)).toEqual(contentOf(taken));
  });

  test('lists of properties have the lengths that MS-OXMSG says', () => {
    const message = mail();
    const root = readCompoundFile(writeMsg(message));
    const sizes = (storage: CompoundStorage, head: number): Map<number, [number, number]> => {
      const { streams } = storage.contents();
      const list = streams.find(({ name }) => name === '__properties_version1.0')?.source();
      const octetsOf = Buffer.from(list?.read(0, list.size) ?? []);
      expect((octetsOf.length - head) % 16).toBe(0);
      const found = new Map<number, [number, number]>();
      for (let at = head; at < octetsOf.length; at += 16) {
        found.set(octetsOf.readUInt32LE(at), [
          octetsOf.readUInt32LE(at + 8),
          octetsOf.readUInt32LE(at + 12),
        ]);
      }
      return found;
    };
    const top = sizes(root, 32);
    expect(top.get(0x0037_001f)).toEqual([2 * message.subject.length + 2, 0]);
    expect(top.get(0x670d_0102)).toEqual([5000, 0]);
    expect(top.get(0x670b_0048)).toEqual([16, 0]);
    expect(top.get(0x6717_101f)).toEqual([12, 0]);
    expect(top.get(0x6718_1102)).toEqual([24, 0]);
    const part = (name: string): CompoundStorage =>
      root.contents().storages.find((each) => each.name === name) ?? root;
    expect(sizes(part('__recip_version1.0_#00000000'), 8).get(0x3003_001f)).toEqual([32, 0]);
    const embedded = part('__attach_version1.0_#00000002');
    expect(sizes(embedded, 8).get(0x3701_000d)).toEqual([0xffff_ffff, 1]);
    const inside = embedded.contents().storages[0] ?? root;
    expect(sizes(inside, 24).get(0x0037_001f)).toEqual([16, 0]);
    expect(sizes(part('__attach_version1.0_#00000003'), 8).get(0x3701_000d)).toEqual([
      0xffff_ffff, 4,
    ]);
    const narrow = readCompoundFile(writeMsg(inner(0), { encoding: 'ansi' }));
    expect(sizes(narrow, 32).get(0x0037_001e)).toEqual([8, 0]);
  });

  test('templates are told by the class of the root', () => {
    const classOf = (file: Uint8Array): string =>
      Buffer.from(file).toString('hex', 1024 + 80, 1024 + 96);
    expect(classOf(writeMsg(inner(0)))).toBe('0b0d020000000000c000000000000046');
    expect(classOf(writeMsg(inner(0), { template: true }))).toBe(
      '46f0060000000000c000000000000046',
    );
  });

  test('any bag of strings and names', () => {
    const value = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((text) => !text.endsWith('\0'));
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 40 }), (entries) => {
        const message = new MapiMessage();
        for (const [key, text] of Object.entries(entries)) {
          const set = propertySets.publicStrings;
          message.properties.set({ set, name: key, type: PropertyType.String }, text);
        }
        const again = readMsg(writeMsg(message));
        expect(again.problems).toEqual([]);
        expect(contentOf(again)).toMatchObject(contentOf(message) as object);
      }),
      { numRuns: 100 },
    );
  });
});

describe('text in a code page', () => {
  test('is written on request, in the page of the message', () => {
    const message = new MapiMessage();
    message.subject = 'Привет';
    message.properties.set(PidTag.InternetCodepage, 20_866).set(PidTag.ChildrensNames, ['Анна']);
    const file = writeMsg(message, { encoding: 'ansi' });
    const again = readMsg(file);
    expect(again.problems).toEqual([]);
    expect(again.subject).toBe('Привет');
    expect(again.properties.get(PidTag.ChildrensNames)).toEqual(['Анна']);
    expect(again.properties.find({ id: 0x0037 })?.type).toBe(PropertyType.String8);
    expect(again.properties.get(PidTag.MessageCodepage)).toBe(1251);
    expect(again.properties.get(PidTag.StoreSupportMask)).toBe(0x0000_0e79);
    expect(Buffer.from(file).includes(Buffer.from('cff0e8e2e5f2', 'hex'))).toBe(true);
  });

  test('many octets for one letter, and what the page does not have', () => {
    const message = new MapiMessage();
    message.subject = '日本 é';
    message.attachments = [MapiAttachment.embedded(inner(0))];
    message.attachments[0]?.message?.properties.set(PidTag.Body, 'Ж é');
    const problems: MapiProblem[] = [];
    const file = writeMsg(message, {
      encoding: 'ansi',
      codePage: 932,
      onProblem: (problem) => problems.push(problem),
    });
    expect(readMsg(file).subject).toBe('日本 ?');
    expect(problems).toEqual([
      {
        code: 'TEXT_LOSSY',
        message:
          "The text of property 0037 has characters that code page 932 has not; they became '?'",
        path: '',
      },
      {
        code: 'TEXT_LOSSY',
        message:
          "The text of property 1000 has characters that code page 932 has not; they became '?'",
        path: 'attachment 0',
      },
    ]);
  });

  test('a message that says UTF-8 and is not is in the page of its language', () => {
    const made = (subject: string): MapiMessage => {
      const message = new MapiMessage();
      message.subject = subject;
      message.properties.set(PidTag.MessageLocaleId, 0x0419);
      return message;
    };
    const asUtf8 = (file: Uint8Array): MapiMessage => {
      const bytes = Buffer.from(file);
      // The message's code page becomes one of the Internet: UTF-8.
      const tag = Buffer.from([0x03, 0x00, 0xfd, 0x3f]);
      bytes.writeUInt32LE(65_001, bytes.indexOf(tag) + 8);
      bytes[bytes.indexOf(tag) + 2] = 0xde;
      return readMsg(bytes);
    };
    expect(asUtf8(writeMsg(made('Привет'), { encoding: 'ansi' })).subject).toBe('Привет');
    expect(asUtf8(writeMsg(made('Привет'), { encoding: 'ansi' })).codePage).toBe(1251);
    const utf8 = made('РџСЂРёРІРµС‚');
    expect(asUtf8(writeMsg(utf8, { encoding: 'ansi' })).subject).toBe('Привет');
  });

  test('a code page that is none is refused', () => {
    const refused = (options: Parameters<typeof writeMsg>[1]): unknown => {
      try {
        return writeMsg(inner(0), options);
      } catch (error) {
        return error;
      }
    };
    expect(refused({ encoding: 'ansi', codePage: 7 })).toMatchObject({
      code: 'OPTION_INVALID',
      message:
        "Option 'codePage' must be the number of a Windows code page such as 1252 or 932, got 7",
    });
    expect(refused({ codePage: 1252 })).toMatchObject({
      message: "Option 'codePage' is for encoding 'ansi', not 'unicode'",
    });
  });
});

describe('large attachments', () => {
  test('stay in their source: read when asked for, streamed when written', async () => {
    const content = octets(9_000_000);
    const message = inner(0);
    message.attachments = [MapiAttachment.file('big.bin', new FileLike(content))];
    const file = writeMsg(message);
    // More than 109 sectors of the FAT: the header does not have room to name them.
    expect(Buffer.from(file).readUInt32LE(72)).toBe(1);
    expect((await collect(streamMsg(message))).equals(file)).toBe(true);
    const source = new FileLike(file);
    const again = readMsg(source);
    expect(source.read_).toBeLessThan(200_000);
    const attached = again.attachments[0]?.source();
    expect(attached?.size).toBe(9_000_000);
    expect(
      Buffer.from(attached?.read(4_000_000, 4_000_050) ?? []).equals(
        content.subarray(4_000_000, 4_000_050),
      ),
    ).toBe(true);
    expect(source.read_).toBeLessThan(200_100);
    expect(Buffer.compare(again.attachments[0]?.bytes() ?? octets(0), content)).toBe(0);
    expect((await collect(streamMsg(again))).equals(file)).toBe(true);
  });
});

describe('what is not right', () => {
  const thrown = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  test('other files', () => {
    expect(thrown(() => readMsg(Buffer.from('From: ann@example.com\r\n\r\nHello')))).toMatchObject({
      code: 'FORMAT_INVALID',
      format: 'cfb',
      offset: 0,
      message:
        'This is no compound file: it does not begin with D0CF11E0A1B11AE1; is it another format?',
    });
    const names = Buffer.from('__properties_version1.0', 'utf16le');
    const other = Buffer.from(writeMsg(inner(0)));
    for (let at = other.indexOf(names); at >= 0; at = other.indexOf(names, at)) {
      other.write('x', at, 'utf16le');
    }
    expect(thrown(() => readMsg(other))).toMatchObject({
      code: 'FORMAT_INVALID',
      format: 'msg',
      message:
        "This compound file is no Outlook message: it has no stream '__properties_version1.0'; is it a document of another program?",
    });
  });

  test('messages inside each other without end', () => {
    const endless = new MapiMessage();
    endless.attachments = [MapiAttachment.embedded(endless)];
    expect(thrown(() => writeMsg(endless))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 'depth',
      message: "The number of messages inside each other is over the limit 'depth' of 100",
    });
    expect(thrown(() => readMsg(writeMsg(inner(5)), { depth: 4 }))).toMatchObject({
      limit: 'depth',
      bound: 4,
    });
    expect(readMsg(writeMsg(inner(5)), { depth: 5 }).subject).toBe('Inner 5');
  });

  test('an object that is no compound file', () => {
    const message = new MapiMessage();
    message.attachments = [MapiAttachment.object(octets(10), 'Object')];
    expect(thrown(() => writeMsg(message))).toMatchObject({
      code: 'FORMAT_INVALID',
      format: 'cfb',
    });
  });

  test('properties that no file can hold are told', () => {
    const message = new MapiMessage();
    message.properties
      .set({ id: 0x8001, type: PropertyType.Integer32 }, 1)
      .set({ set: 'no guid', lid: 1, type: PropertyType.Integer32 }, 1);
    const problems: MapiProblem[] = [];
    writeMsg(message, { onProblem: (problem) => problems.push(problem) });
    expect(problems.map(({ message: text }) => text)).toEqual([
      'Property 8001 has no name that a file can hold; it was left out',
      'Property no guid#0001 has no name that a file can hold; it was left out',
    ]);
  });

  test('more recipients than the format foresees are written and told', () => {
    const message = new MapiMessage();
    message.recipients = Array.from({ length: 2049 }, () => new MapiRecipient());
    const problems: MapiProblem[] = [];
    const file = writeMsg(message, { onProblem: (problem) => problems.push(problem) });
    expect(readMsg(file).recipients.length).toBe(2049);
    expect(problems).toEqual([
      {
        code: 'TOO_MANY',
        message:
          '2049 recipients are more than the 2048 that the format foresees; all are written, other programs may stop before the last',
        path: '',
      },
    ]);
  });

  test('values that are missing, cut or unknown are listed, and the rest is read', () => {
    const message = inner(0);
    message.properties
      .set({ id: 0x6701, type: PropertyType.Binary }, octets(5000))
      .set({ id: 0x6702, type: PropertyType.String }, 'abc')
      .set({ id: 0x6703, type: PropertyType.Integer32 }, 5);
    const file = Buffer.from(writeMsg(message));
    const rename = (from: string, to: string): void => {
      const at = file.indexOf(Buffer.from(from, 'utf16le'));
      file.write(to, at, 'utf16le');
    };
    // The stream of one value gets another name, the size another says is wrong, a third has an unknown type.
    rename('__substg1.0_67010102', '__substg1.0_67050102');
    const entry = (tag: number): number => {
      const octetsOfTag = Buffer.alloc(4);
      octetsOfTag.writeUInt32LE(tag);
      return file.indexOf(octetsOfTag);
    };
    file.writeUInt32LE(99, entry(0x6702_001f) + 8);
    file.writeUInt16LE(0x0077, entry(0x6703_0003));
    const again = readMsg(file);
    expect(again.problems).toEqual([
      {
        code: 'VALUE_MISSING',
        message: 'The value of property 67010102 is not in the file',
        path: '',
      },
      {
        code: 'VALUE_DAMAGED',
        message: 'Property 6702001F says 99 octets, its stream has 6; the stream was taken',
        path: '',
      },
      { code: 'TYPE_UNKNOWN', message: 'Property 67030077 is of an unknown type', path: '' },
      {
        code: 'STRUCTURE_DAMAGED',
        message: 'The value 67050102 is in no list of properties',
        path: '',
      },
    ]);
    expect(again.properties.get({ id: 0x6705, type: PropertyType.Binary })).toEqual(
      Buffer.from(octets(5000)),
    );
    expect(again.properties.get({ id: 0x6702, type: PropertyType.String })).toBe('abc');
    const unknown = again.properties.find({ id: 0x6703 });
    expect(unknown?.value).toEqual(Buffer.from([5, 0, 0, 0, 0, 0, 0, 0]));
    // What is unknown is written as it was.
    expect(readMsg(writeMsg(again)).properties.find({ id: 0x6703 })?.value).toEqual(unknown?.value);
  });

  test('what belongs to nothing, and what is missing, is told', () => {
    const storage = (name: string, children: NewStorage['children']): NewStorage => ({
      name,
      children,
    });
    const list = (head: number, ...entries: readonly (readonly [tag: number, value: number])[]) => {
      const content = Buffer.alloc(head + 16 * entries.length);
      for (const [index, [tag, value]] of entries.entries()) {
        content.writeUInt32LE(tag, head + 16 * index);
        content.writeUInt32LE(value, head + 16 * index + 8);
      }
      return { name: '__properties_version1.0', content };
    };
    const file = new CompoundWriter(
      storage('Root Entry', [
        // A list of an unknown type, and a value without its name.
        list(32, [0x6701_1077, 0], [0x8000_0003, 5]),
        { name: '__substg1.0_67011077', content: octets(0) },
        storage('__nameid_version1.0', []),
        storage('Other', []),
        storage('__recip_version1.0_#00000000', [list(4), storage('Other', [])]),
        storage('__attach_version1.0_#00000000', [list(8, [0x3705_0003, 5]), storage('More', [])]),
      ]),
    ).bytes();
    const message = readMsg(file);
    expect(message.problems.map(({ path, message: text }) => `${path}: ${text}`)).toEqual([
      ': Property 67011077 is of an unknown type',
      ': Property 8000 has no name in the file; it was left out',
      ": The storage 'Other' is no part of a message; it was left out",
      "recipient 0: The storage 'Other' is no part of a message; it was left out",
      'recipient 0: The list of properties ends within its head',
      "attachment 0: The storage 'More' is no part of a message; it was left out",
      'attachment 0: The message or object that is attached is missing',
      ': The file says 0 recipients and has 1',
      ': The file says 0 attachments and has 1',
    ]);
    expect(message.properties.find({ id: 0x6701 })?.value).toEqual(octets(0));
  });

  test('a damaged message inside leaves the outer one readable', () => {
    const file = Buffer.from(writeMsg(inner(1)));
    // The second list of properties belongs to the first recipient of the outer message.
    const text = Buffer.from('Room 0', 'utf16le');
    expect(file.includes(text)).toBe(true);
    const name = Buffer.from('__properties_version1.0', 'utf16le');
    let last = -1;
    for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) last = at;
    file.writeUInt32LE(0x00ff_ffff, last + 116);
    const again = readMsg(file);
    expect(again.subject).toBe('Inner 1');
    expect(again.problems[0]).toMatchObject({ code: 'VALUE_DAMAGED' });
    expect(again.problems[0]?.path).toMatch(/^attachment|^recipient/);
  });
});
