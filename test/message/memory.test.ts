// A message with a large file is written in constant memory, and its size is known beforehand; one that is on disk is
// read in constant memory.
import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIB = 1_048_576;
const isBuilt = process.env.POSTHORN_TEST_DIST === '1';
const entry = isBuilt ? '../../dist/index.js' : '../../src/index.ts';
const source = fileURLToPath(new URL(entry, import.meta.url));

// Measured in a process of its own: nothing else fills its memory.
const script = (bundle: string, file: string, way: 'chunks' | 'pass'): string => `
import { MailMessage } from ${JSON.stringify(bundle)};
const small = new MailMessage({ from: 'a@example.com', attachments: [{ content: new Uint8Array(1000) }] });
await small.toBytes();
const idle = process.memoryUsage.rss();
const message = new MailMessage({ from: 'a@example.com', attachments: [{ path: ${JSON.stringify(file)} }] });
const rendered = await message.render();
let octets = 0;
let peak = idle;
for await (const chunk of rendered.${way}()) {
  octets += chunk.length;
  peak = Math.max(peak, process.memoryUsage.rss());
}
console.log(JSON.stringify({ octets, size: rendered.size, growth: peak - idle }));
`;

// Node 24 leaves memory outside the heap uncollected for longer: a chunk that is given away is its own until then.
const CHUNKS_MIB = Number(process.versions.node.split('.')[0]) >= 24 ? 112 : 64;

const readingScript = (bundle: string, file: string): string => `
import { MailMessage } from ${JSON.stringify(bundle)};
await MailMessage.parse('Subject: x\\r\\n\\r\\nbody').toBytes();
const idle = process.memoryUsage.rss();
const message = await MailMessage.load(${JSON.stringify(file)});
let octets = 0;
let peak = idle;
const take = async (chunks) => {
  for await (const chunk of chunks) {
    octets += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
};
await take(message.attachments[0].stream());
await take((await message.render()).chunks());
console.log(JSON.stringify({ octets, text: message.text, growth: peak - idle }));
`;

async function measured(script: string): Promise<Record<string, number | string>> {
  const file = join(folder, 'measure.mjs');
  await writeFile(file, script);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return JSON.parse(stdout) as Record<string, number | string>;
}

let folder = '';
let bundle = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-'));
  if (isBuilt) {
    bundle = source;
    return;
  }
  bundle = join(folder, 'bundle.mjs');
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it.each([
  ['pass', 64],
  ['chunks', CHUNKS_MIB],
] as const)('256 MiB from disk into a message, by %s()', async (way, most) => {
  const file = join(folder, 'large.bin');
  await writeFile(file, '');
  await truncate(file, 256 * MIB);
  const { octets, size, growth } = await measured(script(bundle, file, way));
  expect(octets).toBe(size);
  expect(octets).toBeGreaterThan((256 * MIB * 4) / 3);
  expect(Number(growth) / MIB).toBeLessThan(most);
});

it('a message of 256 MiB on disk: an attachment read out, and all of it sent', async () => {
  const file = join(folder, 'large.eml');
  const head =
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n' +
    'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n';
  const line = `${'QUJD'.repeat(19)}\r\n`;
  const lines = Math.ceil((256 * MIB) / line.length);
  await writeFile(file, [head, Buffer.alloc(lines * line.length, line), '--b--\r\n']);
  const { octets, text, growth } = await measured(readingScript(bundle, file));
  expect(text).toBe('See the file.');
  expect(octets).toBe(lines * 57 + head.length + lines * line.length + 7);
  expect(Number(growth) / MIB).toBeLessThan(CHUNKS_MIB);
});
