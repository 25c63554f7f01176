// The options of `posthorn convert`, and its help.
import { Option } from 'commander';
import type { Configure } from '../verb.ts';
import type { ConvertFlags } from './flags.ts';

const help = `
What a file is, is found out from what it holds, not from its name: EML, EMLX (Apple Mail), MSG and
OFT (Outlook), TNEF (winmail.dat), MHT, HTML with the pictures beneath its folder, ICS, VCF, JSON,
and mbox with many messages. In a folder everything that is mail is converted, however deep it
stands, and the rest is skipped. 'json' holds everything there is, for programs; 'text' is the text
under its main headers.

Each new file has the name of the old one with another extension. It stands beside it, or in the
folder --out, under the same folders. An mbox file becomes a folder with a file for each message;
--to mbox --out all.mbox puts everything into one file. Nothing that is there already is replaced,
unless --overwrite says so. With - as the only IN, the message is read from standard input and
written to standard output.

Examples:
  posthorn convert stored.eml --to msg
  posthorn convert winmail.dat --to eml --out opened
  posthorn convert Mail --to eml --out converted --report report.json
  posthorn convert archive --to mbox --out archive.mbox
  posthorn convert - --to html < stored.eml > stored.html

--report writes what became of each file as JSON: its format, the new files, and what the new
format could not hold.

Exit codes: 0 everything was converted, also when something has no place in the new format;
64 wrong usage, or a new file is there already; 65 a file is no mail, or holds nothing that the new
format is for; 66 a file can't be read; 74 a file can't be written; 130 ended by Ctrl-C. Of several
files, that of the worst.`;

const formats = [
  'eml',
  'msg',
  'oft',
  'emlx',
  'mht',
  'html',
  'tnef',
  'ics',
  'vcf',
  'mbox',
  'json',
  'text',
];

/** Adds the options of `posthorn convert` to its command. */
export const configureConvert: Configure = (command, io, done) => {
  command
    .description('Convert messages from any format to any other. IN is a file or a folder.')
    .argument('<IN...>', 'the files and folders; - is standard input')
    .addOption(new Option('--to <FORMAT>', 'the new format').choices(formats).makeOptionMandatory())
    .addOption(
      new Option('--from <FORMAT>', 'what the files are, when it can not be found out').choices(
        formats,
      ),
    )
    .option('--out <DIR>', 'where the new files go; of mbox also a file name that ends in .mbox')
    .option('--overwrite', 'replace files that are there already')
    .addOption(
      new Option(
        '--resources <PLACE>',
        'where the pictures of HTML go: into the file, or into a folder beside it',
      ).choices(['embed', 'folder']),
    )
    .addOption(
      new Option(
        '--tnef <WAY>',
        'mail with a winmail.dat: made normal, kept, or all mail packed so; default: open',
      ).choices(['open', 'keep', 'pack']),
    )
    .option('--header-table', 'begin HTML and MHT with a table of From, To, Date and Subject')
    .option('--report <FILE>', 'write what became of each file there, as JSON')
    .option('--json', 'print a line of JSON for each file, and one for all')
    .option('--verbose', 'print what each new file could not hold')
    .addHelpText('after', help)
    .action(async (given: string[], flags: ConvertFlags) => {
      const { runConvert } = await import('./convert.ts');
      done(await runConvert(given, flags, io));
    });
};
