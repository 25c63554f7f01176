// The options of `posthorn send`, and its help.
import type { Configure } from '../verb.ts';
import type { SendFlags } from './flags.ts';

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

const help = `
The server:
  --server (or POSTHORN_SERVER) is a URL: smtp://host:587, smtps://host:465,
  smtp://user@host:587?security=starttls. The password comes from POSTHORN_PASSWORD,
  from --password-file, or is asked for on the terminal; a token in its place comes from
  --token-file (see 'posthorn login --help') or, as it is, from POSTHORN_TOKEN.

Examples:
  posthorn send --server smtp://localhost:1025 --from ann@example.com --to bob@example.com \\
                --subject 'Lunch?' --text 'At noon, as always.'
  posthorn send --server smtp://localhost:1025 --from ann@example.com --to bob@example.com \\
                --cc 'Cleo <cleo@example.com>, dan@example.com' --subject 'The report' \\
                --html '<p>Here it is. <img src="cid:logo"></p>' --inline logo=logo.png \\
                --attach report.pdf
  date | posthorn send --server smtp://localhost:1025 --from ann@example.com \\
                --to bob@example.com --subject 'The time' --text -
  posthorn send stored.eml --server smtp://localhost:1025
  posthorn send stored.eml --dry-run
  posthorn send outbox/ --server smtp://localhost:1025 --connections 10

Several messages:
  Each is tried; what fails stops no other, and is listed at the end. The exit code is that of
  the worst outcome. Ctrl-C ends it after what is under way and tells what was not attempted.

Exit codes: 0 every recipient was accepted, 64 wrong usage, 65 wrong message or address,
66 a file can't be read, 69 the server can't be used or refuses, 74 nobody knows whether the
server took it, 75 try again later, 77 the login failed, 130 ended by Ctrl-C.`;

/** Adds the options of `posthorn send` to its command. */
export const configureSend: Configure = (command, io, done) => {
  command
    .description(
      'Send a message made from options, or the stored messages FILE… (- is standard input) as they are.',
    )
    .argument(
      '[FILE...]',
      'stored messages (.eml) or folders of them (also Maildir), sent byte for byte, but for Bcc',
    )
    .option('--server <URL>', 'where to send; default: POSTHORN_SERVER')
    .option('--password-file <PATH>', "file whose first line is the server's password")
    .option(
      '--token-file <PATH>',
      "file that 'posthorn login --store' has made, to log in with OAuth",
    )
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
    .option('--invite <FILE.ics>', 'a calendar file, sent so that it is shown with its buttons')
    .option('--priority <LEVEL>', 'high, normal or low')
    .option('--tnef', 'pack it for Outlook: plain text and a winmail.dat with all the rest')
    .option('--connections <N>', 'several messages: how many connections at once', Number)
    .option('--dry-run', 'print the message that would go, and send nothing')
    .option('--json', 'print JSON: the receipt or the error; of several, a line for each')
    .option('--verbose', 'also print the dialogue with the server when it fails')
    .addHelpText('after', help)
    .action(async (files: string[], flags: SendFlags) => {
      const { runSend } = await import('./send.ts');
      done(await runSend(files, flags, io));
    });
};
