// One line on a terminal that tells what is being looked at; gone when the result is there.
import { printable } from '../../base/index.ts';
import type { InspectProgress } from '../../smtp/index.ts';
import type { CliIo } from '../io.ts';

/** What `inspectServer` reports to, and the end of it. */
export interface CheckProgress {
  readonly onProgress: (progress: InspectProgress) => void;
  /** Takes the line away. */
  clear(): void;
}

// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** A line on standard error; nothing at all when that is no terminal. */
export function checkProgress(host: string, io: CliIo): CheckProgress {
  let isShown = false;
  const tell = (text: string): void => {
    if (!io.stderr.isTTY || (text === '' && !isShown)) return;
    isShown = text !== '';
    void io.stderr.write(`${ERASE_LINE}${text}`);
  };
  return {
    onProgress: ({ step, done, of }) => {
      const where = printable(host, 100);
      if (step === 'dns') tell(`Asking for the addresses of ${where} …`);
      else if (step === 'login') tell(`Logging in at ${where} …`);
      else tell(`Looking at ${where}: ${done} of ${of} ports …`);
    },
    clear: () => tell(''),
  };
}
