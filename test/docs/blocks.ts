// Reads the fenced code blocks of the pages that users read.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** One fenced code block. */
export interface Block {
  /** Such as `docs/sending.md:42`. */
  readonly where: string;
  /** What stands behind the opening fence, such as `ts`. */
  readonly kind: string;
  readonly code: string;
}

/** The pages whose blocks must hold. */
export function pages(): string[] {
  const docs = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'));
  return [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...docs.sort().map((name) => `docs/${name}`),
  ];
}

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(root + page, 'utf8');
}

/** Every block of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { readonly line: number; readonly kind: string; readonly lines: string[] } | undefined;
  for (const [at, line] of readPage(page).split('\n').entries()) {
    if (!open) {
      const fence = /^\s*(?:```|~~~)(.*)$/.exec(line);
      if (fence) open = { line: at + 1, kind: fence[1]?.trim() ?? '', lines: [] };
    } else if (/^\s*(?:```|~~~)\s*$/.test(line)) {
      blocks.push({ where: `${page}:${open.line}`, kind: open.kind, code: open.lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open) throw new Error(`${page}:${open.line}: the block has no end`);
  return blocks;
}
