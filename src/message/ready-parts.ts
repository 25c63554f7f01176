// From described parts to parts that can be written: files are measured, attached messages written.
import { collectBytes } from '../base/internal.ts';
import type { EntityBody } from '../mime/index.ts';
import { type ContentSource, MESSAGE_IN_MEMORY_BYTES } from './content-source.ts';
import type { Part } from './part.ts';
import type { ReadyPart } from './structure-input.ts';

/** Whether nothing has to be waited for. */
export function areReady(parts: readonly Part[]): boolean {
  return parts.length === 0 || !parts.some((part) => part.source.needsPreparing);
}

/** Parts in memory, ready to be written. */
export function readyNow(parts: readonly Part[]): ReadyPart[] {
  return parts.map((part) => ({ part, body: bodyOf(part) }));
}

/** Parts from anywhere, of a message that is being written into `outer`; rejects before anything is sent when one can't be read. */
export async function readyLater(
  parts: readonly Part[],
  outer: readonly ContentSource[],
): Promise<ReadyPart[]> {
  return await Promise.all(
    parts.map(async (part) => {
      await part.source.prepare(outer);
      return { part, body: await messageBody(part) };
    }),
  );
}

function bodyOf({ type, source }: Part): EntityBody {
  const { bytes, size } = source;
  if (bytes === undefined) {
    // The encoder is done with a chunk before it asks for the next.
    return { kind: 'stream', open: () => source.pass?.() ?? source.open(), size };
  }
  return { kind: isMessage(type.type) ? 'message' : 'bytes', bytes };
}

async function messageBody(part: Part): Promise<EntityBody> {
  const { source, type } = part;
  const isSmall = source.size !== undefined && source.size <= MESSAGE_IN_MEMORY_BYTES;
  if (source.bytes !== undefined || !isSmall || !isMessage(type.type)) return bodyOf(part);
  return { kind: 'message', bytes: await collectBytes(source.open()) };
}

const isMessage = (type: string): boolean => type === 'message/rfc822' || type === 'message/global';
