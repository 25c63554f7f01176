// What servers do wrong (the rows of the fault matrix), as answers for scripts.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './scripted-server.ts';

/** Says nothing. */
export const silence: Answer = () => undefined;

/** These bytes as they are, without a line end. */
export const raw =
  (bytes: string | Uint8Array): Answer =>
  (link) =>
    link.write(bytes);

/** These bytes, then the end of the stream. */
export const lastWords =
  (bytes: string): Answer =>
  async (link) => {
    await link.write(bytes);
    link.socket.end();
  };

/** The end of the stream. */
export const fin: Answer = (link) => {
  link.socket.end();
};

/** A reset. */
export const rst: Answer = (link) => {
  link.reset();
};

/** One byte of a good reply at a time, for ever. */
export const drip: Answer = async (link) => {
  await link.write('250');
  while (link.isOpen) {
    await link.write('-');
    await sleep(20);
  }
};

/** One good line at a time, never the last. */
export const dripLines: Answer = async (link) => {
  while (link.isOpen) {
    await link.write('250-more\r\n');
    await sleep(20);
  }
};

/** Lines without end, as fast as the client reads. */
export const endless: Answer = async (link) => {
  const block = '250-more of the same\r\n'.repeat(500);
  for (let blocks = 0; link.isOpen && blocks < 10_000; blocks++) await link.write(block);
};

/** One line of 16 MB. */
export const hugeLine: Answer = async (link) => {
  const block = Buffer.alloc(65_536, 'x');
  await link.write('250 ');
  for (let blocks = 0; link.isOpen && blocks < 256; blocks++) await link.write(block);
  await link.write('\r\n');
};

/** Takes no more bytes from the client. */
export const stopReading: Answer = (link) => {
  link.socket.pause();
};
