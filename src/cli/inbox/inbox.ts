// `posthorn inbox`: runs the development inbox until Ctrl-C and tells what arrives.
import { PosthornError } from '../../base/index.ts';
import { type Inbox, type InboxMessage, startInbox } from '../../inbox/index.ts';
import type { CliIo } from '../io.ts';
import { accountFor, type InboxAccount } from './account.ts';
import type { InboxFlags } from './flags.ts';

// The longest wait a timer of Node can have, about 24 days; the loop then waits again.
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Resolves when the inbox is closed after Ctrl-C. */
export async function runInbox(flags: InboxFlags, io: CliIo): Promise<void> {
  const { smtpPort, httpPort, host } = flags;
  const inbox = await startInbox({ smtpPort, httpPort, host });
  const account = accountFor(flags, io);
  const ended = new AbortController();
  const forget = io.onInterrupt(() => ended.abort());
  try {
    account.listening(inbox);
    await tellArrivals(inbox, account, ended.signal);
  } finally {
    forget();
    await inbox.close();
  }
  account.closed();
}

async function tellArrivals(inbox: Inbox, account: InboxAccount, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    const mail = await nextMail(inbox, end);
    if (mail) account.message(mail);
  }
}

async function nextMail(inbox: Inbox, signal: AbortSignal): Promise<InboxMessage | undefined> {
  try {
    return await inbox.waitForMail({}, { timeoutMs: LONGEST_WAIT_MS, signal });
  } catch (error) {
    const harmless = ['ABORTED', 'INBOX_TIMEOUT'];
    if (error instanceof PosthornError && harmless.includes(error.code)) return undefined;
    throw error;
  }
}
