// What the exit code of a mail program says (sysexits.h), as the reply that a server would give for it (RFC 3463).
import type { SmtpReply } from '../base/index.ts';

/** What an exit code means. */
export interface ExitMeaning {
  /** Its name in sysexits.h. */
  readonly name: string;
  /** In words. */
  readonly text: string;
  readonly code: SmtpReply['code'];
  readonly enhanced: string;
}

const meaning = (name: string, text: string, code: number, enhanced: string): ExitMeaning => ({
  name,
  text,
  code,
  enhanced,
});

/** The exit codes that mail programs share. */
export const exitMeanings: ReadonlyMap<number, ExitMeaning> = new Map([
  [64, meaning('EX_USAGE', 'it does not know the arguments it was given', 554, '5.5.4')],
  [65, meaning('EX_DATAERR', 'it does not take the message as it is', 554, '5.6.0')],
  [66, meaning('EX_NOINPUT', "a file it needs can't be read", 554, '5.3.0')],
  [67, meaning('EX_NOUSER', 'the recipient is not known', 550, '5.1.1')],
  [68, meaning('EX_NOHOST', "the recipient's host is not known", 550, '5.1.2')],
  [69, meaning('EX_UNAVAILABLE', 'it refused the message', 554, '5.0.0')],
  [70, meaning('EX_SOFTWARE', 'it has a fault of its own', 451, '4.3.0')],
  [71, meaning('EX_OSERR', 'the system refused it something', 451, '4.3.0')],
  [72, meaning('EX_OSFILE', 'a file of the system is missing', 554, '5.3.5')],
  [73, meaning('EX_CANTCREAT', "it can't write its files", 451, '4.3.0')],
  [74, meaning('EX_IOERR', 'reading or writing failed', 451, '4.3.0')],
  [75, meaning('EX_TEMPFAIL', 'it asks to try again later', 450, '4.0.0')],
  [76, meaning('EX_PROTOCOL', 'the other side did not keep to the protocol', 554, '5.5.0')],
  [77, meaning('EX_NOPERM', 'this user may not send with it', 554, '5.7.1')],
  [78, meaning('EX_CONFIG', 'its configuration is wrong', 554, '5.3.5')],
]);
