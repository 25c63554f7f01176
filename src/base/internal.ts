/** Helpers for the rooms above; never exported from the package. @module */
export type { ByteSource } from './byte-source.ts';
export { checkRange, memorySource, rangeSource } from './byte-source.ts';
export {
  collectBytes,
  collectPassed,
  concatBytes,
  isAsciiBytes,
  latin1,
  latin1Bytes,
  utf8Bytes,
  viewOf,
} from './bytes.ts';
export { emit, isHeard } from './events.ts';
export { enforceLimit } from './limits.ts';
export { afterReads } from './turn.ts';
export { instantiateKernel } from './web-assembly.ts';
