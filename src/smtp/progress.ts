// Telling how far the content has come.
import type { SendProgress } from './envelope.ts';

/** Tells a listener. It only watches; its fault must not become the message's. */
export function reportProgress(
  onProgress: (progress: SendProgress) => void,
  bytesSent: number,
  bytesTotal: number | undefined,
): void {
  try {
    onProgress(bytesTotal === undefined ? { bytesSent } : { bytesSent, bytesTotal });
  } catch {
    // See above.
  }
}
