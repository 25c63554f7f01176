// Which of several texts says why.
import { codesIn } from './diagnostic.ts';
import { reasonInText } from './reason.ts';

// A server says what it has to say in the first lines.
const MAX_LENGTH = 2000;

/** The first of the texts that tells a code, or else a reason, or else the first; in one line. */
export function tellingText(texts: readonly string[]): string {
  const lines = texts.map((text) => text.slice(0, MAX_LENGTH).replace(/\s+/g, ' ').trim());
  const withCode = lines.find((line) => {
    const { replyCode, status } = codesIn(line);
    return replyCode !== undefined || status !== undefined;
  });
  const withReason = (): string | undefined => lines.find((line) => reasonInText(line));
  return withCode ?? withReason() ?? lines.find((line) => line !== '') ?? '';
}
