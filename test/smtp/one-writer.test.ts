import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// The words to a proxy come before there is a dialogue.
it('only one file writes to a socket, and one to proxies', () => {
  const rooms = ['net', 'auth', 'smtp', 'client'].map(
    (room) => new URL(`../../src/${room}/`, import.meta.url),
  );
  const writers = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => {
        const source = readFileSync(new URL(name, room), 'utf8');
        return /(?:socket|stream|duplex|tls)\w*\)?\.(?:write|end|pipe)\(/i.test(source);
      }),
  );
  expect(writers).toEqual(['dial-socks.ts', 'wire.ts']);
});
