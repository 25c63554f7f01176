// A server that refuses a message midway says why and closes. The next write then fails while those words are still
// unread, and Node throws them away with the socket. Here a failed write is reported a little later, so that what
// has arrived is read first: the reply is the story, not EPIPE.
import type { Duplex } from 'node:stream';

// What has arrived before the reset is read in the next turns of the event loop; this only has to be longer.
const HEARING_MS = 100;

type Done = (error?: Error | null) => void;

/** Makes failed writes of `stream` wait for what is still to be read. */
export function hearBeforeFailing(stream: Duplex): void {
  const write = stream._write.bind(stream);
  stream._write = (chunk, encoding, done) => write(chunk, encoding, later(done));
  const writev = stream._writev?.bind(stream);
  if (writev) stream._writev = (chunks, done) => writev(chunks, later(done));
}

function later(done: Done): Done {
  return (error) => {
    if (error) setTimeout(done, HEARING_MS, error);
    else done();
  };
}
