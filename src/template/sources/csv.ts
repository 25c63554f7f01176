// Tables as text: CSV (RFC 4180) and what is called so, and TSV; with the package csv-parse, row by row.
import { Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { FormatError, LimitError, limits, OptionError, printable } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';
import { checkNames, type KnownNames, kindOf } from '../../message/internal.ts';
import type { Row } from '../text-template.ts';
import { byteChunks, type TableSource } from './byte-chunks.ts';
import { textChunks } from './text-chunks.ts';

/** How a table is read. */
export interface CsvOptions {
  /** What stands between cells; `'auto'`: whichever of `,` `;` tab and `|` the first line has most of. Default: `','`. */
  readonly separator?: string | undefined;
  /** What stands around cells that hold separators or line ends; doubled inside; `''`: nothing does. Default: `'"'`. */
  readonly quote?: string | undefined;
  /** The names of the columns, when the first line holds none. Default: the first line. */
  readonly headers?: readonly string[] | undefined;
  /** The charset; a byte order mark overrules it. Default: UTF-8. */
  readonly charset?: string | undefined;
  /** Whether blanks around cells are left out. Default: `false`. */
  readonly trim?: boolean | undefined;
}

const optionNames: KnownNames = {
  of: 'readCsv',
  names: new Set<keyof CsvOptions>(['separator', 'quote', 'headers', 'charset', 'trim']),
  habits: new Map([
    ['delimiter', "write separator: ';'"],
    ['encoding', "write charset: '…'"],
    ['columns', 'write headers: […], or map columns with the columns option of TemplateEngine'],
  ]),
};

/**
 * The rows of a CSV table, one after another, in constant memory. Each has the columns of the header line as its
 * properties, all text; a row that is shorter lacks the last ones. Empty lines are left out.
 *
 * @param source A path (a string), a `file:` URL, bytes, a Blob or a stream.
 * @throws {@link OptionError} An option has a value it can't have.
 * @throws {@link FormatError} While reading: a quote that does not end, a row with more cells than columns, two columns
 * of one name, another charset; the message has the line.
 * @throws {@link InvalidMessageError} While reading: `FILE_INACCESSIBLE`.
 * @throws {@link LimitError} While reading: a row of over 16 MiB.
 */
export function readCsv(source: TableSource, options: CsvOptions = {}): AsyncIterable<Row> {
  checkNames(options, optionNames);
  checkOptions(options);
  return { [Symbol.asyncIterator]: () => rowsOf(source, options, ',') };
}

/** The same for a table with tabs between its cells. */
export function readTsv(source: TableSource, options: CsvOptions = {}): AsyncIterable<Row> {
  checkNames(options, { ...optionNames, of: 'readTsv' });
  checkOptions(options);
  return { [Symbol.asyncIterator]: () => rowsOf(source, options, '\t') };
}

function checkOptions({ separator, quote, headers, trim }: CsvOptions): void {
  if (separator !== undefined && separator !== 'auto' && !isShort(separator)) {
    throw new OptionError(
      'separator',
      `'separator' must be 'auto' or a character such as ';', got ${kindOf(separator)}`,
    );
  }
  if (quote !== undefined && quote !== '' && (typeof quote !== 'string' || quote.length !== 1)) {
    throw new OptionError(
      'quote',
      `'quote' must be one character, or '' for none, got ${kindOf(quote)}`,
    );
  }
  if (headers !== undefined && !(Array.isArray(headers) && headers.length > 0)) {
    throw new OptionError('headers', `'headers' must be an array of names, got ${kindOf(headers)}`);
  }
  if (trim !== undefined && typeof trim !== 'boolean') {
    throw new OptionError('trim', `'trim' must be true or false, got ${kindOf(trim)}`);
  }
}

const isShort = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= 10 && !/[\r\n]/.test(value);

async function* rowsOf(
  source: TableSource,
  options: CsvOptions,
  usual: string,
): AsyncGenerator<Row> {
  const text = textChunks(byteChunks(source), options.charset);
  const { separator = usual, quote = '"' } = options;
  const read = separator === 'auto' ? await guess(text, quote) : { separator, text };
  const records = parse(parserOptions(read.separator, quote, options.trim ?? false));
  const input = Readable.from(read.text, { objectMode: false, highWaterMark: 65_536 });
  input.once('error', (error) => records.destroy(error));
  let names: readonly string[] | undefined = options.headers && checkHeaders(options.headers);
  try {
    for await (const { record, info } of input.pipe(records) as AsyncIterable<Record>) {
      if (names === undefined) names = checkHeaders(record);
      else yield rowOf(names, record, info.lines);
    }
  } catch (error) {
    throw csvError(error);
  } finally {
    input.destroy();
    records.destroy();
  }
}

interface Record {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parserOptions(separator: string, quote: string, trim: boolean): Options {
  return {
    delimiter: separator,
    quote: quote === '' ? null : quote,
    trim,
    info: true,
    bom: false,
    relax_column_count: true,
    skip_empty_lines: true,
    // A quote inside a cell that does not begin with one is text: 5'10" tall.
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: limits.rowBytes,
  };
}

function checkHeaders(cells: readonly string[]): readonly string[] {
  enforceLimit('columns', cells.length, 'The number of columns');
  const names = cells.map((name, index) => name.trim() || `column ${index + 1}`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new FormatError(
        `Two columns are called '${printable(name, 80)}'; rename one, or give names with headers`,
        'csv',
        0,
      );
    }
    seen.add(name);
  }
  return names;
}

function rowOf(names: readonly string[], cells: readonly string[], line: number): Row {
  // Excel writes separators for columns that are long gone: blank cells say nothing.
  const isLonger =
    cells.length > names.length && cells.slice(names.length).some((cell) => cell !== '');
  if (isLonger) {
    throw new FormatError(
      `The row that ends in line ${line} has ${cells.length} cells, but there are ${names.length} columns; ` +
        'put quotes around a cell that holds the separator',
      'csv',
      0,
    );
  }
  const row: { [name: string]: string } = Object.create(null);
  for (let index = 0; index < names.length && index < cells.length; index += 1) {
    row[names[index] ?? ''] = cells[index] ?? '';
  }
  return row;
}

function csvError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, message } = error;
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new LimitError(
      'rowBytes',
      limits.rowBytes,
      `A row of the table is over ${limits.rowBytes} octets; is a quote missing?`,
      { cause: error },
    );
  }
  const line = (error as { readonly lines?: number }).lines ?? 0;
  return new FormatError(
    `The table can't be read at line ${line}: ${printable(message, 300)}; correct its quotes`,
    'csv',
    0,
    { cause: error },
  );
}

const candidates = [',', ';', '\t', '|'];
const GUESS_CHARS = 65_536;

/** The separator that the first line has most of, quoted cells not counted; and the whole text. */
async function guess(
  chunks: AsyncGenerator<string>,
  quote: string,
): Promise<{ readonly separator: string; readonly text: AsyncGenerator<string> }> {
  let head = '';
  while (head.length < GUESS_CHARS && firstLine(head, quote) === undefined) {
    const next = await chunks.next();
    if (next.done) break;
    head += next.value;
  }
  const line = firstLine(head, quote) ?? head;
  let separator = ',';
  let most = 0;
  for (const candidate of candidates) {
    const found = line.split(candidate).length - 1;
    if (found > most) [separator, most] = [candidate, found];
  }
  const text = (async function* (): AsyncGenerator<string> {
    if (head !== '') yield head;
    yield* chunks;
  })();
  return { separator, text };
}

/** The first line without what is in quotes; `undefined` when its end is not there yet. */
function firstLine(text: string, quote: string): string | undefined {
  let line = '';
  let isQuoted = false;
  for (const char of text) {
    if (char === quote) isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      if (line !== '') return line;
    } else if (!isQuoted) line += char;
  }
  return undefined;
}
