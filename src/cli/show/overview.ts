// What `posthorn show` prints without options: main headers, parts, text, problems.
import { decompose, type ParsedEntity } from '../../mime/index.ts';
import type { Paint } from '../paint.ts';
import { count, printableLine, printableText } from '../text.ts';
import { drawTree, numberParts } from './parts.ts';

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

/** The view as one text. */
export function overview(root: ParsedEntity, paint: Paint): string {
  const sections = [mainHeaders(root, paint), parts(root, paint), body(root, paint)];
  if (root.problems.length > 0) sections.push(problems(root, paint));
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
  if (plain.length > 0) {
    return printableText(plain.map((part) => part.text()).join('\n')).trimEnd();
  }
  return paint.dim(text.length > 0 ? '(no plain text; --html shows the HTML)' : '(no text)');
}

function problems(root: ParsedEntity, paint: Paint): string {
  const title = paint.yellow(`${count(root.problems.length, 'problem')}:`);
  const lines = root.problems.map(
    ({ line, code, message }) => `  line ${line}: ${message} (${code})`,
  );
  return [title, ...lines].join('\n');
}
