// The verbs of `posthorn outbox`, their options and help.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { Configure } from '../verb.ts';
import type {
  EnqueueFlags,
  ListFlags,
  OutboxFlags,
  ShowFlags,
  StatsFlags,
  WorkFlags,
} from './flags.ts';

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

const help = `
The outbox is a file (sqlite:outbox.db, or just its path) or a server: postgres://user@host/database,
redis://host. Name it with --outbox, or set POSTHORN_OUTBOX, which may hold a password.

Examples:
  posthorn outbox enqueue --outbox outbox.db --from ann@example.com --to bob@example.org \\
                          --subject Hello --text 'Hello Bob'
  posthorn outbox work --outbox outbox.db --server smtp://localhost:1025
  posthorn outbox list --outbox outbox.db --state deferred,failed
  posthorn outbox stats --outbox outbox.db --watch

Exit codes: 0 done, 64 wrong usage, 65 wrong message or address, 66 a file can't be read,
69 no such message or it can't be done, 75 try again later. With 'work --until-idle' that of the
worst outcome: 69 something failed, 74 nobody knows, 75 something is tried again later,
77 the login failed.`;

/** Adds the verbs of `posthorn outbox` to its command. */
export const configureOutbox: Configure = (outbox, io, done) => {
  outbox
    .description('Keep messages safe until they are delivered, and deliver them.')
    .addHelpText('after', help);

  verb(outbox, 'enqueue', 'put a message made from options, or stored ones, into the outbox')
    .argument('[FILE...]', 'stored messages (.eml) or folders of them; - is standard input')
    .option('--from <ADDRESS>', 'the author; with FILE: the envelope sender')
    .option('--to <ADDRESSES>', 'recipients; may be repeated; with FILE: of the envelope', collect)
    .option('--cc <ADDRESSES>', 'recipients of a copy; may be repeated', collect)
    .option('--bcc <ADDRESSES>', 'recipients that nobody sees; may be repeated', collect)
    .option('--reply-to <ADDRESSES>', 'where answers should go; may be repeated', collect)
    .option('--subject <TEXT>', 'the subject')
    .option('--text <TEXT>', 'the body as plain text; - reads standard input')
    .option('--text-file <PATH>', 'the body as plain text, from a file (UTF-8)')
    .option('--html <HTML>', 'the body as HTML; - reads standard input')
    .option('--html-file <PATH>', 'the body as HTML, from a file (UTF-8)')
    .option('--attach <PATH>', 'attach a file; may be repeated', collect)
    .option('--inline <CID=PATH>', 'a file the HTML shows as cid:CID; may be repeated', collect)
    .option('--header <NAME: VALUE>', 'one more header; may be repeated', collect)
    .option('--priority <LEVEL>', 'high, normal or low, told in the message')
    .option('--key <KEY>', 'your own key: the same key is never enqueued twice')
    .option('--send-at <WHEN>', 'not before: 2026-12-24T18:00Z, or 15m, 2h, 3d from now')
    .option('--expires-at <WHEN>', 'not after')
    .option('--urgency <N>', 'from -9 to 9: what is higher is sent first')
    .option('--at-most-once', 'never send it again when nobody knows whether it arrived')
    .action(async (files: string[], flags: EnqueueFlags) => {
      const { runEnqueue } = await import('./enqueue.ts');
      done(await runEnqueue(files, flags, io));
    });

  verb(outbox, 'work', 'send what is due, until Ctrl-C')
    .option('--server <URL>', 'where to send (smtp:, smtps:, lmtp:); default: POSTHORN_SERVER')
    .option('--password-file <PATH>', "file whose first line is the server's password")
    .option('--token-file <PATH>', "file that 'posthorn login --store' has made")
    .option('--pickup <DIR>', 'write files into this directory instead of sending')
    .option('--sendmail [PATH]', "hand over to the system's mail program instead")
    .option('--concurrency <N>', 'how many messages at once; default: 5', Number)
    .option('--max-age <TIME>', 'give a message up after 90s, 15m, 2h, 3d; default: 5d')
    .option('--name <NAME>', 'what the worker is called in attempts')
    .option('--until-idle', 'end when nothing is due any more')
    .option('--at-most-once', 'never send again when nobody knows whether it arrived')
    .action(async (flags: WorkFlags) => {
      const { runWork } = await import('./work.ts');
      done(await runWork(flags, io));
    });

  verb(outbox, 'list', 'list messages, oldest first')
    .option('--state <STATE>', 'only these states; may be repeated, or a list with commas', collect)
    .option('--limit <N>', 'how many at most', Number)
    .option('--after <ID>', 'only those behind this one')
    .option('--key <KEY>', 'only the one with this key')
    .option('--message-id <ID>', 'only those with this Message-ID')
    .action(async (flags: ListFlags) => {
      const { runList } = await import('./list.ts');
      done(await runList(flags, io));
    });

  verb(outbox, 'show', 'show a message with its recipients and every attempt')
    .argument('<ID>', 'the message')
    .option('--content', 'print its octets as they are sent, and nothing else')
    .action(async (id: string, flags: ShowFlags) => {
      const { runShow } = await import('./show.ts');
      done(await runShow(id, flags, io));
    });

  changing(
    outbox,
    'retry',
    'try messages now for everybody who has not got them',
    done,
    (ids, flags) => import('./change.ts').then(({ runRetry }) => runRetry(ids, flags, io)),
  );
  changing(outbox, 'cancel', 'see to it that nobody else gets messages', done, (ids, flags) =>
    import('./change.ts').then(({ runCancel }) => runCancel(ids, flags, io)),
  );

  verb(outbox, 'resolve', 'settle recipients of whom nobody knows whether they have the message')
    .argument('<HOW>', "'retry' sends it again (they may get it twice), 'drop' leaves it")
    .argument('<ID...>', 'the messages')
    .action(async (how: string, ids: string[], flags: OutboxFlags) => {
      const { runResolve } = await import('./change.ts');
      done(await runResolve(ids, how, flags, io));
    });

  verb(outbox, 'stats', 'tell how many messages are in each state')
    .option('--watch', 'again every second, until Ctrl-C')
    .action(async (flags: StatsFlags) => {
      const { runStats } = await import('./stats.ts');
      done(await runStats(flags, io));
    });
};

function verb(outbox: Command, name: string, summary: string): Command {
  return outbox
    .command(name)
    .summary(summary)
    .description(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`)
    .option('--outbox <URL>', 'the outbox; default: POSTHORN_OUTBOX')
    .option('--json', 'print JSON, one object a line')
    .option('--verbose', 'tell more: of what is sent, or of a failure');
}

function changing(
  outbox: Command,
  name: string,
  summary: string,
  done: (code: ExitCode) => void,
  change: (ids: readonly string[], flags: OutboxFlags) => Promise<ExitCode>,
): void {
  verb(outbox, name, summary)
    .argument('<ID...>', 'the messages')
    .action(async (ids: string[], flags: OutboxFlags) => {
      done(await change(ids, flags));
    });
}
