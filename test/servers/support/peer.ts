// Starts and stops the real servers of test/servers/kit: one state folder and one block of ports for each test process.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kit = fileURLToPath(new URL('../kit/', import.meta.url));
const started: string[] = [];
const state: string = mkdtempSync(join(tmpdir(), 'posthorn-servers-'));
let base: number | undefined;

/** What a server's script printed: ports as text, and the path of the CA certificate. */
export type Peer = Readonly<Record<string, string>>;

/** Whether the test run must fail rather than skip when a server is missing (CI sets it). */
export const required: boolean = process.env.POSTHORN_REQUIRE_SERVERS === '1';

/** Starts a server; `undefined` when it is not installed here, with a line on the terminal that says so. */
export async function startPeer(
  name:
    | 'aiosmtpd'
    | 'cyrus'
    | 'dns'
    | 'dovecot'
    | 'dovecot-submission'
    | 'exim'
    | 'opensmtpd'
    | 'postfix'
    | 'postgres'
    | 'proxies'
    | 'radicale'
    | 'redis',
  environment: Readonly<Record<string, string>> = {},
): Promise<Peer | undefined> {
  base ??= await freeBlock();
  try {
    const { stdout } = await run(join(kit, `${name}.sh`), ['start', state, String(base)], {
      env: { ...process.env, ...environment },
    });
    started.push(name);
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]);
    return { CA: join(state, 'certs', 'ca.pem'), ...Object.fromEntries(pairs) };
  } catch (error) {
    const { code, stderr } = error as { code?: number; stderr?: string };
    // 78: this machine does not allow what the server needs, whatever is installed.
    if (code !== 78 && (code !== 77 || required)) throw error;
    console.warn(`\n*** not tested against ${name}: ${stderr?.trim()} ***\n`);
    return undefined;
  }
}

/** Stops what was started, last first, and removes its files. */
export async function stopPeers(): Promise<void> {
  for (const name of started.splice(0).reverse())
    await run(join(kit, `${name}.sh`), ['stop', state]);
  rmSync(state, { recursive: true, force: true });
}

async function freeBlock(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    // 10000 to 30999: below the ephemeral ports of Linux.
    const candidate = 10_000 + 1000 * Math.floor(Math.random() * 21);
    const offsets = [
      12,
      24,
      53,
      93,
      125,
      143,
      165,
      225,
      379,
      432,
      465,
      587,
      588,
      625,
      626,
      ...Array.from({ length: 13 }, (_, at) => 25 + at),
      ...Array.from({ length: 9 }, (_, at) => 180 + at),
    ];
    const free = await Promise.all(offsets.map((offset) => isFree(candidate + offset)));
    if (free.every(Boolean)) return candidate;
  }
  throw new Error('no free block of ports on this machine');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
