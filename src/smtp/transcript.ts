// The last lines of a dialogue, for errors. Commands come in their masked form; secrets a server repeats are masked here.
import { limits, printable, type SmtpReply } from '../base/index.ts';

type Entry = string | SmtpReply;

/** Keeps the last `limits.transcriptLines` lines; they are put into words only when asked for. */
export class Transcript {
  readonly #entries: Entry[] = [];

  /** A line of ours, already masked. */
  command(shown: string): void {
    this.#add(shown);
  }

  /** A reply of the server. */
  reply(reply: SmtpReply): void {
    this.#add(reply);
  }

  /** `C: ` and `S: ` lines, safe to print. */
  lines(): string[] {
    return this.#entries
      .flatMap((entry) =>
        typeof entry === 'string' ? [`C: ${printable(entry)}`] : wireLines(entry),
      )
      .slice(-limits.transcriptLines);
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > limits.transcriptLines) this.#entries.shift();
  }
}

function wireLines({ code, enhanced, lines }: SmtpReply): string[] {
  const status = enhanced === undefined ? '' : `${enhanced} `;
  return lines.map((text, index) => {
    const separator = index === lines.length - 1 ? ' ' : '-';
    return `S: ${code}${separator}${status}${printable(text)}`.trimEnd();
  });
}
