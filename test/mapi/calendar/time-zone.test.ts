import { describe, expect, test } from 'vitest';
import {
  cleanGlobalObjectId,
  globalObjectId,
  occurrenceOfGlobalObjectId,
  readZoneDefinition,
  readZoneStruct,
  uidOfGlobalObjectId,
  writeZoneDefinition,
  writeZoneStruct,
  type ZoneRule,
} from '../../../src/mapi/index.ts';

const none = {
  year: 0,
  month: 0,
  dayOfWeek: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
};
const berlin: ZoneRule = {
  bias: -60,
  standardBias: 0,
  daylightBias: -60,
  standardDate: { ...none, month: 10, day: 5, hour: 3 },
  daylightDate: { ...none, month: 3, day: 5, hour: 2 },
};

describe('time zones', () => {
  test('the structure has 48 octets', () => {
    const octets = writeZoneStruct(berlin);
    expect(Buffer.from(octets).toString('hex')).toBe(
      'c4ffffff00000000c4ffffff00000000' +
        '0a000000050003000000000000000000' +
        '00000300000005000200000000000000'.slice(0, 4) +
        '03000000050002000000000000000000'.slice(0, 28),
    );
    expect(readZoneStruct(octets)).toEqual(berlin);
  });

  test('a definition has a name and the rules of its years', () => {
    const definition = {
      keyName: 'W. Europe Standard Time',
      rules: [
        { flags: 0, year: 1601, ...berlin },
        { flags: 3, year: 2007, ...berlin, daylightBias: 0 },
      ],
    };
    const octets = writeZoneDefinition(definition);
    expect(readZoneDefinition(octets)).toMatchObject(definition);
    expect(writeZoneDefinition(readZoneDefinition(octets))).toEqual(octets);
    expect(Buffer.from(octets).toString('hex', 0, 8)).toBe('02013400' + '02001700');
    expect(octets).toHaveLength(4 + 0x34 + 2 * 66);
  });

  test('what is cut short is refused', () => {
    const octets = writeZoneDefinition({
      keyName: 'X',
      rules: [{ flags: 2, year: 1601, ...berlin }],
    });
    expect(() => readZoneDefinition(octets.subarray(0, 60))).toThrow(
      'The time zone is cut short or damaged; leave it out, or use the file it came from',
    );
    expect(() => readZoneStruct(new Uint8Array(47))).toThrow('The time zone is cut short');
  });
});

describe('global object ids', () => {
  const own =
    '040000008200E00074C5B7101A82E0080000000080D4CB1FB2C8C401000000000000000010000000F00F89203A1BCA479377447BDED6505A';

  test('the id of an Outlook meeting is its UID', () => {
    const id = globalObjectId(own);
    expect(Buffer.from(id).toString('hex').toUpperCase()).toBe(own);
    expect(uidOfGlobalObjectId(id)).toBe(own);
    expect(globalObjectId(own.toLowerCase())).toEqual(id);
  });

  test('a UID from elsewhere is wrapped', () => {
    const id = Buffer.from(globalObjectId('a-1@example.com'));
    expect(id.toString('hex')).toBe(
      '040000008200e00074c5b7101a82e008' +
        '0000000000000000000000000000000000000000' +
        '1c000000' +
        '7643616c2d55696401000000' +
        Buffer.from('a-1@example.com\0').toString('hex'),
    );
    expect(uidOfGlobalObjectId(id)).toBe('a-1@example.com');
  });

  test('an occurrence has its day, the series has none', () => {
    const day = { year: 2026, month: 3, day: 2 };
    const id = globalObjectId(own, day);
    expect(Buffer.from(id).toString('hex', 16, 20)).toBe('07ea0302');
    expect(occurrenceOfGlobalObjectId(id)).toEqual(day);
    expect(cleanGlobalObjectId(id)).toEqual(globalObjectId(own));
    expect(uidOfGlobalObjectId(id)).toBe(own);
    expect(occurrenceOfGlobalObjectId(globalObjectId(own))).toBeUndefined();
    expect(occurrenceOfGlobalObjectId(new Uint8Array(3))).toBeUndefined();
  });
});
