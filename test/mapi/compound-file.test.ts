import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { writeMsg } from 'posthorn/outlook';
import { describe, expect, test } from 'vitest';
import { type CompoundStorage, readCompoundFile } from '../../src/mapi/cfb/compound-file.ts';
import { CompoundWriter } from '../../src/mapi/cfb/compound-writer.ts';
import { asNewStorage, type NewStorage } from '../../src/mapi/cfb/new-storage.ts';
import { inner, octets } from './items.ts';

const CLASS = '00020D0B-0000-0000-C000-000000000046';
const END = 0xffff_fffe;
const FREE = 0xffff_ffff;

const root = (children: NewStorage['children']): NewStorage => ({ name: 'Root Entry', children });
const write = (tree: NewStorage): Buffer => Buffer.from(new CompoundWriter(tree).bytes());

/** Every stream by its path. */
function streamsOf(storage: CompoundStorage, path = ''): Map<string, Uint8Array> {
  const { storages, streams } = storage.contents();
  const found = new Map<string, Uint8Array>();
  for (const stream of streams) {
    const source = stream.source();
    found.set(path + stream.name, Uint8Array.from(source.read(0, source.size)));
  }
  for (const each of storages) {
    for (const [name, content] of streamsOf(each, `${path}${each.name}/`)) found.set(name, content);
  }
  return found;
}

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('what is written is read', () => {
  test('storages in storages, with classes, flags and times', () => {
    const storage: NewStorage = {
      name: 'Storage',
      classId: CLASS,
      stateBits: 5,
      created: 11n,
      modified: 12n,
      children: [
        { name: 'x', content: octets(64) },
        { name: 'Empty', children: [] },
      ],
    };
    const read = readCompoundFile(write(root([storage, { name: 'y', content: octets(4096) }])));
    const [again] = read.contents().storages;
    expect(again).toMatchObject({ name: 'Storage', classId: CLASS, stateBits: 5 });
    expect([again?.created, again?.modified]).toEqual([11n, 12n]);
    expect([...streamsOf(read).keys()]).toEqual(['y', 'Storage/x']);
    expect(again?.contents().storages[0]?.name).toBe('Empty');
    const copy = write(asNewStorage(read, 'Root Entry'));
    expect(streamsOf(readCompoundFile(copy))).toEqual(streamsOf(read));
  });

  test('any streams, of any length around the sizes of sectors', () => {
    const length = fc.oneof(
      fc.constantFrom(0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 4608),
      fc.nat(10_000),
    );
    const name = fc.string({ minLength: 1, maxLength: 31, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, length), {
          selector: ([each]) => each.toUpperCase(),
          maxLength: 40,
        }),
        (list) => {
          const children = list.map(([each, size]) => ({ name: each, content: octets(size) }));
          const file = write(root(children));
          expect(file.length % 512).toBe(0);
          const read = streamsOf(readCompoundFile(file));
          expect(read.size).toBe(list.length);
          for (const { name: each, content } of children) {
            expect(Buffer.compare(read.get(each) ?? octets(1), content)).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the directory is a red-black tree in the order of MS-CFB', () => {
    for (const count of [1, 2, 3, 6, 7, 8, 100]) {
      const children = Array.from({ length: count }, (_, index) => ({
        name: `${index % 3 === 0 ? 'longer ' : 'S'}${index}`,
        content: octets(0),
      }));
      const file = write(root(children));
      const start = (file.readUInt32LE(48) + 1) * 512;
      const entry = (id: number): { name: string; red: boolean; left: number; right: number } => {
        const at = start + id * 128;
        return {
          name: file.toString('utf16le', at, at + file.readUInt16LE(at + 64) - 2),
          red: file[at + 67] === 0,
          left: file.readUInt32LE(at + 68),
          right: file.readUInt32LE(at + 72),
        };
      };
      const names: string[] = [];
      const height = (id: number, underRed: boolean): number => {
        if (id === FREE) return 0;
        const { name, red, left, right } = entry(id);
        expect(red && underRed).toBe(false);
        const below = height(left, red);
        names.push(name);
        expect(height(right, red)).toBe(below);
        return below + (red ? 0 : 1);
      };
      height(file.readUInt32LE(start + 76), true);
      const sorted = names.toSorted(
        (a, b) => a.length - b.length || (a.toUpperCase() < b.toUpperCase() ? -1 : 1),
      );
      expect(names).toEqual(sorted);
      expect(names.length).toBe(count);
    }
  });
});

/** A file of version 4, with sectors of 4096 octets, laid out by hand. */
function version4(): Buffer {
  const file = Buffer.alloc(4096 * 7);
  file.write('d0cf11e0a1b11ae1', 0, 'hex');
  file.writeUInt16LE(0x3e, 24);
  file.writeUInt16LE(4, 26);
  file.writeUInt16LE(0xfffe, 28);
  file.writeUInt16LE(12, 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(1, 40);
  file.writeUInt32LE(1, 44);
  file.writeUInt32LE(1, 48);
  file.writeUInt32LE(4096, 56);
  file.writeUInt32LE(2, 60);
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(END, 68);
  file.fill(0xff, 76, 512);
  file.writeUInt32LE(0, 76);
  const fat = 4096;
  file.fill(0xff, fat, fat + 4096);
  [0xffff_fffd, END, END, END, 5, END].forEach((word, index) => {
    file.writeUInt32LE(word, fat + 4 * index);
  });
  const miniFat = 4096 * 3;
  file.fill(0xff, miniFat, miniFat + 4096);
  file.writeUInt32LE(1, miniFat);
  file.writeUInt32LE(END, miniFat + 4);
  const put = (id: number, name: string, type: number, start: number, size: bigint): number => {
    const at = 4096 * 2 + id * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE(2 * name.length + 2, at + 64);
    file[at + 66] = type;
    file.fill(0xff, at + 68, at + 80);
    file.writeUInt32LE(start, at + 116);
    file.writeBigUInt64LE(size, at + 120);
    return at;
  };
  const top = put(0, 'Root Entry', 5, 3, 128n);
  file.writeUInt32LE(1, top + 76);
  const long = put(1, 'Long', 2, 4, 5000n);
  file.writeUInt32LE(2, long + 68);
  put(2, 'Tiny', 2, 0, 100n);
  file.set(octets(100), 4096 * 4);
  file.set(octets(5000), 4096 * 5);
  return file;
}

test('version 4 is read', () => {
  const read = streamsOf(readCompoundFile(version4()));
  expect(read).toEqual(
    new Map([
      ['Tiny', octets(100)],
      ['Long', octets(5000)],
    ]),
  );
});

test('a stream that is in pieces is read by range', async () => {
  // Version 4 by hand, with the two sectors of 'Long' the other way round.
  const file = version4();
  const second = Buffer.from(file.subarray(4096 * 6, 4096 * 7));
  file.copy(file, 4096 * 6, 4096 * 5, 4096 * 6);
  second.copy(file, 4096 * 5);
  file.writeUInt32LE(END, 4096 + 4 * 4);
  file.writeUInt32LE(4, 4096 + 4 * 5);
  file.writeUInt32LE(5, 4096 * 2 + 128 + 116);
  const stream = readCompoundFile(file)
    .contents()
    .streams.find(({ name }) => name === 'Long');
  const source = stream?.source();
  expect(source?.size).toBe(5000);
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), (one, other) => {
      const [start, end] = one < other ? [one, other] : [other, one];
      const read = source?.read(start, end) ?? octets(1);
      expect(Buffer.compare(read, octets(5000).subarray(start, end))).toBe(0);
    }),
    { numRuns: 100 },
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of source?.stream(0, 5000) ?? []) pieces.push(piece);
  expect(Buffer.compare(Buffer.concat(pieces), octets(5000))).toBe(0);
});

describe('damaged and hostile files', () => {
  const sample = (): Buffer =>
    write(
      root([
        { name: 'Long', content: octets(5000) },
        { name: 'Tiny', content: octets(100) },
      ]),
    );
  const failing = (change: (file: Buffer) => void): unknown => {
    const file = sample();
    change(file);
    return thrown(() => streamsOf(readCompoundFile(file)));
  };
  const fault = (what: string): object =>
    expect.objectContaining({
      code: 'FORMAT_INVALID',
      format: 'cfb',
      message: expect.stringContaining(what),
    });

  test('headers that are none', () => {
    expect(failing((file) => file.fill(0, 0, 8))).toEqual(
      fault('This is no compound file: it does not begin with D0CF11E0A1B11AE1'),
    );
    expect(failing((file) => file.writeUInt16LE(9, 26))).toEqual(
      fault('The compound file is damaged at octet 26: its version is 9; get the file again'),
    );
    expect(failing((file) => file.writeUInt16LE(30, 30))).toEqual(fault('its sectors have 2^30'));
    expect(failing((file) => file.writeUInt16LE(0, 28))).toEqual(fault('its byte order'));
    expect(thrown(() => readCompoundFile(sample().subarray(0, 100)))).toEqual(
      fault('it ends within its header'),
    );
  });

  test('chains that loop, run into each other, or leave the file', () => {
    // Sector 0 is the FAT, 1 the directory, 2 the mini FAT, 3 the mini stream, 4 to 13 'Long'.
    const word = (sector: number): number => 512 + 4 * sector;
    expect(failing((file) => file.writeUInt32LE(4, word(5)))).toEqual(
      fault("stream 'Long' runs into a sector that is in use"),
    );
    expect(failing((file) => file.writeUInt32LE(9999, word(5)))).toEqual(
      fault("stream 'Long' names sector 9999"),
    );
    expect(failing((file) => file.writeUInt32LE(END, word(5)))).toEqual(
      fault("stream 'Long' has 1024 octets instead of 5000"),
    );
    expect(failing((file) => file.writeUInt32LE(1, word(1)))).toEqual(
      fault('the directory runs into a sector that is in use'),
    );
    expect(failing((file) => file.writeUInt32LE(0, 512 * 3))).toEqual(
      fault("stream 'Tiny' runs into one in use"),
    );
  });

  test('a directory that loops or leaves itself', () => {
    const at = (entry: number): number => 1024 + entry * 128;
    expect(failing((file) => file.writeUInt32LE(1, at(1) + 72))).toEqual(
      fault('its directory reaches an entry twice at entry 1'),
    );
    expect(failing((file) => file.writeUInt32LE(77, at(0) + 76))).toEqual(
      fault('its directory leaves itself at entry 77'),
    );
    expect(failing((file) => file.fill(0, at(0) + 66, at(0) + 67))).toEqual(
      fault('it has no root'),
    );
  });

  test('sizes that are false ask for no memory', () => {
    expect(failing((file) => file.writeUInt32LE(0x7fff_ffff, 1024 + 128 + 120))).toEqual(
      fault('octets instead of 2147483647'),
    );
    expect(failing((file) => file.writeUInt32LE(0xffff_ff00, 1024 + 120))).toBeInstanceOf(Map);
    // The number of sectors of the FAT and the DIFAT is not believed at all.
    expect(failing((file) => file.writeUInt32LE(0xffff_fff0, 44))).toBeInstanceOf(Map);
    expect(failing((file) => file.writeUInt32LE(3, 68))).toBeInstanceOf(Map);
  });

  test('of a file that was cut short, what is there', () => {
    const tree = root([
      { name: 'Long', content: octets(5000) },
      { name: 'Tiny 1', content: octets(3000) },
      { name: 'Tiny 2', content: octets(3000) },
    ]);
    // Header, FAT, directory, mini FAT and the first sectors of the mini stream.
    const [long, one, two] = readCompoundFile(write(tree).subarray(0, 512 * 13))
      .contents()
      .streams.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(thrown(() => long?.source())).toEqual(fault("stream 'Long' names sector"));
    expect(one?.source().size).toBe(3000);
    expect(thrown(() => two?.source())).toEqual(fault("stream 'Tiny 2'"));
  });

  test('a DIFAT that loops', () => {
    const file = write(root([{ name: 'Long', content: octets(9_000_000) }]));
    const difat = file.readUInt32LE(68);
    expect(streamsOf(readCompoundFile(file)).get('Long')?.length).toBe(9_000_000);
    const at = (difat + 1) * 512;
    file.fill(0xff, at, at + 508);
    file.writeUInt32LE(difat, at + 508);
    expect(thrown(() => readCompoundFile(file))).toEqual(
      fault('its DIFAT runs into a sector that is in use'),
    );
  });

  test('any damage ends soon, in streams or in an error of format', () => {
    const file = Buffer.from(writeMsg(inner(2)));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const damaged = Buffer.from(file);
          for (const [at, octet] of changes) damaged[at] = octet;
          const result = thrown(() => streamsOf(readCompoundFile(damaged)));
          if (result instanceof Map) return;
          expect(result).toMatchObject({ code: 'FORMAT_INVALID', format: 'cfb' });
        },
      ),
      { numRuns: 200 },
    );
  });
});
