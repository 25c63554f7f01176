// What the pages claim about the code is compared with the code.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, readPage, root } from './blocks.ts';

const source = (path: string): string => readFileSync(root + path, 'utf8');

describe('pages', () => {
  it('link only to what is there', () => {
    const dead = [...pages(), 'CHANGELOG.md'].flatMap((page) =>
      [...readPage(page).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => target !== '' && !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('explain every error code, and none that is not there', () => {
    const codes = [...source('src/base/error-codes.ts').matchAll(/\| '([A-Z_0-9]+)'/g)];
    const explained = [...readPage('docs/errors.md').matchAll(/^\| `([A-Z_0-9]+)` +\|/gm)];
    const names = (found: RegExpExecArray[]): string[] => found.map(([, name = '']) => name).sort();
    expect(codes.length).toBeGreaterThan(20);
    expect(names(explained)).toEqual(names(codes));
  });

  it('name every room of the house', () => {
    const { rooms } = JSON.parse(source('house.json')) as {
      rooms: Record<string, { floor: number }>;
    };
    const picture = /```text\n([\s\S]*?)```/.exec(readPage('CONTRIBUTING.md'))?.[1] ?? '';
    for (const [room, { floor }] of Object.entries(rooms)) {
      expect(picture, `floor ${floor}`).toMatch(new RegExp(`^ *${floor} .*\\b${room}\\b`, 'm'));
    }
    const drawn = [...picture.matchAll(/^ *\d+ +([a-z ]+?)(?: {2,}.*)?$/gm)].flatMap(
      ([, names = '']) => names.trim().split(/ +/),
    );
    expect(drawn.sort()).toEqual(Object.keys(rooms).sort());
  });

  it('list every subpath of the package', () => {
    const { exports } = JSON.parse(source('package.json')) as { exports: Record<string, unknown> };
    const readme = readPage('README.md');
    for (const subpath of Object.keys(exports).filter((name) => name !== './package.json')) {
      expect(readme).toMatch(new RegExp(`^\\| \`posthorn${subpath.slice(1)}\` +\\|`, 'm'));
    }
  });

  it('give the exit codes that the command has', async () => {
    const { exitCodes } = await import('../../src/cli/exit-codes.ts');
    const table = [...readPage('docs/command-line.md').matchAll(/^\| (\d+) +\|/gm)];
    const listed = table.map(([, code]) => Number(code)).sort((a, b) => a - b);
    expect(listed).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
  });
});
