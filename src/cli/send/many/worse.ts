// Many messages, one exit code: that of the worst outcome.
import { type ExitCode, exitCodes } from '../../exit-codes.ts';

// What a person has to look into comes before what time may cure; a message that may have arrived before all others.
const fromBad: readonly ExitCode[] = [
  exitCodes.ok,
  exitCodes.tryAgain,
  exitCodes.noInput,
  exitCodes.badData,
  exitCodes.unavailable,
  exitCodes.noPermission,
  exitCodes.usage,
  exitCodes.interrupted,
  exitCodes.ioError,
  exitCodes.software,
];

/** The worse of two. */
export function worseOf(one: ExitCode, other: ExitCode): ExitCode {
  return fromBad.indexOf(one) >= fromBad.indexOf(other) ? one : other;
}
