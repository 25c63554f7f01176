// Leaving a server without keeping anybody waiting.
import { Deadline } from '../net/internal.ts';
import { command } from './command.ts';
import type { Dialogue } from './dialogue.ts';

// Nobody waits for a goodbye: the work is done, whatever the server says.
const QUIT_MS = 2_000;

/** Says QUIT where that can be heard, then closes; waits two seconds at most and never throws. */
export async function farewell(dialogue: Dialogue, commandMs: number): Promise<void> {
  try {
    if (dialogue.state === 'ready' && !dialogue.hasUnread) {
      const bound = Math.min(QUIT_MS, commandMs);
      const deadline = new Deadline().within(bound, 'timeoutsMs.command');
      await dialogue.ask('QUIT', command('QUIT'), 'quit', deadline);
    }
  } catch {
    // The connection is closed either way.
  } finally {
    dialogue.close();
  }
}
