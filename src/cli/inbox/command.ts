// The options of `posthorn inbox`, and its help.
import { InvalidArgumentError } from 'commander';
import type { Configure } from '../verb.ts';
import type { InboxFlags } from './flags.ts';

const help = `
Everything sent to the SMTP port is kept in memory and shown on a web page; nothing goes anywhere
else. When a port is taken, the next free one is used. Any user name and password are accepted.

Examples:
  posthorn inbox
  posthorn inbox --smtp-port 2525 --http-port 8080
  posthorn inbox --json

With --json each line is one object: { "event": "listening" | "message" | "closed", ... }.
Ctrl-C ends it, with exit code 0.`;

/** Adds the options of `posthorn inbox` to its command. */
export const configureInbox: Configure = (command, io, done) => {
  command
    .description('Catch mail on this machine and look at it in a browser.')
    .option('--smtp-port <PORT>', 'where to send; 0 is any free port', portOf, 1025)
    .option('--http-port <PORT>', 'where to look; 0 is any free port', portOf, 8025)
    .option('--host <ADDRESS>', 'the address to listen on', '127.0.0.1')
    .option('--json', 'print one JSON object a line for what happens')
    .option('--verbose', 'also say where a fault of the command itself was')
    .addHelpText('after', help)
    .action(async (flags: InboxFlags) => {
      const { runInbox } = await import('./inbox.ts');
      await runInbox(flags, io);
      done(0);
    });
};

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
