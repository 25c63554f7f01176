// From the options of `posthorn send` to a message.
import { OptionError } from '../../base/index.ts';
import { MailMessage } from '../../message/index.ts';
import { readTextInput } from '../input.ts';
import type { CliIo } from '../io.ts';
import type { SendFlags } from './flags.ts';

const priorities = ['high', 'normal', 'low'] as const;

/** A message made from the options; throws {@link OptionError} for one that can't be understood. */
export async function compose(flags: SendFlags, io: CliIo): Promise<MailMessage> {
  refuseTwice('text', flags.text, flags.textFile);
  refuseTwice('html', flags.html, flags.htmlFile);
  const fromStdin = [flags.text, flags.textFile, flags.html, flags.htmlFile, flags.invite];
  if (fromStdin.filter((value) => value === '-').length > 1) {
    throw new OptionError(
      'text',
      'standard input can be one of the text, the HTML and the invitation',
    );
  }
  const { cc, bcc, replyTo } = flags;
  const invited = await invitation(flags, io);
  return new MailMessage({
    ...{ cc, bcc, replyTo },
    from: flags.from ?? invited?.from,
    to: flags.to ?? invited?.to,
    subject: flags.subject ?? invited?.subject,
    text: (await bodyOf(flags.text, flags.textFile, io)) ?? invited?.text,
    html: (await bodyOf(flags.html, flags.htmlFile, io)) ?? invited?.html,
    alternateViews: invited?.alternateViews,
    priority: priorityOf(flags.priority),
    attachments: (flags.attach ?? []).map((path) => ({ path })),
    linkedResources: (flags.inline ?? []).map(linkedResource),
    headers: [...contentClass(invited), ...(flags.header ?? []).map(headerOf)],
  });
}

async function invitation(
  { invite, from, to }: SendFlags,
  io: CliIo,
): Promise<MailMessage | undefined> {
  if (invite === undefined) return undefined;
  const { inviteMessage } = await import('./invite.ts');
  return await inviteMessage(invite, { from, to }, io);
}

function contentClass(invited: MailMessage | undefined): [string, string][] {
  const value = invited?.headers.get('Content-Class');
  return value === undefined ? [] : [['Content-Class', value]];
}

function refuseTwice(option: string, value: string | undefined, path: string | undefined): void {
  if (value === undefined || path === undefined) return;
  throw new OptionError(option, `use --${option} or --${option}-file, not both`);
}

async function bodyOf(
  value: string | undefined,
  path: string | undefined,
  io: CliIo,
): Promise<string | undefined> {
  if (path !== undefined) return readTextInput(path, io);
  return value === '-' ? readTextInput('-', io) : value;
}

function priorityOf(value: string | undefined): (typeof priorities)[number] | undefined {
  const priority = priorities.find((one) => one === value);
  if (value === undefined || priority) return priority;
  throw new OptionError('priority', `--priority is high, normal or low, not '${value}'`);
}

function linkedResource(given: string): { readonly cid: string; readonly path: string } {
  const at = given.indexOf('=');
  if (at > 0 && at < given.length - 1)
    return { cid: given.slice(0, at), path: given.slice(at + 1) };
  throw new OptionError('inline', `--inline is CID=PATH, such as logo=logo.png, not '${given}'`);
}

function headerOf(given: string): readonly [string, string] {
  const at = given.indexOf(':');
  if (at > 0) return [given.slice(0, at).trimEnd(), given.slice(at + 1).trim()];
  throw new OptionError('header', `--header is 'Name: value', not '${given}'`);
}
