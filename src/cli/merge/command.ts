// The options of `posthorn merge`, and its help.
import type { Configure } from '../verb.ts';
import type { MergeFlags } from './flags.ts';

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

const help = `
The template:
  TEMPLATE is a stored message, a folder (subject.txt, html.html, text.txt, headers.txt, and the
  folders partials, layouts, attachments, linked), or a file .html or .txt. Fields are {{ name }},
  or #Name# with --syntax hash.

The data:
  DATA is a table with a header line: CSV (its separator is found out), .tsv, or .jsonl; - is
  standard input. One message is made for each row.

The report:
  --report FILE keeps, row by row, what happened: JSON lines, or CSV when FILE ends in .csv. The
  same command with the same report sends only the rest. Rows that a server may have got although
  nobody knows are told, and sent again only with --resend-unknown.

Examples:
  posthorn merge letter/ people.csv --dry-run
  posthorn merge letter.eml people.csv --server smtp://localhost:1025 --report sent.jsonl
  posthorn merge hello.html people.csv --from ann@example.com --to '{{ email }}' \\
                 --subject 'Hello {{ name }}' --out letters

Exit codes: 0 every row is done, 64 wrong command line, 65 wrong rows, 69 refused, 74 nobody
knows of some, 75 try again, 77 login failed; the worst counts.`;

/** Declares the verb `merge` on its command. */
export const configureMerge: Configure = (command, io, done) => {
  command
    .description('Make a message for each row of a table, and send, queue or save them.')
    .argument('<TEMPLATE>', 'a stored message, a folder, or a file .html or .txt')
    .argument('<DATA>', 'a table: .csv, .tsv, .jsonl; - is standard input')
    .option('--server <URL>', 'send them there; default: POSTHORN_SERVER')
    .option('--out <DIR>', 'save them as files in a folder')
    .option('--outbox <URL>', 'put them into an outbox: sqlite:FILE, postgres://…, redis://…')
    .option('--password-file <PATH>', "file whose first line is the server's password")
    .option('--token-file <PATH>', "file that 'posthorn login --store' has made")
    .option('--from <TEMPLATE>', 'the author, in place of the template’s')
    .option('--to <TEMPLATE>', "the recipients, such as '{{ email }}'")
    .option('--subject <TEMPLATE>', 'the subject')
    .option('--syntax <NAME>', 'liquid or hash; default: liquid')
    .option('--missing <POLICY>', 'fields that a row lacks: error, blank or keep; default: error')
    .option('--locale <TAG>', 'language of dates and numbers, such as de or pt-BR')
    .option('--time-zone <ZONE>', 'zone of dates, such as Europe/Paris')
    .option('--map <COLUMN=FIELD>', 'the field that a column is; may be repeated', collect)
    .option('--skip-if <CONDITION>', 'rows to leave out, such as \'unsubscribed == "yes"\'')
    .option('--attachment-folder <DIR>', 'where attachment paths begin, and end')
    .option('--inline-css', 'move CSS into style attributes (needs the package juice)')
    .option('--text-from-html', 'make the text from the HTML when the template has none')
    .option('--separator <CHAR>', 'what stands between cells; default: found out')
    .option('--charset <NAME>', 'charset of DATA; default: UTF-8')
    .option('--report <FILE>', 'what happened to each row, and what a second run goes by')
    .option('--key <FIELD>', 'the field that tells rows apart in the report; default: all cells')
    .option('--resend-unknown', 'send again what a server may have got already')
    .option('--stop-on-error', 'end at the first row that fails')
    .option('--connections <N>', 'how many connections at once', Number)
    .option('--dry-run [N]', 'check every row, print the first N messages (3), and send nothing')
    .option('--json', 'print a line of JSON for each row, and one at the end')
    .option('--verbose', 'also print the dialogue with the server when it fails')
    .addHelpText('after', help)
    .action(async (template: string, data: string, flags: MergeFlags) => {
      const { runMerge } = await import('./merge.ts');
      done(await runMerge(template, data, flags, io));
    });
};
