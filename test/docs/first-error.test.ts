// The first thing many users see of a library is an error they did not catch, as Node prints it.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
// @ts-expect-error A plain script without types.
import { ensureBuilt } from '../../tools/ensure.mjs';
import { root } from './blocks.ts';

const printedBy = (program: string): string => {
  ensureBuilt();
  const entry = new URL('dist/index.js', `file://${root}`).href;
  const code = `import * as posthorn from ${JSON.stringify(entry)}; ${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
  });
  return stdout + stderr;
};

it('prints an uncaught error by its name, on lines that fit a screen', () => {
  const printed = printedBy('new posthorn.SmtpClient({});');
  expect(printed).toContain("\nOptionError: Option 'host' must be given");
  expect(Math.max(...printed.split('\n').map(({ length }) => length))).toBeLessThan(400);
}, 60_000);

it('keeps the names of classes', () => {
  const printed = printedBy(
    "console.log(new posthorn.MailAddress('ann@example.com'), posthorn.MailMessage.name);",
  );
  expect(printed).toMatch(/^MailAddress /);
  expect(printed).toContain('MailMessage');
  expect(printed).not.toContain('_Mail');
}, 60_000);
