// A message from a file of any format.
import { FormatError } from '../base/index.ts';
import { type ByteSource, memorySource } from '../base/internal.ts';
import type {
  FileProblemCode,
  LoadOptions,
  MailMessage,
  MessageFormat,
  MessageProblem,
} from '../message/index.ts';
import type { ParseOptions } from '../mime/index.ts';
import { isCompound } from './detect/compound-format.ts';
import { detectIn } from './detect/detect-format.ts';
import { isMessageFormat, nameOf } from './detect/file-format.ts';
import { driverOf } from './format-table.ts';
import type { LossCode, Note } from './loss.ts';
import { openOnLoad } from './tnef/open-tnef.ts';

/** What is known of a file beside its bytes. */
export interface ForeignSource {
  /** The format that the caller says; `undefined`: found out from the bytes. */
  readonly format: MessageFormat | undefined;
  /** Where the file is, for what stands beside it. */
  readonly path: string | undefined;
  /** How it is to be read. */
  readonly reading: ParseOptions;
  /** What becomes of a winmail.dat in it. Default: `'open'`. */
  readonly tnef?: LoadOptions['tnef'];
  /** Is told what the message could not take over. Default: nobody. */
  readonly note?: Note;
}

/**
 * The message in a file.
 *
 * @throws {@link FormatError} It is not of the format that it is said to be, or is none of a message.
 */
export async function loadForeign(
  opened: Uint8Array | ByteSource,
  { format, path, reading, tnef = 'open', note = () => undefined }: ForeignSource,
): Promise<MailMessage> {
  const source = opened instanceof Uint8Array ? memorySource(opened) : opened;
  const problems: MessageProblem[] = [];
  const listen: Note = (code, message) => {
    note(code, message);
    if (isProblem(code)) problems.push({ code, message, offset: 0, line: 1 });
  };
  const driver = await driverOf(format ?? messageFormatOf(source, path));
  const message = await driver.read(source, {
    reading,
    path,
    note: listen,
    open: async (mail) => (tnef === 'keep' ? mail : await openOnLoad(mail, reading)),
  });
  message.addProblems(problems);
  return message;
}

/** Whether it is wrong with the file, and not only without a place in a message. */
function isProblem(code: LossCode): code is FileProblemCode {
  return code === 'file-damaged' || code === 'attachment-missing' || code === 'resource-missing';
}

/** The format of the bytes, which is to be one of a message; what nothing is known of is read as mail. */
function messageFormatOf(source: ByteSource, path: string | undefined): MessageFormat {
  const found = detectIn(source, path) ?? 'eml';
  if (found === 'eml' && isCompound(source)) {
    throw new FormatError(
      'This is a compound file of another program than Outlook; give a message file',
      'msg',
      0,
    );
  }
  if (isMessageFormat(found)) return found;
  throw new FormatError(
    `This is not one message but ${nameOf(found)}; give a file of one message`,
    found,
    0,
  );
}
