// Text that the reader may wrap again: format=flowed (RFC 3676).

/** How flowed text was made. */
export interface FlowedOptions {
  /** Whether the blank before a soft break is no part of the text (the parameter `delsp=yes`). */
  readonly delSp: boolean;
}

const LINE_END = /\r\n|\n|\r/;
const SIGNATURE = '-- ';
// With the blank at its end; RFC 3676 section 4.2 asks for at most 78.
const LINE_LENGTH = 76;

/**
 * Text as format=flowed without DelSp. Every line of the text becomes a paragraph, wrapped after
 * blanks; lines that start with `>` are quotes and stay quotes; blanks before a line end go away (but
 * not in the signature's `-- `). Line ends become CRLF.
 */
export function encodeFlowed(text: string): string {
  return text.split(LINE_END).map(encodeParagraph).join('\r\n');
}

/**
 * Flowed text with its soft breaks joined and its stuffing taken away; quotes keep their `>`. Line ends
 * (CRLF or LF) become LF.
 */
export function decodeFlowed(text: string, options: FlowedOptions): string {
  const paragraphs: string[] = [];
  let paragraph: string | undefined;
  let paragraphDepth = 0;
  for (const line of text.split(/\r?\n/)) {
    const depth = quoteDepth(line);
    const content = line.charAt(depth) === ' ' ? line.slice(depth + 1) : line.slice(depth);
    const flows = content.endsWith(' ') && content !== SIGNATURE;
    const kept = flows && options.delSp ? content.length - 1 : content.length;
    // RFC 3676 section 4.5: another depth or a signature ends a paragraph even without a hard break.
    if (paragraph !== undefined && (depth !== paragraphDepth || content === SIGNATURE)) {
      paragraphs.push(paragraph);
      paragraph = undefined;
    }
    // The blank after the marks of a quote is shown; before other text it was only stuffed in.
    const marks = depth > 0 ? line.slice(0, line.length - content.length) : '';
    paragraph = (paragraph ?? marks) + content.slice(0, kept);
    paragraphDepth = depth;
    if (flows) continue;
    paragraphs.push(paragraph);
    paragraph = undefined;
  }
  if (paragraph !== undefined) paragraphs.push(paragraph);
  return paragraphs.join('\n');
}

function quoteDepth(line: string): number {
  let depth = 0;
  while (line.charCodeAt(depth) === 0x3e) depth++;
  return depth;
}

function encodeParagraph(line: string): string {
  const depth = quoteDepth(line);
  const hasBlank = depth > 0 && line.charAt(depth) === ' ';
  const marks = line.slice(0, depth);
  const content = withoutLastBlanks(line.slice(hasBlank ? depth + 1 : depth));
  const lines: string[] = [];
  let start = 0;
  do {
    const end = softBreak(content, start, LINE_LENGTH - depth);
    const piece = content.slice(start, end);
    if (depth === 0) lines.push(stuffed(piece));
    else lines.push(hasBlank || start > 0 ? `${marks} ${piece}` : marks + piece);
    start = end;
  } while (start < content.length);
  return lines.join('\r\n');
}

function withoutLastBlanks(content: string): string {
  if (content === SIGNATURE) return content;
  let end = content.length;
  while (content.charCodeAt(end - 1) === 0x20) end--;
  return content.slice(0, end);
}

/** RFC 3676 section 4.4: a blank is put before what would be read as something else. */
function stuffed(piece: string): string {
  return /^(?: |>|From )/.test(piece) ? ` ${piece}` : piece;
}

/** The end of the line that begins at `start`: after the last blank that fits, else after the next. */
function softBreak(content: string, start: number, room: number): number {
  if (content.length - start <= room) return content.length;
  const fitting = content.lastIndexOf(' ', start + Math.max(room, 1) - 1) + 1;
  let end = fitting > start ? fitting : content.indexOf(' ', start) + 1 || content.length;
  // A line of its own must not look like the signature's beginning.
  if (content.slice(start, end) === SIGNATURE)
    end = content.indexOf(' ', end) + 1 || content.length;
  return end;
}
