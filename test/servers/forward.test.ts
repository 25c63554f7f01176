// A message of a gigabyte is forwarded whole, in memory that does not grow with it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const entry = new URL('../../dist/index.js', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'posthorn-gigabyte-'));
const END = Buffer.from('\r\n.\r\n');
let server: Server;
let received = 0;

// Counts content and looks at its end only; it is not what is tested.
beforeAll(async () => {
  server = createServer((socket) => {
    let inContent = false;
    let tail = Buffer.alloc(0);
    socket.write('220 sink\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      if (inContent) {
        received += chunk.length;
        tail = Buffer.concat([tail, chunk.subarray(-END.length)]).subarray(-END.length);
        if (!tail.equals(END)) return;
        inContent = false;
        socket.write('250 ok\r\n');
        return;
      }
      for (const [verb] of chunk.toString('latin1').matchAll(/^[A-Z]{4}/gm)) {
        inContent ||= verb === 'DATA';
        if (verb === 'QUIT') socket.end('221 bye\r\n');
        else socket.write(verb === 'DATA' ? '354 go\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function gigabyte(end: string): Promise<{ readonly path: string; readonly lines: number }> {
  const path = join(folder, 'large.eml');
  const header = `Subject: large${end}${end}`;
  const block = Buffer.from(`${'A'.repeat(76)}${end}`.repeat(13_000));
  const file = await open(path, 'w');
  await file.write(header);
  for (let n = 0; n < 1024; n += 1) await file.write(block);
  await file.close();
  return { path, lines: 13_000 * 1024 };
}

async function forwarded(
  content: string,
): Promise<{ size: number; peakMb: number; baseMb: number }> {
  const { port } = server.address() as AddressInfo;
  const program = `
import { createReadStream } from 'node:fs';
const { SmtpClient } = await import('${entry}');
const client = new SmtpClient({ host: '127.0.0.1', port: ${port}, security: 'none' });
await client.forward('a@x.example', 'b@x.example', Buffer.from('A: b\\r\\n\\r\\nx'));
const mb = () => process.resourceUsage().maxRSS / 1024;
const baseMb = mb();
const { size } = await client.forward('a@x.example', 'b@x.example', ${content});
await client.close();
console.log(JSON.stringify({ size, baseMb, peakMb: mb() }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as { size: number; peakMb: number; baseMb: number };
}

describe('a gigabyte', () => {
  it.each(['\r\n', '\n'])('with lines that end in %j', async (end) => {
    const { path, lines } = await gigabyte(end);
    const expected = lines * 78 + 'Subject: large\r\n\r\n'.length;
    for (const content of [`'${path}'`, `createReadStream('${path}')`]) {
      received = 0;
      const { size, peakMb, baseMb } = await forwarded(content);
      expect(size).toBe(expected);
      // The small message before it, and the dots at the ends.
      expect(received).toBe(expected + 3 + 'A: b\r\n\r\nx\r\n'.length + 3);
      expect(peakMb - baseMb).toBeLessThan(24);
    }
  });
});
