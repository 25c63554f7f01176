// The verbs, and the command line parser around them. A verb's options load when it is named.
import { Command, CommanderError } from 'commander';
import { OptionError } from '../base/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { hasColours, paintFor } from './paint.ts';
import type { Configure } from './verb.ts';

interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Configure>;
}

const verbs: readonly Verb[] = [
  {
    name: 'send',
    summary: 'send a message made from options, or a stored one as it is',
    load: async () => (await import('./send/command.ts')).configureSend,
  },
  {
    name: 'forward',
    summary: 'send a stored message on to others, whatever its size',
    load: async () => (await import('./forward/command.ts')).configureForward,
  },
  {
    name: 'merge',
    summary: 'make a message for each row of a table, and send, queue or save them',
    load: async () => (await import('./merge/command.ts')).configureMerge,
  },
  {
    name: 'outbox',
    summary: 'keep messages safe until they are delivered: enqueue, work, list, show, retry, …',
    load: async () => (await import('./outbox/command.ts')).configureOutbox,
  },
  {
    name: 'check',
    summary: 'look at a mail server: ports, TLS, certificate, offers, login',
    load: async () => (await import('./check/command.ts')).configureCheck,
  },
  {
    name: 'login',
    summary: 'log in at Google, Microsoft or another provider, for sending with OAuth',
    load: async () => (await import('./login/command.ts')).configureLogin,
  },
  {
    name: 'show',
    summary: "show a stored message: headers, parts, text, and what's wrong with it",
    load: async () => (await import('./show/command.ts')).configureShow,
  },
  {
    name: 'convert',
    summary: 'convert messages between EML, MSG, EMLX, MHT, HTML, TNEF, mbox and more',
    load: async () => (await import('./convert/command.ts')).configureConvert,
  },
  {
    name: 'inbox',
    summary: 'catch mail on this machine and look at it in a browser',
    load: async () => (await import('./inbox/command.ts')).configureInbox,
  },
];

const examples = `
Examples:
  posthorn inbox
  posthorn send --server smtp://localhost:1025 --from ann@example.com --to bob@example.com \\
                --subject Hello --text 'Hello Bob'
  posthorn show stored.eml
  posthorn convert stored.msg --to eml
  posthorn check smtp.example.com

'posthorn VERB --help' tells all about a verb.`;

/** Parses the arguments and runs the verb. Throws what the verb throws; a wrong command line is an {@link OptionError}. */
export async function runProgram(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = quiet(new Command('posthorn'), io);
  program
    .description('Compose, send and read mail.')
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      void io.stdout.write(`${io.version()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .addHelpText('after', examples);
  for (const verb of verbs) {
    const command = quiet(program.command(verb.name), io).summary(verb.summary);
    if (!argv.includes(verb.name)) continue;
    const configure = await verb.load();
    configure(command, io, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    if (error.code === 'commander.help') return exitCodes.usage;
    throw new OptionError('argv', complaint(error, argv));
  }
  return exitCode;
}

/** Makes a command write through `io` and throw instead of ending the process. */
function quiet(command: Command, io: CliIo): Command {
  const paint = paintFor(io.stdout, io.env);
  return command
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ styleTitle: paint.bold })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 80, 100),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 80, 100),
      getOutHasColors: () => hasColours(io.stdout, io.env),
      getErrHasColors: () => hasColours(io.stderr, io.env),
      // The caller tells errors, in one place and one form.
      outputError: () => {},
    });
}

function complaint(error: CommanderError, argv: readonly string[]): string {
  const verb = verbs.find(({ name }) => argv.includes(name));
  const help = verb ? `posthorn ${verb.name} --help` : 'posthorn --help';
  return `${error.message.replace(/^error: /, '')}\nRun '${help}' to see what is possible.`;
}
