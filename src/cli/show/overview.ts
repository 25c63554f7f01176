// What `posthorn show` prints without options: main headers, the report it may be, parts, text, problems.
import type { MailMessage } from '../../message/index.ts';
import { decompose, type ParsedEntity, startOfText } from '../../mime/index.ts';
import type { Paint } from '../paint.ts';
import { count, printableLine, printableText } from '../text.ts';
import { drawTree, numberParts } from './parts.ts';
import { reportView } from './report.ts';

const mainFields = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Subject',
  'Date',
  'Message-ID',
];

// More is not read by anybody; --text and --json have all.
const MAX_TEXT = 100_000;
const MAX_PROBLEMS = 50;

/** The view as one text. */
export function overview(message: MailMessage, paint: Paint): string {
  const { root, report } = message;
  const sections = [mainHeaders(root, paint)];
  if (report) sections.push(reportView(report, paint));
  sections.push(parts(root, paint), body(root, paint));
  if (message.problems.length > 0) sections.push(problems(message, paint));
  return `${sections.join('\n\n')}\n`;
}

function mainHeaders(root: ParsedEntity, paint: Paint): string {
  const lines = mainFields.flatMap((name) => {
    const value = root.headers.get(name);
    if (value === undefined) return [];
    return [`${paint.dim(`${name}:`.padEnd(12))}${printableLine(value, 2000)}`];
  });
  return lines.length > 0 ? lines.join('\n') : paint.dim('(no headers)');
}

function parts(root: ParsedEntity, paint: Paint): string {
  return drawTree(numberParts(root), paint).join('\n');
}

function body(root: ParsedEntity, paint: Paint): string {
  const { text } = decompose(root);
  const plain = text.filter(({ contentType }) => contentType.value === 'text/plain');
  if (plain.length === 0) {
    return paint.dim(text.length > 0 ? '(no plain text; --html shows the HTML)' : '(no text)');
  }
  const shown: string[] = [];
  let left = MAX_TEXT;
  for (const part of plain) {
    const start = startOfText(part, left + 1);
    shown.push(start.slice(0, left));
    left -= start.length;
    if (left < 0) break;
  }
  const lines = printableText(shown.join('\n')).trimEnd();
  return left < 0 ? `${lines}\n${paint.dim('(… there is more; --text shows all)')}` : lines;
}

function problems({ problems }: MailMessage, paint: Paint): string {
  const title = paint.yellow(`${count(problems.length, 'problem')}:`);
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map(({ line, code, message }) => `  line ${line}: ${message} (${code})`);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(paint.dim(`  (… and ${more} more; --json lists all)`));
  return [title, ...lines].join('\n');
}
