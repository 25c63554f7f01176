// Text that may be re-wrapped by the reader (RFC 3676).

/** How flowed text was made. */
export interface FlowedOptions {
  /** Whether the space before a soft break is taken away (`DelSp=yes`). */
  readonly delSp: boolean;
}

/** Text as format=flowed without DelSp; lines end in CRLF. */
export function encodeFlowed(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => {
      const trimmed = line === '-- ' ? line : line.replace(/ +$/, '');
      const stuffed = /^(?: |>|From )/.test(trimmed) ? ` ${trimmed}` : trimmed;
      return stuffed.replace(/(.{1,71} )(?=[^ ])/g, '$1\r\n');
    })
    .join('\r\n');
}

/** Flowed text with its soft breaks joined; lines end in LF. */
export function decodeFlowed(text: string, options: FlowedOptions): string {
  const out: string[] = [];
  let open = false;
  for (const raw of text.split(/\r\n|\n/)) {
    const line = raw.startsWith(' ') ? raw.slice(1) : raw;
    const flows = line.endsWith(' ') && line !== '-- ';
    const content = flows && options.delSp ? line.slice(0, -1) : line;
    if (open) out.push(`${out.pop() ?? ''}${content}`);
    else out.push(content);
    open = flows;
  }
  return out.join('\n');
}
