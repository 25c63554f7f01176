// A storage inside a compound file, as a compound file of its own.
import type { CompoundStorage } from './compound-file.ts';
import { CompoundWriter } from './compound-writer.ts';
import { asNewStorage } from './new-storage.ts';

/**
 * A storage with all it holds, as a whole compound file.
 * @throws {FormatError} One of its streams is damaged.
 * @throws {LimitError} `depth`: storages are inside each other too deep.
 */
export function copyStorage(storage: CompoundStorage): Uint8Array {
  return new CompoundWriter(asNewStorage(storage, 'Root Entry')).bytes();
}
