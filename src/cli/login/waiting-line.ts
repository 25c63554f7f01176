// One line on a terminal that tells for what and how long the command waits; gone when it is over.
import type { CliIo } from '../io.ts';

const FRAMES = ['|', '/', '-', '\\'] as const;
const REFRESH_MS = 150;
// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** Shows the line until the function that is given back is called; nothing at all where there is no terminal. */
export function waitingLine(until: Date, io: CliIo): () => void {
  if (!io.stderr.isTTY) return () => {};
  let turn = 0;
  const draw = (): void => {
    const frame = FRAMES[turn++ % FRAMES.length] ?? '';
    const left = Math.max(0, Math.round((until.getTime() - Date.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    void io.stderr.write(`${ERASE_LINE}${frame} Waiting for you to agree there (${time} left) …`);
  };
  draw();
  const timer = setInterval(draw, REFRESH_MS);
  return () => {
    clearInterval(timer);
    void io.stderr.write(ERASE_LINE);
  };
}
