// Every cut of the dialogue with several messages on their way gives each its true outcome.
import { describe, expect, it } from 'vitest';
import { expectTruth, MODES, type Mode, sendAll } from './kit.ts';

const modes = Object.keys(MODES) as Mode[];

describe('a connection that ends', () => {
  it.each(modes)('after each octet of the replies (%s)', async (mode) => {
    let sent = 0;
    // Said one by one, they are cut in many tests beside this one.
    const step = mode === 'plain' ? 5 : 1;
    for (let said = 1; ; said += step) {
      const run = await sendAll(mode, { count: 3, cut: { said } });
      expectTruth(run, `cut after ${said} octets of replies`);
      sent = run.told.filter(({ fate }) => fate === 'sent').length;
      if (run.server.connections === 1 && sent === 3) break;
      expect(said).toBeLessThan(400);
    }
    expect(sent).toBe(3);
  });

  it.each(modes)('after octets of what is sent (%s)', async (mode) => {
    for (let read = 60; ; read += 29) {
      const run = await sendAll(mode, { count: 3, cut: { read } });
      expectTruth(run, `cut after ${read} octets read`);
      if (run.server.connections === 1 && run.told.every(({ fate }) => fate === 'sent')) break;
      expect(read).toBeLessThan(10_000);
    }
  });
});
