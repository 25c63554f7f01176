// A program that forgets to close its client: it ends after its last message, and not before.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ScriptedServerOptions,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';

const entry =
  process.env.POSTHORN_TEST_DIST === '1' ? '../../dist/bundler/index.js' : '../../src/index.ts';
const source = fileURLToPath(new URL(entry, import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forgotten-'));
  await build({
    entryPoints: [source],
    outfile: join(folder, 'bundle.mjs'),
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

const program = (options: object): string => `
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpClient } from './bundle.mjs';
// Longer than anybody would wait, and no timer of a bound that keeps the process alive: only the connection can.
const timeoutsMs = { idle: 60_000, command: Infinity, data: Infinity, finalReply: Infinity };
const client = new SmtpClient({ ...${JSON.stringify(options)}, timeoutsMs });
const letter = { from: 'ann@example.com', to: 'bob@example.org', subject: 'Hello', text: 'Hi' };
await client.send(letter);
await sleep(20);
await client.send(letter);
console.log('sent');
`;

it.each<[string, ScriptedServerOptions]>([
  ['none', {}],
  ['starttls', { tls: 'starttls' }],
  ['implicit', { tls: 'implicit' }],
])('ends at once after a slow last message (%s)', async (security, options) => {
  await using server = await scriptedServer(
    {
      content: [
        '250 Ok',
        async (link) => {
          await new Promise((resolve) => setTimeout(resolve, 400));
          await link.say('250 Ok');
        },
      ],
    },
    options,
  );
  const file = join(folder, `${security}.mjs`);
  await writeFile(
    file,
    program({
      host: server.host,
      port: server.port,
      security,
      clientName: 'client.test',
      tls: { ca: testAuthority },
    }),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 15_000 });
  expect(stdout).toBe('sent\n');
  expect(server.messages).toHaveLength(2);
  expect(server.connections()).toBe(1);
});
