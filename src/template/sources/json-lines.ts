// Tables as JSON: one object in each line.
import { FormatError, LimitError, limits, OptionError, printable } from '../../base/index.ts';
import { kindOf } from '../../message/internal.ts';
import type { Row } from '../text-template.ts';
import { byteChunks, type TableSource } from './byte-chunks.ts';
import { textChunks } from './text-chunks.ts';

/**
 * The rows of a file with a JSON object in each line (JSON Lines, NDJSON), in constant memory. Empty lines are left out.
 *
 * @param source A path (a string), a `file:` URL, bytes, a Blob or a stream; UTF-8 or with a byte order mark.
 * @throws {@link FormatError} While reading: a line is no JSON object; the message has its number.
 * @throws {@link InvalidMessageError} While reading: `FILE_INACCESSIBLE`.
 * @throws {@link LimitError} While reading: a line of over 16 MiB.
 */
export function readJsonLines(source: TableSource): AsyncIterable<Row> {
  if (source === undefined)
    throw new OptionError('source', `A table is needed, got ${kindOf(source)}`);
  return { [Symbol.asyncIterator]: () => rowsOf(source) };
}

async function* rowsOf(source: TableSource): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of linesOf(textChunks(byteChunks(source), undefined))) {
    number += 1;
    if (line.trim() !== '') yield rowOf(line, number);
  }
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      pieces.push(chunk.slice(from, end));
      yield pieces.join('');
      pieces = [];
      length = 0;
      from = end + 1;
    }
    pieces.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > limits.rowBytes) {
      throw new LimitError(
        'rowBytes',
        limits.rowBytes,
        `A line of the table is over ${limits.rowBytes} characters; it has to be an object in each line`,
      );
    }
  }
  yield pieces.join('');
}

function rowOf(line: string, number: number): Row {
  const value = parsed(line, number);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw wrong(number, `it is ${kindOf(value)}`);
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw wrong(number, printable((cause as Error).message, 200), cause);
  }
}

function wrong(number: number, reason: string, cause?: unknown): FormatError {
  return new FormatError(
    `Line ${number} is no JSON object (${reason}); write one object in each line`,
    'json-lines',
    0,
    { cause },
  );
}
