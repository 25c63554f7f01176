import { Buffer } from 'node:buffer';
import { FormatError, LimitError } from 'posthorn';
import { PidTag, PropertyType, readTnef } from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import {
  attribute,
  codePage,
  hex,
  latin,
  list,
  long,
  messageProperties,
  rendering,
  stream,
  u16,
  u32,
  VERSION,
  variable,
  wide,
} from './kit.ts';

const MESSAGE_IID = hex('0703020000000000C000000000000046');
const STORAGE_IID = hex('0B00000000000000C000000000000046');
const string8 = (id: number, text: string): Buffer => variable(id, 0x1e, latin(`${text}\0`));
const string = (id: number, text: string): Buffer => variable(id, 0x1f, wide(`${text}\0`));
const title = (name: string): Buffer => attribute(2, 0x00018010, latin(`${name}\0`));
const data = (content: string): Buffer => attribute(2, 0x0006800f, latin(content));
const attachmentProperties = (...properties: readonly Uint8Array[]): Buffer =>
  attribute(2, 0x00069005, list(...properties));

function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('attributes of a message', () => {
  const message = readTnef(
    stream(
      VERSION,
      codePage(1251),
      attribute(1, 0x00078008, latin('IPM.Microsoft Mail.Note\0')),
      attribute(1, 0x00018004, hex('cff0e8e2e5f200 6a756e6b')),
      attribute(1, 0x0004800d, u16(1)),
      attribute(1, 0x00038005, hex('d7070b000f00090005003b000400')),
      attribute(1, 0x00018009, latin('D01A446A892F584A9C563CBC60244108\0')),
      attribute(1, 0x0002800c, latin('Hello\r\n\0')),
      attribute(1, 0x00068007, hex('25')),
      attribute(
        1,
        0x00008000,
        Buffer.concat([
          hex('0400 2d00 0600 1500'),
          latin('Anna\0\0SMTP:ann@example.org\0'),
          Buffer.alloc(8),
        ]),
      ),
    ),
  );

  it('become properties', () => {
    expect(message.messageClass).toBe('IPM.Note');
    expect(message.subject).toBe('Привет');
    expect(message.properties.get(PidTag.Importance)).toBe(2);
    expect(message.date).toEqual(new Date('2007-11-15T09:05:59Z'));
    expect(message.text).toBe('Hello\r\n');
    expect(message.properties.get(PidTag.SearchKey)).toEqual(
      hex('D01A446A892F584A9C563CBC60244108'),
    );
    // Read and submitted; it was modified.
    expect(message.properties.get(PidTag.MessageFlags)).toBe(0x05);
    expect(message.problems).toEqual([]);
  });

  it('name the sender', () => {
    expect(message.properties.get(PidTag.SenderName)).toBe('Anna');
    expect(message.properties.get(PidTag.SenderAddressType)).toBe('SMTP');
    expect(message.properties.get(PidTag.SenderEmailAddress)).toBe('ann@example.org');
    expect(message.properties.has(PidTag.SenderEntryId)).toBe(true);
  });

  it('yield to properties', () => {
    const both = readTnef(
      stream(
        VERSION,
        codePage(1252),
        attribute(1, 0x00018004, latin('short\0')),
        attribute(1, 0x0004800d, u16(1)),
        messageProperties(string(0x37, 'the whole subject'), long(0x17, 1)),
      ),
    );
    expect(both.subject).toBe('the whole subject');
    expect(both.properties.get(PidTag.Importance)).toBe(1);
  });

  it.each([
    ['IPM.Microsoft Schedule.MtgReq', PidTag.SentRepresentingEmailAddress],
    ['IPM.Microsoft Schedule.MtgRespP', PidTag.ReceivedRepresentingEmailAddress],
  ])('of %s name its owner', (messageClass, tag) => {
    const meeting = readTnef(
      stream(
        VERSION,
        attribute(
          1,
          0x00060000,
          Buffer.concat([u16(4), latin('Ann\0'), u16(11), latin('SMTP:a@b.c\0')]),
        ),
        attribute(1, 0x00078008, latin(`${messageClass}\0`)),
      ),
    );
    expect(meeting.properties.get(tag)).toBe('a@b.c');
  });
});

describe('properties', () => {
  const set = hex('08200600 0000 0000 C000 000000000046');

  it('of every type', () => {
    const { properties, problems } = readTnef(
      stream(
        VERSION,
        codePage(1252),
        messageProperties(
          Buffer.concat([u16(2), u16(0x6001), hex('feff 0000')]),
          Buffer.concat([u16(3), u16(0x6002), hex('feffffff')]),
          Buffer.concat([u16(4), u16(0x6003), hex('0000c03f')]),
          Buffer.concat([u16(5), u16(0x6004), hex('000000000000f83f')]),
          Buffer.concat([u16(6), u16(0x6005), hex('f0d8ffffffffffff')]),
          Buffer.concat([u16(0x0b), u16(0x6006), hex('0100 0000')]),
          Buffer.concat([u16(0x14), u16(0x6007), hex('0100000001000000')]),
          Buffer.concat([u16(0x40), u16(0x6008), hex('ffffffffffffffff')]),
          Buffer.concat([u16(0x48), u16(0x6009), set]),
          string8(0x600a, 'na\xefve'),
          string(0x600b, 'наïve'),
          variable(0x600c, 0x102, hex('010203')),
          Buffer.concat([u16(0x0a), u16(0x600d), hex('0f010480')]),
          Buffer.concat([
            u16(0x101f),
            u16(0x600e),
            u32(2),
            u32(4),
            wide('a\0'),
            u32(6),
            wide('bc\0'),
            u16(0),
          ]),
          Buffer.concat([u16(0x1003), u16(0x600f), u32(2), u32(1), u32(2)]),
          Buffer.concat([u16(0x1102), u16(0x6010), u32(2), u32(1), hex('aa000000'), u32(0)]),
          Buffer.concat([u16(3), u16(0x8000), set, u32(0), u32(0x8501), u32(15)]),
          Buffer.concat([u16(3), u16(0x8000), set, u32(1), u32(6), wide('Ab\0'), u16(0), u32(16)]),
        ),
      ),
    );
    const get = (id: number, type: number): unknown => properties.get({ id, type });
    expect(get(0x6001, PropertyType.Integer16)).toBe(-2);
    expect(get(0x6002, PropertyType.Integer32)).toBe(-2);
    expect(get(0x6003, PropertyType.Floating32)).toBe(1.5);
    expect(get(0x6004, PropertyType.Floating64)).toBe(1.5);
    expect(get(0x6005, PropertyType.Currency)).toBe(-10_000n);
    expect(get(0x6006, PropertyType.Boolean)).toBe(true);
    expect(get(0x6007, PropertyType.Integer64)).toBe(0x1_0000_0001n);
    expect(get(0x6008, PropertyType.Time)).toBe(0xffff_ffff_ffff_ffffn);
    expect(get(0x6009, PropertyType.Guid)).toBe('00062008-0000-0000-C000-000000000046');
    expect(get(0x600a, PropertyType.String8)).toBe('naïve');
    expect(get(0x600b, PropertyType.String)).toBe('наïve');
    expect(get(0x600c, PropertyType.Binary)).toEqual(hex('010203'));
    expect(get(0x600d, PropertyType.ErrorCode)).toBe(0x8004010f);
    expect(get(0x600e, PropertyType.MultipleString)).toEqual(['a', 'bc']);
    expect(get(0x600f, PropertyType.MultipleInteger32)).toEqual([1, 2]);
    expect(get(0x6010, PropertyType.MultipleBinary)).toEqual([hex('aa'), hex('')]);
    const common = { set: '00062008-0000-0000-C000-000000000046', type: 3 };
    expect(properties.get({ ...common, lid: 0x8501 })).toBe(15);
    expect(properties.get({ ...common, name: 'Ab' })).toBe(16);
    expect(problems).toEqual([]);
  });

  it('that are there twice have the first value', () => {
    const { properties } = readTnef(
      stream(VERSION, messageProperties(long(0x17, 2), long(0x17, 0))),
    );
    expect(properties.get(PidTag.Importance)).toBe(2);
  });

  it('in a code page of two octets', () => {
    const message = readTnef(
      stream(VERSION, codePage(932), messageProperties(string8(0x37, '\x93\xfa\x96{'))),
    );
    expect(message.subject).toBe('日本');
  });

  it('say their code page when the stream does not', () => {
    const message = readTnef(
      stream(VERSION, messageProperties(string8(0x37, '\xcf\xf0'), long(0x3ffd, 1251))),
    );
    expect(message.subject).toBe('Пр');
  });
});

describe('attachments', () => {
  it('have the long name of their properties', () => {
    const { attachments } = readTnef(
      stream(
        VERSION,
        codePage(1252),
        rendering,
        title('KITTEN~1.JPG'),
        data('meow'),
        attachmentProperties(string(0x3707, 'kočička na stromě.jpg'), long(0x3705, 1)),
        rendering,
        title('d\xf6cument.pdf'),
        data('%PDF'),
      ),
    );
    expect(attachments.map(({ fileName }) => fileName)).toEqual([
      'kočička na stromě.jpg',
      'döcument.pdf',
    ]);
    expect(attachments.map((one) => Buffer.from(one.bytes()).toString())).toEqual(['meow', '%PDF']);
    expect(attachments.map(({ method }) => method)).toEqual([1, 1]);
    expect(attachments[1]?.properties.get(PidTag.RenderingPosition)).toBe(-1);
  });

  it('may have their content in a property only', () => {
    const { attachments } = readTnef(
      stream(
        VERSION,
        rendering,
        attachmentProperties(variable(0x3701, 0x102, latin('inside')), string(0x3707, 'a.txt')),
      ),
    );
    expect(Buffer.from(attachments[0]?.bytes() ?? []).toString()).toBe('inside');
  });

  it('may be a message, whose notice for others is not its content', () => {
    const inner = stream(
      VERSION,
      codePage(1252),
      messageProperties(string(0x37, 'inner'), string(0x1a, 'IPM.Task')),
    );
    const { attachments, problems } = readTnef(
      stream(
        VERSION,
        rendering,
        title('Untitled Attachment'),
        data('This attachment is a MAPI 1.0 embedded message'),
        attachmentProperties(
          long(0x3705, 5),
          variable(0x3701, 0x0d, Buffer.concat([MESSAGE_IID, inner])),
        ),
      ),
    );
    const [attachment] = attachments;
    expect(attachment?.message?.subject).toBe('inner');
    expect(attachment?.message?.messageClass).toBe('IPM.Task');
    expect(attachment?.bytes()).toHaveLength(0);
    expect(attachment?.fileName).toBe('');
    expect(problems).toEqual([]);
  });

  it('may be an object', () => {
    const { attachments } = readTnef(
      stream(
        VERSION,
        attribute(2, 0x00069002, hex('0200 05000000 ffff ffff 00000000')),
        attachmentProperties(
          variable(0x3701, 0x0d, Buffer.concat([STORAGE_IID, latin('compound')])),
        ),
      ),
    );
    expect(attachments[0]?.method).toBe(6);
    expect(Buffer.from(attachments[0]?.storage ?? []).toString()).toBe('compound');
  });

  it('whose message is damaged keep its octets', () => {
    const { attachments, problems } = readTnef(
      stream(
        VERSION,
        rendering,
        attachmentProperties(
          variable(0x3701, 0x0d, Buffer.concat([MESSAGE_IID, latin('nonsense')])),
        ),
      ),
    );
    expect(Buffer.from(attachments[0]?.bytes() ?? []).toString()).toBe('nonsense');
    expect(problems).toMatchObject([{ code: 'ATTACHMENT_DAMAGED', path: 'attachment 0' }]);
  });

  it('of a source that is not in memory stay where they are', () => {
    const whole = stream(
      VERSION,
      rendering,
      attribute(2, 0x0006800f, Buffer.alloc(3_000_000, 7)),
      title('big.bin'),
    );
    let most = 0;
    const source = {
      size: whole.length,
      bytes: undefined,
      read: (start: number, end: number) => {
        most = Math.max(most, end - start);
        return whole.subarray(start, end);
      },
      stream: async function* (start: number, end: number) {
        yield whole.subarray(start, end);
      },
      pass: async function* () {},
    };
    const { attachments } = readTnef(source);
    expect(attachments[0]?.fileName).toBe('big.bin');
    expect(attachments[0]?.size).toBe(3_000_000);
    expect(most).toBeLessThan(100_000);
    expect(attachments[0]?.bytes()[2_999_999]).toBe(7);
  });
});

describe('numbers of attributes', () => {
  it('may be without their type', () => {
    const { subject, attachments } = readTnef(
      stream(
        attribute(1, 0x8004, latin('Hi\0')),
        attribute(2, 0x9002, hex('')),
        attribute(2, 0x800f, latin('content')),
      ),
    );
    expect(subject).toBe('Hi');
    expect(Buffer.from(attachments[0]?.bytes() ?? []).toString()).toBe('content');
  });
});

describe('recipients', () => {
  it('are rows of their own, with the kind anywhere', () => {
    const row = (name: string, kind: number, isLate: boolean): Buffer => {
      const properties = [string(0x3001, name), string(0x39fe, `${name}@example.org`)];
      const type = long(0x0c15, kind);
      return list(...(isLate ? [...properties, type] : [type, ...properties]));
    };
    const rows = Buffer.concat([
      u32(3),
      row('ann', 1, true),
      row('bob', 2, false),
      list(string(0x3001, 'eve')),
    ]);
    const { recipients } = readTnef(stream(VERSION, attribute(1, 0x00069004, rows)));
    expect(recipients.map(({ kind, name, address }) => [kind, name, address])).toEqual([
      ['to', 'ann', 'ann@example.org'],
      ['cc', 'bob', 'bob@example.org'],
      ['to', 'eve', ''],
    ]);
  });
});

describe('what is wrong', () => {
  const good = stream(
    VERSION,
    codePage(1252),
    messageProperties(string(0x37, 'subject')),
    rendering,
    title('a'),
    data('xy'),
  );

  it.each<[string, Buffer, string, string]>([
    [
      'octets after the end',
      Buffer.concat([good, latin('\r\n')]),
      'TRAILING_OCTETS',
      'What follows is no attribute and was left out at octet 134',
    ],
    [
      'a wrong checksum',
      Buffer.concat([good.subarray(0, -1), hex('01')]),
      'CHECKSUM_WRONG',
      'The checksum of the attribute is wrong at octet 121',
    ],
    [
      'an attribute that is cut short',
      good.subarray(0, -3),
      'STRUCTURE_DAMAGED',
      'The stream is cut short in an attribute at octet 121',
    ],
    [
      'half an attribute',
      Buffer.concat([good, hex('0201')]),
      'STRUCTURE_DAMAGED',
      'The stream is cut short in an attribute at octet 134',
    ],
    [
      'a list that says too much',
      stream(VERSION, attribute(1, 0x00069003, Buffer.concat([u32(2), string(0x37, 'subject')]))),
      'STRUCTURE_DAMAGED',
      'A list of properties is cut short at octet 62',
    ],
    [
      'an unknown type',
      stream(VERSION, messageProperties(string(0x37, 'subject'), hex('ee0e 0160 00000000'))),
      'TYPE_UNKNOWN',
      'A property of the unknown type 0eee ends the list at octet 62',
    ],
    [
      'an unknown code page',
      stream(VERSION, codePage(12), messageProperties(string(0x37, 'subject'))),
      'CODE_PAGE_UNKNOWN',
      'The code page 12 is not known here at octet 21',
    ],
  ])('%s is told, and thrown when strict', (_name, bytes, code, message) => {
    const read = readTnef(bytes);
    expect(read.subject).toBe('subject');
    expect(read.problems).toEqual([{ code, message, path: '' }]);
    const error = errorOf(() => readTnef(bytes, { strict: true }));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({
      code: 'FORMAT_INVALID',
      format: 'tnef',
      message: `${message}; read it with strict: false to keep what can be read`,
    });
  });

  it('is a FormatError when it is no TNEF', () => {
    for (const bytes of [latin(''), latin('Hello'), hex('789f3e22 07'), hex('223e9f78 0700')]) {
      expect(errorOf(() => readTnef(bytes))).toMatchObject({
        code: 'FORMAT_INVALID',
        message:
          'This is not TNEF: it does not begin with 78 9F 3E 22; give the decoded content of a winmail.dat',
      });
    }
  });

  it('cut anywhere, or with any octet changed, ends quickly and in words', () => {
    const inner = stream(VERSION, codePage(1252), messageProperties(string(0x37, 'inner')));
    const whole = Buffer.concat([
      good,
      attachmentProperties(
        variable(0x3701, 0x0d, Buffer.concat([MESSAGE_IID, inner])),
        string(0x3707, 'x'),
      ),
    ]);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      for (const bytes of [whole.subarray(0, at), changed]) {
        try {
          readTnef(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }
    }
  });

  it('of hostile size is not believed', () => {
    const huge = [
      stream(VERSION, attribute(1, 0x00069003, hex('ffffffff'))),
      stream(VERSION, messageProperties(hex('1f00 3700 ffffffff'))),
      stream(VERSION, messageProperties(hex('0201 3700 01000000 ffffffff'))),
      stream(VERSION, messageProperties(hex('0310 3700 ffffff7f'))),
      stream(VERSION, attribute(1, 0x00069004, hex('ffffffff'))),
      stream(VERSION, hex('01 03900600 ffffffff 00')),
    ];
    for (const bytes of huge) {
      const { problems, recipients, attachments } = readTnef(bytes);
      expect(problems[0]?.code).toBe('STRUCTURE_DAMAGED');
      expect([...recipients, ...attachments]).toEqual([]);
    }
  });

  it('too many of a thing is a LimitError', () => {
    let nested = stream(VERSION);
    for (let depth = 0; depth < 60; depth++) {
      nested = stream(
        VERSION,
        rendering,
        attachmentProperties(variable(0x3701, 0x0d, Buffer.concat([MESSAGE_IID, nested]))),
      );
    }
    const rows = Buffer.concat([u32(100_001), Buffer.alloc(4 * 100_001)]);
    const values = Buffer.concat([
      u16(0x1003),
      u16(0x6000),
      u32(1_000_001),
      Buffer.alloc(4_000_004),
    ]);
    const many = Buffer.alloc(100_001 * 11);
    for (let at = 0; at < many.length; at += 11) many.set(attribute(1, 0x6000, hex('')), at);
    for (const [bytes, limit] of [
      [nested, 'mapiDepth'],
      [stream(VERSION, attribute(1, 0x00069004, rows)), 'mapiRecipients'],
      [stream(VERSION, messageProperties(values)), 'mapiValues'],
      [stream(many), 'tnefAttributes'],
    ] as const) {
      const error = errorOf(() => readTnef(bytes));
      expect(error).toBeInstanceOf(LimitError);
      expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', limit });
      expect((error as LimitError).message).toContain(`is over the limit '${limit}' of`);
    }
  });
});
