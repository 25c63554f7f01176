// A name server on loopback that knows what a test tells it: SRV and MX, everything else does not exist.
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** An SRV record as `priority weight port target`, an MX record as `priority host`; target `.` is none. */
export interface Zone {
  readonly [name: string]: { readonly SRV?: readonly string[]; readonly MX?: readonly string[] };
}

export interface DnsServer extends AsyncDisposable {
  /** For `dnsServers`. */
  readonly address: string;
  /** What was asked, as `TYPE name`. */
  readonly questions: string[];
}

const TYPES: ReadonlyMap<number, 'SRV' | 'MX'> = new Map([
  [33, 'SRV'],
  [15, 'MX'],
]);

/** Starts it; `answers` says of which types of question: of others it says nothing. */
export async function dnsServer(
  zone: Zone,
  answers: readonly string[] = ['SRV', 'MX'],
): Promise<DnsServer> {
  const questions: string[] = [];
  const socket: Socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readName(query, 12);
    const type = TYPES.get(query.readUInt16BE(end));
    questions.push(`${type} ${name}`);
    if (answers.includes(`${type}`))
      socket.send(reply(query.subarray(0, end + 4), records(zone, name, type)), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    questions,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function records(zone: Zone, name: string, type: 'SRV' | 'MX' | undefined): Buffer[] {
  const texts = type === undefined ? [] : (zone[name.toLowerCase()]?.[type] ?? []);
  return texts.map((text) => {
    const words = text.split(' ');
    const target = words.pop() ?? '.';
    const numbers = Buffer.alloc(2 * words.length);
    for (const [i, word] of words.entries()) numbers.writeUInt16BE(Number(word), 2 * i);
    return Buffer.concat([numbers, writeName(target)]);
  });
}

function reply(question: Buffer, data: readonly Buffer[]): Buffer {
  const head = Buffer.from(question);
  // A response, recursion available; NXDOMAIN when there is nothing (RFC 1035 section 4.1.1).
  head.writeUInt16BE(0x8180 | (data.length === 0 ? 3 : 0), 2);
  head.writeUInt16BE(data.length, 6);
  head.writeUInt32BE(0, 8);
  const type = head.readUInt16BE(head.length - 4);
  const answers = data.map((bytes) => {
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([fixed, bytes]);
  });
  return Buffer.concat([head, ...answers]);
}

function readName(bytes: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]),
  );
  return Buffer.concat([...parts, Buffer.from([0])]);
}
