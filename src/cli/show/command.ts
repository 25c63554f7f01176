// The options of `posthorn show`, and its help.
import { Option } from 'commander';
import type { Configure } from '../verb.ts';
import type { ShowFlags } from './show.ts';

const help = `
Without options it shows the main headers, what a bounce or another report says, the parts as a
tree, the text, and everything that is wrong with the message. On a terminal, control characters
are made visible; in a pipe, --html, --text, --raw and --part give the octets as they are.

Parts have the numbers of IMAP: 2 is the second part, 1.2 the second one in the first. 1.2.MIME is
the header of a part, HEADER and TEXT are the message's, 3.HEADER and 3.TEXT those of a message
that is part 3.

Examples:
  posthorn show stored.eml
  posthorn show stored.eml --headers
  posthorn show stored.eml --part 2 --out zoe.vcf
  posthorn show stored.eml --part 1.MIME
  posthorn show - --json < stored.eml

Of Outlook items (MSG, OFT), winmail.dat, web archives and the like, the mail that they stand for is
shown; --raw shows the file.

Exit codes: 0 shown, also when the message has problems; 64 wrong usage or no such part;
65 not a message; 66 the file can't be read; 74 the output can't be written.`;

const views = ['headers', 'text', 'html', 'raw', 'part', 'json'];

/** Adds the options of `posthorn show` to its command. */
export const configureShow: Configure = (command, io, done) => {
  const only = (flags: string, about: string): Option => {
    const option = new Option(flags, about);
    return option.conflicts(views.filter((name) => name !== option.attributeName()));
  };
  command
    .description('Show a stored message, in any format that convert knows. - is standard input.')
    .argument('<FILE>', 'the message')
    .addOption(only('--headers', 'only the headers, decoded, in their order'))
    .addOption(only('--text', 'only the plain text'))
    .addOption(only('--html', 'only the HTML'))
    .addOption(only('--raw', 'only the source, as it is'))
    .addOption(
      only('--part <NUMBER>', 'only the content of one part, decoded, such as 2, 1.2 or 1.2.MIME'),
    )
    .option('--out <PATH>', 'write there instead of standard output')
    .addOption(only('--json', 'everything as one JSON object'))
    .option('--verbose', 'also say where a fault of the command itself was')
    .addHelpText('after', help)
    .action(async (file: string, flags: ShowFlags) => {
      const { runShow } = await import('./show.ts');
      await runShow(file, flags, io);
      done(0);
    });
};
