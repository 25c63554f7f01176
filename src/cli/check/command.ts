// The options of `posthorn check`, and its help.
import type { Configure } from '../verb.ts';
import type { CheckFlags } from './flags.ts';

const help = `
HOST is a host, a domain, an address, the name of a provider (gmail, ses-eu-west-1, ...) or a
server's URL. Without --port the ports 465, 587, 25 and 2525 are tried. With a user (--username,
or in the URL) it logs in, once, where a send would; the password comes from POSTHORN_PASSWORD,
from --password-file, or is asked for on the terminal. No message is sent.

Examples:
  posthorn check smtp.example.com
  posthorn check localhost --port 1025
  posthorn check ann@example.com --username ann@example.com
  posthorn check smtp://ann@smtp.example.com:587 --json

Exit codes: 0 a send would work, also when there are warnings; 64 wrong usage, 66 a file can't be
read, 69 the server can't be used, 75 try again later, 77 the login failed.`;

/** Adds the options of `posthorn check` to its command. */
export const configureCheck: Configure = (command, io, done) => {
  command
    .description(
      'Look at a mail server: DNS, every port, TLS and certificate, what it offers, the login, and the ' +
        'settings a send would use.',
    )
    .argument('<HOST>', 'the server')
    .option('--port <NUMBER>', 'look at this port only')
    .option(
      '--security <MODE>',
      'auto-tls (default), auto, implicit, starttls, starttls-if-offered or none',
    )
    .option('--username <NAME>', 'log in as this user')
    .option('--password-file <PATH>', "file whose first line is the user's password")
    .option(
      '--token-file <PATH>',
      "file that 'posthorn login --store' has made, to log in with OAuth",
    )
    .option('--ca <PATH>', 'trust the certificates of this PEM file instead of the usual ones')
    .option('--proxy <URL>', 'go through this proxy: socks5://, socks4a://, http://, https://')
    .option('--client-name <NAME>', 'the name to give in EHLO')
    .option('--timeout <SECONDS>', 'give up after this time; default: 30')
    .option('--json', 'print one JSON object')
    .option('--verbose', 'also print the dialogue with every port that fails')
    .addHelpText('after', help)
    .action(async (host: string, flags: CheckFlags) => {
      const { runCheck } = await import('./check.ts');
      done(await runCheck(host, flags, io));
    });
};
