// From the options of `posthorn merge` to a template and a table.
import { OptionError } from '../../base/index.ts';
import {
  type MessageTemplate,
  type MissingPolicy,
  type Row,
  readCsv,
  readJsonLines,
  readTsv,
  TemplateEngine,
} from '../../template/index.ts';
import type { CliIo } from '../io.ts';
import type { MergeFlags } from './flags.ts';

/** The template; throws an {@link OptionError} for options that can't be understood. */
export async function openTemplate(path: string, flags: MergeFlags): Promise<TemplateEngine> {
  const { from, to, subject, syntax, missing, locale, timeZone, skipIf, textFromHtml } = flags;
  const fields: MessageTemplate = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(subject !== undefined && { subject }),
    ...(textFromHtml && { textFromHtml }),
  };
  return TemplateEngine.load(
    path,
    {
      // Checked where they are used.
      syntax: syntax as 'liquid' | 'hash' | undefined,
      missing: missing as MissingPolicy | undefined,
      locale,
      timeZone,
      skip: skipIf,
      columns: flags.map && Object.fromEntries(flags.map.map(pair)),
      attachmentFolder: flags.attachmentFolder,
      inlineCss: flags.inlineCss,
    },
    fields,
  );
}

function pair(given: string): [string, string] {
  const at = given.lastIndexOf('=');
  if (at > 0 && at < given.length - 1) return [given.slice(0, at), given.slice(at + 1)];
  throw new OptionError('map', `--map is COLUMN=FIELD, such as 'First Name=name', not '${given}'`);
}

/** The rows; `-` is standard input. They can be read once only when they come from there. */
export function openTable(path: string, flags: MergeFlags, io: CliIo): AsyncIterable<Row> {
  const source = path === '-' ? io.stdin : path;
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return readJsonLines(source);
  const { separator, charset } = flags;
  if (/\.(?:tsv|tab)$/i.test(path)) return readTsv(source, { separator, charset });
  return readCsv(source, { separator: separator ?? 'auto', charset });
}

/** How many rows there are. */
export async function countRows(rows: AsyncIterable<Row>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count += 1;
  return count;
}
