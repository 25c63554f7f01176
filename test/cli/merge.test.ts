// posthorn merge: dry run, sending, saving, queueing, and the report that a second run goes by.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sink, type SinkOptions, startSink } from '../support/sink.ts';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';

let root: string;
let folder: string;
let runs = 0;
const path = (...names: string[]): string => join(folder, ...names);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'posthorn-merge-'));
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  runs += 1;
  folder = join(root, String(runs));
  mkdirSync(path('letter', 'partials'), { recursive: true });
  writeFileSync(
    path('letter', 'headers.txt'),
    'From: shop@example.com\nTo: {{ name }} <{{ email }}>\nX-Run: {{ n }}\n',
  );
  writeFileSync(path('letter', 'subject.txt'), 'Hello {{ name }}\n');
  writeFileSync(path('letter', 'text.txt'), "Dear {{ name }}\n{% render 'footer' %}\n");
  writeFileSync(path('letter', 'partials', 'footer.txt'), 'Your shop');
  writeFileSync(
    path('people.csv'),
    'email;name;n\nann@example.com;Ann;1\nbob@example.com;Bob;2\ncy@example.com;Cy;3\n',
  );
});

async function merge(
  argv: readonly string[],
  options: SinkOptions & { readonly world?: FakeWorld } = {},
): Promise<RunResult & { readonly sink: Sink }> {
  const { world = {}, ...script } = options;
  await using sink = await startSink(script);
  const server = ['--server', `smtp://127.0.0.1:${sink.port}`];
  const letter = [path('letter'), path('people.csv')];
  return { ...(await runCommand(['merge', ...letter, ...server, ...argv], world)), sink };
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('posthorn merge', () => {
  it('sends a message for each row of a table', async () => {
    const { code, stdout, stderr, sink } = await merge([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Sent 3 in \d+ s \([\d,.]+\/s\)\n$/);
    expect(sink.taken.toSorted()).toEqual(['Hello Ann', 'Hello Bob', 'Hello Cy']);
  });

  it('--dry-run checks every row, shows the first, and sends nothing', async () => {
    writeFileSync(
      path('people.csv'),
      'email,name,n\nann@example.com,Ann,1\nnobody,Bob,2\ncy@example.com,Cy,3\n',
    );
    const { code, stdout, sink } = await merge(['--dry-run', '1', '--report', path('r.jsonl')]);
    expect(code).toBe(65);
    expect(sink.taken).toEqual([]);
    expect(stdout).toMatch(
      /^Row 1, to ann@example\.com\n\nFrom: shop@example\.com\nTo: Ann <ann@example\.com>\n/,
    );
    expect(stdout).toContain('Dear Ann\nYour shop\n');
    expect(stdout).not.toContain('Dear Cy');
    expect(stdout).toMatch(
      /Not sent; ready to send 2 in .*, 1 failed\n {2}row 2 {2}to: "nobody" is not an address/,
    );
    expect(readdirSync(folder)).not.toContain('r.jsonl');
  });

  it('saves them as files', async () => {
    const out = path('letters');
    const { code, stdout } = await runCommand([
      'merge',
      path('letter'),
      path('people.csv'),
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Saved 3 in /);
    expect(readdirSync(out)).toEqual(['000001.eml', '000002.eml', '000003.eml']);
    expect(readFileSync(join(out, '000002.eml'), 'utf8')).toContain(
      'To: Bob <bob@example.com>\r\n',
    );
  });

  it('takes a file of HTML, fields and rows from the command line and standard input', async () => {
    writeFileSync(path('hello.html'), '<p>#Name#</p>');
    const argv = [
      'merge',
      path('hello.html'),
      '-',
      '--out',
      path('out'),
      '--syntax',
      'hash',
      '--map',
      'Full Name=Name',
    ];
    const fields = [
      '--from',
      'a@example.com',
      '--to',
      '#email#',
      '--subject',
      'Hi #Name#',
      '--skip-if',
      'n > 1',
    ];
    const { code, stdout, stderr } = await runCommand([...argv, ...fields], {
      stdin: 'email,Full Name,n\nb@example.com,<Bo>,1\nc@example.com,Cy,2\n',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Saved 1 in .*, 1 skipped\n$/);
    expect(readFileSync(path('out', '000001.eml'), 'utf8')).toContain('<p>&lt;Bo&gt;</p>');
  });

  it('a row that fails does not stop the others, but for --stop-on-error', async () => {
    writeFileSync(path('people.csv'), 'email,name,n\nnobody,Ann,1\nbob@example.com,Bob,2\n');
    const going = await merge(['--json']);
    expect(going.code).toBe(65);
    expect(lines(going.stdout)).toMatchObject([
      { row: 1, status: 'failed', error: { code: 'ADDRESS_INVALID' } },
      { row: 2, status: 'sent', to: ['bob@example.com'] },
      { summary: { failed: 1, sent: 1 } },
    ]);
    const stopped = await merge(['--stop-on-error']);
    expect(stopped.code).toBe(65);
    expect(stopped.sink.taken).toEqual([]);
  });

  it('a table that breaks off is told after what was done', async () => {
    writeFileSync(
      path('people.csv'),
      'email,name,n\nann@example.com,Ann,1\nbob@example.com,Bob,2,3,4\n',
    );
    const sent = await merge([]);
    expect(sent.code).toBe(65);
    expect(sent.stdout).toMatch(/^Sent 1 in /);
    expect(sent.stderr).toMatch(
      /^posthorn: The row that ends in line 3 has 5 cells, but there are 3 columns; /,
    );
    const out = ['merge', path('letter'), path('people.csv'), '--out', path('out')];
    const saved = await runCommand(out);
    expect(saved).toMatchObject({ code: 65, stdout: expect.stringMatching(/^Saved 1 in /) });
  });

  it('wrong command lines are told', async () => {
    const both = await merge(['--out', path('x')]);
    expect(both).toMatchObject({
      code: 64,
      stderr: 'posthorn: use one of --server, --out and --outbox\n',
    });
    const map = await merge(['--map', 'x']);
    expect(map.stderr).toBe(
      "posthorn: --map is COLUMN=FIELD, such as 'First Name=name', not 'x'\n",
    );
    const syntax = await merge(['--syntax', 'x']);
    expect(syntax).toMatchObject({
      code: 64,
      stderr: "posthorn: 'syntax' must be one of 'liquid', 'hash', got 'x'\n",
    });
    const report = await merge(['--report', path('people.csv')]);
    expect(report.code).toBe(64);
    expect(report.stderr).toMatch(/--report .* is no report of a merge; name another file\n$/);
  });
});

it('puts them into an outbox, each once', async () => {
  const outbox = `sqlite:${path('outbox.db')}`;
  const argv = ['merge', path('letter'), path('people.csv'), '--outbox', outbox];
  const first = await runCommand(argv);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Queued 3 in /) });
  expect((await runCommand(argv)).code).toBe(0);
  const { Outbox } = await import('../../src/delivery/index.ts');
  const opened = await Outbox.open(outbox);
  expect(await opened.stats()).toMatchObject({ queued: 3 });
  await opened.close();
});

describe.each(['jsonl', 'csv'])('the report, as %s', (extension) => {
  const refusing: SinkOptions = {
    rcpt: (address) => (address === 'bob@example.com' ? '450 4.2.2 Full' : undefined),
  };

  it('makes a second run send only the rest', async () => {
    const report = path(`report.${extension}`);
    const first = await merge(['--report', report], refusing);
    expect(first.code).toBe(75);
    expect(first.stdout).toMatch(
      /^Sent 2 in .*, 1 failed\n {2}row 2 {2}bob@example\.com {2}450 4\.2\.2 Full\n$/,
    );
    const text = readFileSync(report, 'utf8');
    expect(text).toMatch(/sent.*ann@example\.com/);
    expect(text).toMatch(/failed.*bob@example\.com/);
    // The table has grown, and is sorted otherwise.
    writeFileSync(
      path('people.csv'),
      'email,name,n\ndi@example.com,Di,4\ncy@example.com,Cy,3\nbob@example.com,Bob,2\nann@example.com,Ann,1\n',
    );
    const second = await merge(['--report', report]);
    expect(second.code).toBe(0);
    expect(second.sink.taken.toSorted()).toEqual(['Hello Bob', 'Hello Di']);
    expect(second.stdout).toMatch(/^Sent 2 in .*, 2 done by an earlier run\n$/);
    const third = await merge(['--report', report]);
    expect(third.sink.taken).toEqual([]);
    expect(third.stdout).toMatch(/^Sent 0 in .*, 4 done by an earlier run\n$/);
  });

  it('two rows with the same cells are two letters, once each', async () => {
    writeFileSync(path('people.csv'), 'email,name,n\na@example.com,A,1\na@example.com,A,1\n');
    const report = path(`report.${extension}`);
    expect((await merge(['--report', report])).sink.taken).toHaveLength(2);
    expect((await merge(['--report', report])).sink.taken).toHaveLength(0);
  });

  it('leaves rows alone of which nobody knows, unless asked', async () => {
    const report = path(`report.${extension}`);
    await merge(['--report', report, '--key', 'email']);
    // A run that was killed between the last words to the server and its answer.
    const kept = readFileSync(report, 'utf8')
      .split('\n')
      .filter((line) => !(line.includes('sent') && line.includes('bob@')));
    writeFileSync(report, kept.join('\n'));
    const [, id] = /(<[^<>]*>)/.exec(kept.find((line) => line.includes('bob@')) ?? '') ?? [];
    const second = await merge(['--report', report, '--key', 'email']);
    expect(second.code).toBe(74);
    expect(second.sink.taken).toEqual([]);
    expect(second.stdout).toMatch(
      /1 unknown from an earlier run, 2 done by an earlier run\n {2}row 2 {2}a server may have got it/,
    );
    const json = await merge(['--report', report, '--key', 'email', '--json']);
    expect(lines(json.stdout)).toContainEqual(
      expect.objectContaining({ row: 2, key: 'bob@example.com', status: 'unknown' }),
    );
    const asked = await merge(['--report', report, '--key', 'email', '--resend-unknown']);
    expect(asked.code).toBe(0);
    expect(asked.sink.taken).toEqual(['Hello Bob']);
    expect(readFileSync(report, 'utf8').split(id ?? '-').length).toBeGreaterThanOrEqual(3);
    const last = await merge(['--report', report, '--key', 'email']);
    expect(last).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/3 done by an earlier run\n$/),
    });
  });
});

it('tells a person how far it has come, and how long it will take', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => `p${n}@example.com,P${n},${n}`);
  writeFileSync(path('people.csv'), `email,name,n\n${rows.join('\n')}\n`);
  const { stderr } = await merge([], { world: { terminal: true } });
  expect(stderr).toMatch(/\d+ % {2}[\d,]+ of 40 {2}[\d,.]+\/s {2}\d+ s left/);
  const files = ['merge', path('letter'), path('people.csv'), '--out', path('letters')];
  const saved = await runCommand(files, { terminal: true });
  expect(saved.stderr).toMatch(/\d+ % {2}[\d,]+ of 40 {2}[\d,.]+\/s {2}\d+ s left/);
});

it('ends at Ctrl-C, and tells what was not attempted', async () => {
  const rows = Array.from({ length: 400 }, (_, n) => `p${n}@example.com,P${n},${n}`);
  writeFileSync(path('people.csv'), `email,name,n\n${rows.join('\n')}\n`);
  const report = path('report.jsonl');
  let isPressed = false;
  const first = await merge(['--report', report, '--json', '--connections', '1'], {
    world: {
      onWrite: (soFar, interrupt) => {
        if (isPressed || soFar.split('\n').length < 20) return;
        isPressed = true;
        interrupt();
      },
    },
  });
  expect(first.code).toBe(130);
  const second = await merge(['--report', report]);
  expect(second.code).toBe(0);
  expect(first.sink.taken.length).toBeGreaterThan(10);
  expect(first.sink.taken.length).toBeLessThan(400);
  expect([...first.sink.taken, ...second.sink.taken].toSorted()).toEqual(
    Array.from({ length: 400 }, (_, n) => `Hello P${n}`).toSorted(),
  );
});
