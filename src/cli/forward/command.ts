// The options of `posthorn forward`, and its help.
import type { Configure } from '../verb.ts';
import type { ForwardFlags } from './flags.ts';

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

const help = `
The server and its password are found as 'posthorn send --help' says.

Examples:
  posthorn forward stored.eml --server smtp://localhost:1025 --from me@example.com \\
                   --to bob@example.com
  posthorn forward - --server smtp://localhost:1025 --from me@example.com \\
                   --to bob@example.com --resent < stored.eml

Exit codes: as of 'posthorn send'.`;

/** Adds the options of `posthorn forward` to its command. */
export const configureForward: Configure = (command, io, done) => {
  command
    .description(
      'Send the stored message FILE (- is standard input) on to others, byte for byte, but for Bcc. However large it is, it takes no more memory.',
    )
    .argument('<FILE>', 'a stored message (.eml)')
    .option('--server <URL>', 'where to send; default: POSTHORN_SERVER')
    .option('--password-file <PATH>', "file whose first line is the server's password")
    .option(
      '--token-file <PATH>',
      "file that 'posthorn login --store' has made, to log in with OAuth",
    )
    .requiredOption('--from <ADDRESS>', "who sends it on; '' when failures need not be reported")
    .requiredOption('--to <ADDRESSES>', 'who gets it; may be repeated', collect)
    .option('--resent', 'say so in the header: who sent it on, to whom and when')
    .option('--json', 'print JSON: the receipt or the error')
    .option('--verbose', 'also print the dialogue with the server when it fails')
    .addHelpText('after', help)
    .action(async (file: string, flags: ForwardFlags) => {
      const { runForward } = await import('./forward.ts');
      done(await runForward(file, flags, io));
    });
};
