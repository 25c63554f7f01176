import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/mapi/tnef/checksum.ts';
import { decodeDateTime, encodeDateTime } from '../../../src/mapi/tnef/date-time.ts';
import { attributeClass, messageClassOf } from '../../../src/mapi/tnef/message-class.ts';
import { TnefOutput } from '../../../src/mapi/tnef/output.ts';
import {
  decodeCounted,
  decodeTriple,
  encodeCounted,
  encodeTriple,
} from '../../../src/mapi/tnef/person.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const octets = (text: string): Uint8Array => Buffer.from(text, 'hex');
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('checksum', () => {
  // MS-OXTNEF section 3.1: attTnefVersion and attOemCodepage of 1252.
  it.each([
    ['00000100', 0x0001],
    ['e404000000000000', 0x00e8],
    ['', 0],
  ])('of %s is %i', (bytes, sum) => {
    expect(checksum(octets(bytes))).toBe(sum);
  });

  it('is the sum of all octets, wherever they stand in memory', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 0xffff }),
        (bytes, shift, before) => {
          const moved = new Uint8Array(bytes.length + shift);
          moved.set(bytes, shift);
          const expected = bytes.reduce((sum, octet) => sum + octet, before) % 0x10000;
          expect(checksum(moved.subarray(shift), before)).toBe(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does not overflow', () => {
    expect(checksum(new Uint8Array(1_000_003).fill(0xff))).toBe((1_000_003 * 0xff) % 0x10000);
  });
});

describe('times', () => {
  it('are seven words in UTC', () => {
    const date = new Date('2007-11-15T09:05:59Z');
    expect(hex(encodeDateTime(date))).toBe('d7070b000f00090005003b000400');
    expect(decodeDateTime(encodeDateTime(date))).toEqual(date);
  });

  it.each([
    ['0000000000000000000000000000', 'all zero'],
    ['d7070d000f00090005003b000400', 'a month 13'],
    ['d7070200' + '1e00' + '090005003b000400', 'the 30th of February'],
    ['d7070b00', 'cut short'],
  ])('%s is none (%s)', (bytes) => {
    expect(decodeDateTime(octets(bytes))).toBeUndefined();
  });
});

describe('people', () => {
  const ann = { name: latin('Ann'), address: latin('SMTP:ann@example.org') };

  it('stand in a triple with an empty one after it', () => {
    const bytes = encodeTriple(ann);
    expect(hex(bytes)).toBe(
      `0400${hex(Uint8Array.of(41))}000400${hex(Uint8Array.of(21))}00${hex(latin('Ann\0SMTP:ann@example.org\0'))}0000000000000000`,
    );
    expect(decodeTriple(bytes)).toEqual(ann);
  });

  it('have a name of even length there', () => {
    const even = { ...ann, name: latin('Anna') };
    const bytes = encodeTriple(even);
    expect(bytes[4]).toBe(6);
    expect(decodeTriple(bytes)).toEqual(even);
  });

  it('are read when the length of the name leaves the padding out', () => {
    const bytes = octets(
      `04003000050015 00${hex(latin('Anna\0'))}00${hex(latin('SMTP:ann@example.org\0'))}`.replace(
        ' ',
        '',
      ),
    );
    expect(decodeTriple(bytes)).toEqual({ ...ann, name: latin('Anna') });
  });

  it.each(['', '0400', '0000200004001500'])('are nobody in %s', (bytes) => {
    expect(decodeTriple(octets(bytes))).toBeUndefined();
  });

  it('stand in counted strings', () => {
    const bytes = encodeCounted(ann);
    expect(hex(bytes)).toBe(
      `0400${hex(latin('Ann\0'))}1500${hex(latin('SMTP:ann@example.org\0'))}`,
    );
    expect(decodeCounted(bytes)).toEqual(ann);
    expect(decodeCounted(bytes.subarray(0, -1))).toBeUndefined();
    expect(decodeCounted(new Uint8Array(1))).toBeUndefined();
  });
});

describe('message classes', () => {
  it.each([
    ['IPM.Note', 'IPM.Microsoft Mail.Note'],
    ['IPM.Schedule.Meeting.Request', 'IPM.Microsoft Schedule.MtgReq'],
    ['IPM.Schedule.Meeting.Canceled', 'IPM.Microsoft Schedule.MtgCncl'],
    ['IPM.Schedule.Meeting.Resp.Pos', 'IPM.Microsoft Schedule.MtgRespP'],
    ['IPM.Schedule.Meeting.Resp.Neg', 'IPM.Microsoft Schedule.MtgRespN'],
    ['IPM.Schedule.Meeting.Resp.Tent', 'IPM.Microsoft Schedule.MtgRespA'],
    ['Report.IPM.Note.IPNRN', 'IPM.Microsoft Mail.Read Receipt'],
    ['Report.IPM.Note.NDR', 'IPM.Microsoft Mail.Non-Delivery'],
    ['IPM.TaskRequest', 'IPM.TaskRequest'],
  ])('%s is written %s', (mapi, mail) => {
    expect(attributeClass(mapi)).toBe(mail);
    expect(messageClassOf(mail)).toBe(mapi);
    expect(messageClassOf(mail.toUpperCase()).toLowerCase()).toBe(mapi.toLowerCase());
  });
});

describe('output', () => {
  it('has the same octets in one array and piece by piece', async () => {
    const large = new Uint8Array(700_000).map((_, index) => index * 7);
    const source = {
      size: 3,
      bytes: undefined,
      read: () => Uint8Array.of(1, 2, 3),
      stream: async function* () {
        yield Uint8Array.of(1, 2);
        yield Uint8Array.of(3);
      },
      pass: async function* () {},
    };
    const inner = new TnefOutput();
    inner.attribute(1, 0x00089006, octets('00000100'));
    const innermost = new TnefOutput();
    innermost.source(source);
    innermost.pad(3);
    innermost.bytes(large);
    inner.attribute(2, 0x0006800f, innermost);
    const whole = new TnefOutput();
    whole.u32(0x223e9f78);
    whole.u16(0x1234);
    whole.i64(-2n);
    whole.float(1.5, 8);
    whole.utf16('ä');
    whole.attribute(1, 0x00069005, inner);
    const bytes = whole.toBytes();
    const chunks: Uint8Array[] = [];
    for await (const chunk of whole.stream()) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(bytes).toHaveLength(whole.size);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(262_144);
    const start = 4 + 2 + 8 + 8 + 2 + 9;
    const data = bytes.subarray(start, -2);
    expect(checksum(data)).toBe(Buffer.from(bytes).readUInt16LE(bytes.length - 2));
    expect(hex(bytes.subarray(0, 14))).toBe('789f3e223412feffffffffffffff');
    expect(hex(data.subarray(0, 15))).toBe('01' + '06900800' + '04000000' + '00000100' + '0100');
  });
});
