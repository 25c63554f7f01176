// What the end of a mail program's run means for the message.
import {
  type ErrorContext,
  PosthornError,
  printable,
  RecipientsError,
  type SmtpReply,
  SmtpReplyError,
  TimeoutError,
} from '../base/index.ts';
import type { ProgramEnd } from './program-run.ts';
import { type ExitMeaning, exitMeanings } from './sysexits.data.ts';

/** The error of a run that did not end well, for these recipients. */
export function failureOf(
  end: ProgramEnd,
  path: string,
  to: readonly string[],
  timeoutMs: number,
): PosthornError {
  const { exitCode, signal, endedBy } = end;
  // Until it has seen the end of the message, it can't have taken it for a whole one.
  const delivered = end.isWhole ? 'unknown' : 'no';
  const where: ErrorContext = { host: path, stage: end.isWhole ? 'final-reply' : 'content' };
  const lost = { ...where, delivered, retryable: delivered === 'no' } as const;
  const program = `'${printable(path)}'`;
  const fate = delivered === 'unknown' ? '; it may have taken the message all the same' : '';
  if (endedBy === 'signal') {
    return new PosthornError('ABORTED', `The caller's signal ended ${program}${fate}`, lost);
  }
  if (endedBy === 'timeout') {
    return new TimeoutError(
      'TIMEOUT',
      `${program} took longer than ${timeoutMs} ms (timeoutMs) and was ended${fate}`,
      lost,
    );
  }
  const said = end.said === '' ? '' : `: ${printable(end.said.split(/\r?\n/, 1)[0] ?? '')}`;
  const meaning = exitCode === null ? undefined : exitMeanings.get(exitCode);
  if (meaning) return refusal(meaning, { path, to, said, exitCode: exitCode ?? 0, where });
  const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  return new PosthornError(
    'PROGRAM_FAILED',
    `${program} ${how}${said}${fate || '; nothing was sent'}`,
    lost,
  );
}

function refusal(
  { name, text, code, enhanced }: ExitMeaning,
  run: {
    readonly path: string;
    readonly to: readonly string[];
    readonly said: string;
    readonly exitCode: number;
    readonly where: ErrorContext;
  },
): PosthornError {
  const { path, to, said, exitCode, where } = run;
  const reply: SmtpReply = {
    code,
    enhanced,
    lines: [`exit code ${exitCode} (${name}): ${text}${said}`],
  };
  const isAboutRecipients = exitCode === 67 || exitCode === 68;
  // Of several recipients one is enough for this exit code, and the program may have gone on with the others.
  const delivered = isAboutRecipients && to.length > 1 ? 'unknown' : 'no';
  const fate =
    delivered === 'unknown'
      ? '; which of the recipients is meant it does not say, and others may have the message'
      : '; nothing was sent';
  const message = `'${printable(path)}' ended with exit code ${exitCode} (${name}): ${text}${said}${fate}`;
  const context = { ...where, reply, delivered, retryable: code < 500 } as const;
  return isAboutRecipients && to.length === 1
    ? new RecipientsError(
        message,
        to.map((address) => ({ address, reply })),
        context,
      )
    : new SmtpReplyError('REPLY_NEGATIVE', message, context);
}

/** The program can't be started. */
export function notStarted(path: string, cause: unknown): PosthornError {
  const { code = '', message = String(cause) } = (cause ?? {}) as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? 'is not there; install a mail server such as Postfix, or give the path of another program'
      : code === 'E2BIG'
        ? 'takes fewer recipients at once'
        : `can't be started (${printable(message)})`;
  const retryable = code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE';
  return new PosthornError('PROGRAM_UNUSABLE', `'${printable(path)}' ${why}; nothing was sent`, {
    cause,
    host: path,
    retryable,
  });
}
