// A message with a large file is written in constant memory, and its size is known beforehand.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIB = 1_048_576;
const entry = process.env.POSTHORN_TEST_DIST === '1' ? '../../dist/index.js' : '../../src/index.ts';
const source = fileURLToPath(new URL(entry, import.meta.url));

// Measured in a process of its own: nothing else fills its memory.
const script = (bundle: string, file: string): string => `
import { MailMessage } from ${JSON.stringify(bundle)};
const small = new MailMessage({ from: 'a@example.com', attachments: [{ content: new Uint8Array(1000) }] });
await small.toBytes();
const idle = process.memoryUsage.rss();
const message = new MailMessage({ from: 'a@example.com', attachments: [{ path: ${JSON.stringify(file)} }] });
const rendered = await message.render();
let octets = 0;
let peak = idle;
for await (const chunk of rendered.chunks()) {
  octets += chunk.length;
  peak = Math.max(peak, process.memoryUsage.rss());
}
console.log(JSON.stringify({ octets, size: rendered.size, growth: peak - idle }));
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it('256 MiB from disk', async () => {
  const bundle = join(folder, 'bundle.mjs');
  const file = join(folder, 'large.bin');
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  await writeFile(file, '');
  await truncate(file, 256 * MIB);
  await writeFile(join(folder, 'measure.mjs'), script(bundle, file));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'measure.mjs')]);
  const { octets, size, growth } = JSON.parse(stdout) as Record<string, number>;
  expect(octets).toBe(size);
  expect(octets).toBeGreaterThan((256 * MIB * 4) / 3);
  expect(growth! / MIB).toBeLessThan(64);
});
