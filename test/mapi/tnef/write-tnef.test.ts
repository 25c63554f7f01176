import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { LimitError } from 'posthorn';
import {
  dateToFileTime,
  MapiAttachment,
  MapiMessage,
  type MapiProblem,
  MapiRecipient,
  PidLid,
  PidTag,
  PropertyType,
  propertySets,
  readTnef,
  streamTnef,
  writeTnef,
} from 'posthorn/outlook';
import { describe, expect, it } from 'vitest';
import {
  attribute,
  bag,
  codePage,
  everything,
  hex,
  latin,
  list,
  long,
  messageProperties,
  stream,
  u16,
  u32,
  VERSION,
  variable,
  wide,
} from './kit.ts';

const string = (id: number, text: string): Buffer => variable(id, 0x1f, wide(`${text}\0`));
const sent = new Date('2024-02-29T23:59:58Z');
const fileTime = (date: Date): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(dateToFileTime(date));
  return bytes;
};

function note(subject: string): MapiMessage {
  const message = new MapiMessage();
  message.messageClass = 'IPM.Note';
  message.subject = subject;
  return message;
}

describe('a stream', () => {
  it('stands octet for octet as Exchange orders it', () => {
    const message = note('Přehled');
    message.properties
      .set(PidTag.SearchKey, hex('d01a446a892f584a9c563cbc60244108'))
      .set(PidTag.Importance, 2)
      .set(PidTag.ClientSubmitTime, dateToFileTime(sent))
      .set(PidLid.ReminderDelta, 15)
      .set({ set: propertySets.publicStrings, name: 'ab', type: PropertyType.Boolean }, true);
    const attachment = MapiAttachment.file('плån.txt', latin('content'));
    attachment.properties.set(PidTag.CreationTime, dateToFileTime(sent));
    message.attachments.push(attachment);
    const common = hex('08200600 0000 0000 C000 000000000046');
    const strings = hex('29030200 0000 0000 C000 000000000046');
    const expected = stream(
      VERSION,
      codePage(1252),
      attribute(1, 0x00018009, latin('D01A446A892F584A9C563CBC60244108\0')),
      attribute(1, 0x0004800d, u16(1)),
      attribute(1, 0x00038005, hex('e80702001d0017003b003a000400')),
      attribute(1, 0x00078008, latin('IPM.Microsoft Mail.Note\0')),
      attribute(1, 0x00018004, latin('P?ehled\0')),
      messageProperties(
        string(0x1a, 'IPM.Note'),
        string(0x37, 'Přehled'),
        variable(0x300b, 0x102, hex('d01a446a892f584a9c563cbc60244108')),
        long(0x17, 2),
        Buffer.concat([u16(0x40), u16(0x39), fileTime(sent)]),
        Buffer.concat([u16(3), u16(0x8000), common, u32(0), u32(0x8501), u32(15)]),
        Buffer.concat([
          u16(0x0b),
          u16(0x8000),
          strings,
          u32(1),
          u32(6),
          wide('ab\0'),
          u16(0),
          u32(1),
        ]),
        variable(0x7f, 0x102, latin('<1@example.org>\0')),
      ),
      attribute(2, 0x00069002, hex('0100 ffffffff 2000 2000 00000000')),
      attribute(2, 0x00018010, latin('??\xe5n.txt\0')),
      attribute(2, 0x00038012, hex('e80702001d0017003b003a000400')),
      attribute(2, 0x0006800f, latin('content')),
      attribute(
        2,
        0x00069005,
        list(
          long(0x3705, 1),
          string(0x3707, 'плån.txt'),
          string(0x3001, 'плån.txt'),
          long(0x370b, -1),
          string(0x3703, '.txt'),
          Buffer.concat([u16(0x40), u16(0x3007), fileTime(sent)]),
        ),
      ),
    );
    const written = writeTnef(message, { key: 7, correlationKey: '<1@example.org>' });
    expect(Buffer.from(written).toString('hex')).toBe(expected.toString('hex'));
  });

  it('has a number other than 0 and by chance', () => {
    const keys = Array.from({ length: 20 }, () =>
      Buffer.from(writeTnef(new MapiMessage())).readUInt16LE(4),
    );
    expect(new Set(keys).size).toBeGreaterThan(1);
    expect(keys).not.toContain(0);
  });

  it('has the code page of the message for those who know no Unicode', () => {
    const message = note('Отчёт');
    message.properties.set(PidTag.MessageCodepage, 1251);
    const written = Buffer.from(writeTnef(message));
    expect(written.readUInt32LE(6 + 15 + 9)).toBe(1251);
    expect(written.includes(hex('ced2f7b8f200'.replace('ced2', 'cef2')))).toBe(true);
    message.properties.set(PidTag.MessageCodepage, 932);
    expect(Buffer.from(writeTnef(message)).readUInt32LE(6 + 15 + 9)).toBe(1252);
  });
});

describe('meetings', () => {
  it('have attributes of their own', () => {
    const message = note('Lunch');
    message.messageClass = 'IPM.Schedule.Meeting.Request';
    message.properties
      .set(PidTag.StartDate, dateToFileTime(sent))
      .set(PidTag.EndDate, dateToFileTime(sent))
      .set(PidTag.OwnerAppointmentId, -2)
      .set(PidTag.ResponseRequested, true)
      .set(PidTag.SentRepresentingName, 'Ann')
      .set(PidTag.SentRepresentingAddressType, 'SMTP')
      .set(PidTag.SentRepresentingEmailAddress, 'a@b.c');
    const written = Buffer.from(writeTnef(message, { key: 7 }));
    const time = hex('e80702001d0017003b003a000400');
    const meeting = Buffer.concat([
      attribute(1, 0x00078008, latin('IPM.Microsoft Schedule.MtgReq\0')),
      attribute(1, 0x00018004, latin('Lunch\0')),
      attribute(1, 0x00030006, time),
      attribute(1, 0x00030007, time),
      attribute(1, 0x00050008, hex('feffffff')),
      attribute(
        1,
        0x00060000,
        Buffer.concat([u16(4), latin('Ann\0'), u16(11), latin('SMTP:a@b.c\0')]),
      ),
      attribute(1, 0x00040009, u16(1)),
    ]);
    expect(written.includes(meeting)).toBe(true);
    message.messageClass = 'IPM.Schedule.Meeting.Resp.Pos';
    // The organizer of a response is not known here: no owner.
    expect(Buffer.from(writeTnef(message)).includes(hex('01 00000600'))).toBe(false);
  });
});

describe('messages inside', () => {
  const inner = note('inner');
  inner.properties
    .set(PidTag.MessageFlags, 0x09)
    .set(PidTag.SenderName, 'Ann')
    .set(PidTag.SenderAddressType, 'SMTP')
    .set(PidTag.SenderEmailAddress, 'a@b.c');
  inner.recipients.push(
    MapiRecipient.of('to', 'to@example.org'),
    MapiRecipient.of('bcc', 'x@example.org'),
  );
  const outer = note('outer');
  outer.recipients.push(
    MapiRecipient.of('to', 'all@example.org'),
    MapiRecipient.of('bcc', 'h@example.org'),
  );
  outer.attachments.push(
    MapiAttachment.embedded(inner),
    MapiAttachment.object(latin('compound'), 'chart'),
  );

  it('are streams with their recipients, but for the hidden ones in a mail', () => {
    const mail = readTnef(writeTnef(outer, { recipients: 'inner' }), { strict: true });
    expect(mail.recipients).toEqual([]);
    const message = mail.attachments[0]?.message;
    expect(message?.recipients.map(({ address }) => address)).toEqual(['to@example.org']);
    const file = readTnef(writeTnef(outer), { strict: true });
    expect(file.recipients.map(({ address }) => address)).toEqual([
      'all@example.org',
      'h@example.org',
    ]);
    expect(file.attachments[0]?.message?.recipients.map(({ kind }) => kind)).toEqual(['to', 'bcc']);
    expect(Buffer.from(file.attachments[1]?.storage ?? []).toString()).toBe('compound');
  });

  it('say in attributes who sent them and whether they were read, and their subject in properties only', () => {
    const written = Buffer.from(writeTnef(outer));
    expect(written.includes(attribute(1, 0x00068007, hex('23')))).toBe(true);
    expect(written.includes(latin('Ann\0SMTP:a@b.c\0'))).toBe(true);
    const subject = (text: string): Buffer => attribute(1, 0x00018004, latin(`${text}\0`));
    expect(written.includes(subject('outer'))).toBe(true);
    expect(written.includes(subject('inner'))).toBe(false);
  });

  it('are bounded in depth', () => {
    let message = note('deep');
    for (let depth = 0; depth < 60; depth++) {
      const around = note(`${depth}`);
      around.attachments.push(MapiAttachment.embedded(message));
      message = around;
    }
    expect(() => writeTnef(message)).toThrow(LimitError);
    expect(() => writeTnef(message)).toThrow("is over the limit 'mapiDepth' of 50");
  });
});

describe('what TNEF can not hold', () => {
  it('is told', () => {
    const message = note('x');
    const odd = new MapiMessage();
    odd.properties.set({ id: 0x6001, type: 0x0eee }, hex('01'));
    message.attachments.push(MapiAttachment.embedded(odd));
    const problems: MapiProblem[] = [];
    const read = readTnef(writeTnef(message, { onProblem: (one) => problems.push(one) }), {
      strict: true,
    });
    expect(problems).toEqual([
      {
        code: 'TYPE_UNKNOWN',
        message: "The property 6001 has the type 0eee, which TNEF can't hold; it was left out",
        path: 'attachment 0',
      },
    ]);
    expect(read.attachments[0]?.message?.properties.size).toBe(1);
  });
});

describe('attachments in a file', () => {
  it('are streamed, with the same octets', async () => {
    const size = 5_000_000;
    const block = Buffer.alloc(65_536, 'abcdefg');
    let most = 0;
    const source = {
      size,
      bytes: undefined,
      read: (start: number, end: number) => {
        most = Math.max(most, end - start);
        return Buffer.alloc(end - start, 'abcdefg');
      },
      stream: async function* (start: number, end: number) {
        for (let at = start; at < end; at += block.length)
          yield block.subarray(0, Math.min(block.length, end - at));
      },
      pass: async function* () {},
    };
    const inner = note('inner');
    inner.attachments.push(MapiAttachment.file('a.bin', source));
    const outer = note('outer');
    outer.attachments.push(MapiAttachment.embedded(inner));
    const chunks: Uint8Array[] = [];
    for await (const chunk of streamTnef(outer, { key: 9 })) chunks.push(chunk);
    expect(most).toBe(0);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(300_000);
    const back = readTnef(Buffer.concat(chunks), { strict: true });
    expect(back.attachments[0]?.message?.attachments[0]?.size).toBe(size);
  });
});

describe('round trip', () => {
  const value = fc.oneof(
    fc.record({
      type: fc.constant(0x1f),
      value: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
    }),
    fc.record({ type: fc.constant(0x102), value: fc.uint8Array({ maxLength: 50 }) }),
    fc.record({
      type: fc.constant(0x03),
      value: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
    }),
    fc.record({ type: fc.constant(0x02), value: fc.integer({ min: -0x8000, max: 0x7fff }) }),
    fc.record({ type: fc.constant(0x0b), value: fc.boolean() }),
    fc.record({ type: fc.constant(0x05), value: fc.double({ noNaN: true }) }),
    fc.record({
      type: fc.constant(0x14),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
    fc.record({ type: fc.constant(0x40), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
    fc.record({ type: fc.constant(0x48), value: fc.uuid().map((guid) => guid.toUpperCase()) }),
    fc.record({
      type: fc.constant(0x101f),
      value: fc.array(fc.string().map((text) => text.replaceAll('\0', ''))),
    }),
    fc.record({ type: fc.constant(0x1102), value: fc.array(fc.uint8Array({ maxLength: 9 })) }),
    fc.record({ type: fc.constant(0x1003), value: fc.array(fc.integer({ min: -9, max: 9 })) }),
    fc.record({ type: fc.constant(0x1040), value: fc.array(fc.bigInt({ min: 0n, max: 9n })) }),
  );
  const key = fc.oneof(
    fc.integer({ min: 0x6000, max: 0x67ff }).map((id) => ({ id })),
    fc.integer({ min: 0, max: 0xffff }).map((lid) => ({ set: propertySets.common, lid })),
    fc
      .string({ minLength: 1 })
      .map((name) => ({ set: propertySets.publicStrings, name: name.replaceAll('\0', '') })),
  );

  it('keeps every property, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 20 }), (properties) => {
        const message = note('any');
        for (const [name, { type, value: given }] of properties) {
          message.properties.set({ ...name, type }, given as never);
        }
        message.recipients.push(MapiRecipient.of('cc', 'ann@example.org', 'Ann'));
        message.attachments.push(MapiAttachment.file('a.txt', latin('x')));
        const back = readTnef(writeTnef(message), { strict: true });
        expect(everything(back)).toEqual(everything(message));
        expect([...back.properties].map(({ key: one }) => one)).toEqual(
          [...message.properties].map(({ key: one }) => one),
        );
        expect(bag(back.properties)).toEqual(bag(message.properties));
      }),
      { numRuns: 150 },
    );
  });
});
