import { describe, expect, it } from 'vitest';
import { runCommand } from './fake-io.ts';

describe('posthorn', () => {
  it('prints the version', async () => {
    expect(await runCommand(['--version'])).toMatchObject({
      code: 0,
      stdout: '1.2.3\n',
      stderr: '',
    });
  });

  it('lists the verbs in its help', async () => {
    const { code, stdout } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const verb of ['send', 'show', 'inbox'])
      expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(stdout).toContain('Examples:');
  });

  it('shows the help and fails when nothing is asked', async () => {
    const { code, stdout, stderr } = await runCommand([]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('Usage: posthorn');
  });

  it.each(['send', 'show', 'inbox'])('explains %s with examples and exit codes', async (verb) => {
    const { code, stdout } = await runCommand([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: posthorn ${verb}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('xit code');
    expect(await runCommand(['help', verb])).toMatchObject({ code: 0, stdout });
    const tooWide = stdout.split('\n').filter((line) => line.length > 100);
    expect(tooWide).toEqual([]);
  });

  it('suggests the option that was meant', async () => {
    const { code, stdout, stderr } = await runCommand(['send', '--subjct', 'Hello']);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toBe(
      "posthorn: unknown option '--subjct'\n" +
        '  (Did you mean --subject?)\n' +
        "  Run 'posthorn send --help' to see what is possible.\n",
    );
  });

  it('suggests the verb that was meant', async () => {
    const { code, stderr } = await runCommand(['sned']);
    expect(code).toBe(64);
    expect(stderr).toContain("unknown command 'sned'");
    expect(stderr).toContain('Did you mean send?');
  });

  it('tells a wrong command line as JSON when asked', async () => {
    const { code, stdout, stderr } = await runCommand(['show', '--json', '--nonsense']);
    expect({ code, stderr }).toEqual({ code: 64, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID' });
  });

  it('keeps control characters of the command line off the terminal', async () => {
    const { stderr } = await runCommand(['\u001b[2Jsend']);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain('\\u{1b}');
  });

  it('owns up to a fault of its own, with the place when --verbose', async () => {
    const stdin = new TypeError('x is not a function');
    const { code, stderr } = await runCommand(['show', '-'], { stdin });
    expect(code).toBe(70);
    expect(stderr).toBe(
      'posthorn: this is a fault of Posthorn: TypeError: x is not a function\n' +
        '  --verbose shows where; please report it.\n',
    );
    const verbose = await runCommand(['show', '-', '--verbose'], { stdin });
    expect(verbose.stderr).toContain('program.test.ts');
    const json = await runCommand(['show', '-', '--json'], { stdin });
    expect(JSON.parse(json.stdout)).toEqual({
      name: 'Error',
      message: 'TypeError: x is not a function',
    });
  });

  it('colours on a terminal only, and not with NO_COLOR', async () => {
    const coloured = await runCommand(['nothing'], { terminal: true });
    expect(coloured.stderr).toContain('\u001b[31mposthorn:\u001b[39m');
    const refused = await runCommand(['nothing'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(refused.stderr).not.toContain('\u001b');
    const dumb = await runCommand(['nothing'], { terminal: true, env: { TERM: 'dumb' } });
    expect(dumb.stderr).not.toContain('\u001b');
  });
});
