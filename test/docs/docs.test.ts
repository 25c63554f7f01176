// Every code block of the pages is run, as a user would run it: with the built package, in a folder of its own.
import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { type Inbox, startInbox } from 'posthorn/inbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error A plain script without types.
import { ensureBuilt } from '../../tools/ensure.mjs';
import { type Block, blocksOf, pages, root } from './blocks.ts';
import { makeWorld, type World } from './world.ts';

const run = promisify(execFile);
const blocks = pages().flatMap(blocksOf);
const ofKind = (kind: string): Block[] => blocks.filter((block) => block.kind === kind);

/** Lines that no test here runs, and why they hold all the same. */
const runElsewhere: ReadonlyMap<RegExp, string> = new Map([
  [/^npm start( -- --once)?$/, 'CI runs it on a fresh clone'],
  [/^npm test( -- .*)?$/, 'this is it'],
  [/^npm run (check|test:servers|bench|format)( -- .*)?$/, 'CI runs it'],
  [/^npm install posthorn$/, 'the folder of this test has it installed'],
  [/^posthorn login /, 'test/cli/login.test.ts has a provider for it'],
  [/^posthorn send .*--token-file /, 'test/cli/login.test.ts has a token for it'],
  [/^npx vitest( run)? test\/[\w/.-]+$/, 'vitest is what runs this'],
]);

let world: World;
let inbox: Inbox;

/** The code with the ports of our inbox in place of the usual ones. */
const atOurInbox = (code: string): string =>
  code
    .replaceAll('localhost:1025', `127.0.0.1:${inbox.smtpPort}`)
    .replaceAll('localhost:8025', `127.0.0.1:${inbox.httpPort}`);

beforeAll(async () => {
  ensureBuilt();
  world = makeWorld();
  inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
}, 60_000);

afterAll(async () => {
  await inbox?.close();
  world?.remove();
});

describe('code blocks', () => {
  it('are all of a kind that is run', () => {
    // `text` is only for the picture of the house, which has a test of its own.
    const known = (block: Block): boolean =>
      ['ts', 'sh'].includes(block.kind) ||
      (block.kind === 'text' && block.where.startsWith('CONTRIBUTING.md'));
    expect(blocks.filter((block) => !known(block)).map(({ where }) => where)).toEqual([]);
    expect(ofKind('ts').length).toBeGreaterThan(10);
    expect(ofKind('sh').length).toBeGreaterThan(3);
  });

  it('in TypeScript have right types', { timeout: 60_000 }, async () => {
    const names = ofKind('ts').map((block, i) => {
      // A block without import or export is a module too.
      writeFileSync(join(world.folder, `block-${i}.mts`), `${block.code}\nexport {};\n`);
      return [`block-${i}.mts`, block.where] as const;
    });
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2023', 'esnext.disposable', 'dom'], types: ['node'] },
      ...{ module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true },
      ...{ skipLibCheck: true },
    };
    const files = names.map(([name]) => name);
    writeFileSync(join(world.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const { stdout } = await run(process.execPath, [tsc, '-p', world.folder, '--pretty', 'false'], {
      cwd: world.folder,
    }).catch((failed: { stdout: string }) => failed);
    const told = names.reduce(
      (text, [name, where]) => text.replaceAll(`${name}(`, `${where} (`),
      stdout,
    );
    expect(told).toBe('');
  });

  it('in TypeScript run', { timeout: 60_000 }, async () => {
    const where = new Map<string, string>();
    for (const [i, block] of ofKind('ts').entries()) {
      const file = join(world.folder, `block-${i}.mjs`);
      const { code } = await transform(atOurInbox(block.code), {
        loader: 'ts',
        format: 'esm',
        target: 'node20',
      });
      writeFileSync(file, code);
      where.set(file, block.where);
    }
    const runner = `${root}test/docs/run-blocks.mjs`;
    const { stdout } = await run(process.execPath, [runner, ...where.keys()], {
      cwd: world.folder,
      env: world.env,
    });
    const failures = JSON.parse(stdout) as [string, string][];
    expect(failures.map(([file, why]) => `${where.get(file)}: ${why}`)).toEqual([]);
  });

  it.each(ofKind('sh').map((block) => [block.where, block.code] as const))(
    'for the shell runs: %s',
    { timeout: 60_000 },
    async (_where, code) => {
      const lines = code.replaceAll('\\\n', ' ').split('\n');
      const here = lines.filter(
        (line) => ![...runElsewhere.keys()].some((known) => known.test(line)),
      );
      for (const line of here.filter((one) => one.startsWith('posthorn inbox'))) {
        await runInbox(line.split(' ').slice(1));
      }
      const script = here.filter((line) => !line.startsWith('posthorn inbox')).join('\n');
      const { stderr } = await run('/bin/sh', ['-eu', '-c', atOurInbox(script)], {
        cwd: world.folder,
        env: world.env,
      });
      expect(stderr).not.toContain('posthorn:');
    },
  );
});

/** Starts `posthorn inbox`, presses Ctrl-C as soon as it listens, and expects a clean end. */
async function runInbox(args: string[]): Promise<void> {
  const child = spawn('posthorn', args, { cwd: world.folder, env: world.env });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
}
