import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/base/internal.ts';
import {
  AttachMethod,
  dateToFileTime,
  fileTimeToDate,
  MapiAttachment,
  MapiMessage,
  MapiProperties,
  MapiRecipient,
  PidLid,
  PidName,
  PidTag,
  PropertyType,
  propertySets,
  readOneOff,
  writeOneOff,
} from '../../src/mapi/index.ts';
import { decodeHtml, pageOfLocale } from '../../src/mapi/property/code-page.ts';
import { guidBytes, readGuid } from '../../src/mapi/property/guid.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('a bag of properties', () => {
  test('gives back what was set, by id, number and name', () => {
    const bag = new MapiProperties()
      .set(PidTag.Subject, 'Grüße')
      .set(PidLid.Location, 'Room 1')
      .set(PidName.Keywords, ['red', 'green'])
      .set(PidTag.Importance, 2)
      .set({ set: propertySets.publicStrings, name: 'mine', type: PropertyType.Integer64 }, 5n);
    expect(bag.get(PidTag.Subject)).toBe('Grüße');
    expect(bag.get(PidLid.Location)).toBe('Room 1');
    expect(bag.get(PidName.Keywords)).toEqual(['red', 'green']);
    expect(bag.get(PidTag.Importance)).toBe(2);
    expect([...bag].map(({ type }) => type)).toEqual([0x1f, 0x1f, 0x101f, 3, 0x14]);
    expect(bag.delete(PidLid.Location)).toBe(true);
    expect(bag.has(PidLid.Location)).toBe(false);
    expect(bag.size).toBe(4);
  });

  test('finds a string whichever way it is stored, and tells types of one id apart', () => {
    const bag = new MapiProperties()
      .set({ id: 0x0037, type: PropertyType.String8 }, 'narrow')
      .set(PidTag.Html, ascii('<p>'));
    expect(bag.get(PidTag.Subject)).toBe('narrow');
    expect(bag.find({ id: 0x0037 })?.type).toBe(PropertyType.String8);
    expect(bag.get(PidTag.BodyHtml)).toBeUndefined();
    expect(bag.find({ id: 0x1013 })?.value).toEqual(ascii('<p>'));
    bag.set(PidTag.Subject, 'wide');
    expect(bag.size).toBe(2);
    expect(bag.find({ id: 0x0037 })?.type).toBe(PropertyType.String);
  });

  test('Internet header names match whatever their case, others do not', () => {
    const { internetHeaders, publicStrings } = propertySets;
    const type = PropertyType.String;
    const bag = new MapiProperties()
      .set({ set: internetHeaders, name: 'X-Mine', type }, 'a')
      .set({ set: publicStrings, name: 'Mine', type }, 'b');
    expect(bag.get({ set: internetHeaders.toLowerCase(), name: 'x-mine', type })).toBe('a');
    expect(bag.get({ set: publicStrings, name: 'mine', type })).toBeUndefined();
  });

  test('refuses a value its type does not have', () => {
    const bag = new MapiProperties();
    // @ts-expect-error a number is no text
    expect(() => bag.set(PidTag.Subject, 1)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: 'The value of property 0037 must be a string, as its type 001f says',
      }),
    );
    expect(() => bag.set(PidTag.Importance, 1.5)).toThrow('must be an integer of 32 bits');
    expect(() => bag.set(PidTag.ContactVersion, 'x')).toThrow('must be a GUID');
    expect(() => bag.set(PidTag.ClientSubmitTime, -1n)).toThrow('must be a bigint');
    // @ts-expect-error one text is not many
    expect(() => bag.set(PidName.Keywords, 'red')).toThrow('must be an array, each a string');
  });

  test('a large binary stays in its source until it is asked for', () => {
    let reads = 0;
    const source = memorySource(ascii('content'));
    const counted = {
      size: source.size,
      bytes: undefined,
      read: (start: number, end: number): Uint8Array => {
        reads += 1;
        return source.read(start, end);
      },
      stream: source.stream.bind(source),
      pass: source.pass.bind(source),
    };
    const bag = new MapiProperties().set(PidTag.AttachDataBinary, counted);
    expect(bag.source(PidTag.AttachDataBinary)).toBe(counted);
    expect(reads).toBe(0);
    expect(bag.get(PidTag.AttachDataBinary)).toEqual(ascii('content'));
    expect(reads).toBe(1);
  });
});

describe('times', () => {
  test('are dates to the millisecond, and never throw', () => {
    const date = new Date('2026-11-20T15:00:00.123Z');
    expect(fileTimeToDate(dateToFileTime(date))).toEqual(date);
    expect(dateToFileTime(new Date('1601-01-01T00:00:00Z'))).toBe(0n);
    expect(dateToFileTime(new Date(Number.NaN))).toBe(0n);
    expect(dateToFileTime(new Date('1500-01-01'))).toBe(0n);
    expect(fileTimeToDate(0xffff_ffff_ffff_ffffn).getTime()).toBe(1_833_029_933_770_955);
    expect(fileTimeToDate(2n ** 70n).getTime()).toBe(8_640_000_000_000_000);
    expect(fileTimeToDate(-(2n ** 70n)).getTime()).toBe(-8_640_000_000_000_000);
  });
});

test('GUIDs turn three fields round', () => {
  const octets = guidBytes('{6ED8DA90-450B-101B-98DA-00AA003F1305}') ?? new Uint8Array(0);
  expect(Buffer.from(octets).toString('hex')).toBe('90dad86e0b451b1098da00aa003f1305');
  expect(readGuid(octets)).toBe('6ED8DA90-450B-101B-98DA-00AA003F1305');
  expect(guidBytes('6ED8DA90')).toBeUndefined();
});

describe('one-off entry ids', () => {
  test('come back as they went', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, address) => {
        const person = {
          name: name.replaceAll('\0', ''),
          addressType: 'SMTP',
          address: address.replaceAll('\0', ''),
        };
        expect(readOneOff(writeOneOff(person), 1252)).toEqual(person);
      }),
      { numRuns: 100 },
    );
  });

  test('are read in a code page too, and others are not', () => {
    const head = Buffer.from('00000000812b1fa4bea310199d6e00dd010f540200000100', 'hex');
    const bytes = Buffer.concat([head, Buffer.from([0xc6, 0xe2, 0, 0x58, 0, 0x61, 0])]);
    expect(readOneOff(bytes, 1251)).toEqual({ name: 'Жв', addressType: 'X', address: 'a' });
    expect(readOneOff(bytes.subarray(1), 1251)).toBeUndefined();
    expect(readOneOff(head, 1251)).toBeUndefined();
  });
});

describe('code pages', () => {
  test('the message says which, step by step', () => {
    const message = new MapiMessage();
    expect(message.codePage).toBe(1252);
    message.properties.set(PidTag.MessageLocaleId, 0x0419);
    expect(message.codePage).toBe(1251);
    message.properties.set(PidTag.InternetCodepage, 50220);
    expect(message.codePage).toBe(932);
    message.properties.set(PidTag.MessageCodepage, 1253);
    expect(message.codePage).toBe(1253);
    expect([0x0404, 0x0804, 0x041f, 0x0409].map(pageOfLocale)).toEqual([950, 936, 1254, 1252]);
  });

  test('HTML is in its own charset, else in the code page of the Internet', () => {
    const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8]);
    expect(decodeHtml(cyrillic, 1251)).toBe('При');
    const meta = Buffer.concat([ascii('<meta charset="windows-1251">'), cyrillic]);
    expect(decodeHtml(meta, 65001)).toBe('<meta charset="windows-1251">При');
    expect(decodeHtml(Buffer.from('é'), 65001)).toBe('é');
    expect(decodeHtml(Buffer.from([0xe9]), 65001)).toBe('é');
    const wide = Buffer.from('\ufeff<p>é', 'utf16le');
    expect(decodeHtml(wide, 1252)).toBe('<p>é');
  });
});

describe('items', () => {
  test('a recipient has what Outlook gives one', () => {
    const { properties, kind, name, address } = MapiRecipient.of('cc', 'ann@example.com', 'Ann');
    expect([kind, name, address]).toEqual(['cc', 'Ann', 'ann@example.com']);
    expect(properties.get(PidTag.SearchKey)).toEqual(ascii('SMTP:ANN@EXAMPLE.COM\0'));
  });

  test('the address of a recipient may be in the entry id only', () => {
    const bag = new MapiProperties()
      .set(PidTag.EmailAddress, '/o=Org/cn=ann')
      .set(PidTag.AddressType, 'EX')
      .set(
        PidTag.EntryId,
        writeOneOff({ name: 'Ann', addressType: 'SMTP', address: 'ann@example.com' }),
      );
    const recipient = new MapiRecipient(bag);
    expect([recipient.kind, recipient.address]).toEqual(['to', 'ann@example.com']);
    bag.delete(PidTag.EntryId);
    expect(recipient.address).toBe('');
  });

  test('attachments are files, messages or objects', () => {
    const file = MapiAttachment.file('a.b.txt', ascii('x'));
    expect([file.method, file.fileName, file.size]).toEqual([AttachMethod.byValue, 'a.b.txt', 1]);
    expect(file.properties.get(PidTag.AttachExtension)).toBe('.txt');
    const inner = new MapiMessage();
    inner.subject = 'Inner';
    const embedded = MapiAttachment.embedded(inner);
    expect([embedded.method, embedded.fileName, embedded.size]).toEqual([5, 'Inner', 0]);
    expect(embedded.message).toBe(inner);
    const object = MapiAttachment.object(ascii('cfb'), 'Picture');
    expect([object.method, object.storage, object.bytes().length]).toEqual([6, ascii('cfb'), 0]);
    expect(new MapiAttachment().method).toBe(AttachMethod.byValue);
  });

  test('a message says what it is', () => {
    const message = new MapiMessage();
    expect([message.messageClass, message.subject, message.text, message.html]).toEqual([
      'IPM.Note',
      '',
      undefined,
      undefined,
    ]);
    message.properties.set(PidTag.SubjectPrefix, 'RE: ').set(PidTag.NormalizedSubject, 'Lunch');
    expect(message.subject).toBe('RE: Lunch');
    message.messageClass = 'IPM.Task';
    message.text = 'Text';
    expect(message.properties.get(PidTag.MessageClass)).toBe('IPM.Task');
    expect(message.date).toBeUndefined();
    message.properties.set(PidTag.ClientSubmitTime, dateToFileTime(new Date(0)));
    expect(message.date).toEqual(new Date(0));
    message.properties.set(PidTag.Html, ascii('<p>x'));
    expect(message.html).toBe('<p>x');
  });
});
