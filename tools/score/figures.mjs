// The figures of docs/reading.md, from the tables that the corpus harness prints.

const BEGIN = '<!-- figures of npm run score -->';
const END = '<!-- end of the figures -->';

/** The cells of the row that begins with `label`, by the heads of its table. */
function row(tables, head, label) {
  const lines = tables.split('\n').filter((line) => line.startsWith('|'));
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  const found = lines.slice(start).find((line) => line.startsWith(`| ${label} |`));
  if (start === -1 || found === undefined) throw new Error(`The harness printed no row '${label}'`);
  const cells = (line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.replaceAll('*', '').trim());
  const names = cells(lines[start]);
  return new Map(cells(found).map((cell, index) => [names[index], cell]));
}

/** The table for the page. */
export function figuresOf({ scores, addresses, times, unchanged }) {
  const readers = ['posthorn', 'mailparser', 'postal-mime', 'python'];
  const oracle = row(scores, 'source | files', '**total**');
  const charsets = row(scores, 'source | files', 'synthetic-charset');
  const consensusTables = scores.slice(scores.indexOf('### Reference consensus (python'));
  const consensus = row(consensusTables, 'source | files', '**total**');
  const lists = row(addresses, 'address lists: name+address exact | cases', '**total**');
  const robust = scores.slice(scores.indexOf('### Robustness'));
  const health = (name) => row(robust, 'parser', name);
  const first = (cell) => cell?.split(' ')[0] ?? '–';
  const line = (text, cell) => [text, ...readers.map((name) => String(cell(name)))];
  const rows = [
    ['', ...readers],
    line(`messages with expected results (${oracle.get('files')}), all right`, (name) =>
      first(oracle.get(name)),
    ),
    line(`of these, one in every charset (${charsets.get('files')})`, (name) =>
      first(charsets.get(name)),
    ),
    line(`messages on which Python and GMime agree (${consensus.get('files')})`, (name) =>
      first(consensus.get(name)),
    ),
    line(`address fields (${lists.get('cases')}), names and addresses right`, (name) =>
      first(lists.get(name)),
    ),
    line('not read, crash, time-out', (name) =>
      ['not ok', 'crash', 'time-out'].map((column) => health(name).get(column)).join(', '),
    ),
    line('garbled where another reader is clean: subject/from/file name/text/html', (name) =>
      health(name).get(
        'mojibake files where another parser is clean (subject/from-name/filename/text/html)',
      ),
    ),
  ];
  return [
    ...aligned(rows),
    '',
    slowest(times),
    `Loaded and saved, ${unchanged.same} of ${unchanged.all} are octet for octet as they came.`,
  ].join('\n');
}

/** What the hostile messages cost. */
function slowest(times) {
  const rows = [...times.matchAll(/^\| (\S+) \| (.+) \|$/gm)].filter(([, name]) => name !== 'file');
  const bad = rows.find(([, , cell]) => !/^\d/.test(cell));
  if (bad) throw new Error(`${bad[1]} made to cost time: ${bad[2]}`);
  const [ms, name] = rows
    .map(([, file, cell]) => [Number.parseInt(cell, 10), file])
    .sort(([a], [b]) => b - a)[0];
  return `Of ${rows.length} messages made to cost time, a megabyte each, the slowest (${name}) takes ${ms} ms with all of its problems.`;
}

/** The rows with columns of one width each. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const lines = rows.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`,
  );
  return [
    lines[0],
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...lines.slice(1),
  ];
}

/** The page with these figures between its marks. */
export function writeFigures(page, figures) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end === -1) throw new Error('docs/reading.md has no place for the figures');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${page.slice(end)}`;
}
