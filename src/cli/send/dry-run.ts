// `posthorn send --dry-run`: the message that would go, on standard output; who it would go to, on standard error.
import { PosthornError, printable } from '../../base/index.ts';
import type { MailMessage } from '../../message/index.ts';
import type { Rendered } from '../../mime/index.ts';
import type { CliIo } from '../io.ts';
import { formatSize, jsonLine, printableText } from '../text.ts';
import type { SendFlags } from './flags.ts';

/** What would be sent. */
export interface Outgoing {
  readonly message: MailMessage;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
}

/** Prints it as a server without extensions would get it. */
export async function dryRun(outgoing: Outgoing, flags: SendFlags, io: CliIo): Promise<void> {
  const { envelope } = outgoing;
  const message = flags.tnef ? await packed(outgoing.message) : outgoing.message;
  const rendered = await render(message);
  const chunks: Uint8Array[] = [];
  for await (const chunk of rendered.chunks()) {
    if (flags.json || io.stdout.isTTY) chunks.push(chunk);
    else await io.stdout.write(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (flags.json) {
    const { messageId } = message;
    const report = { dryRun: true, messageId, envelope, size: bytes.length };
    await io.stdout.write(jsonLine({ ...report, message: bytes.toString('base64') }));
    return;
  }
  if (io.stdout.isTTY) await io.stdout.write(printableText(bytes.toString()));
  const size = rendered.size === undefined ? '' : `, ${formatSize(rendered.size)}`;
  const from = envelope.from === '' ? '<>' : envelope.from;
  await io.stderr.write(
    `Not sent. From ${printable(from)} to ${printable(envelope.to.join(', '), 2000)}${size}.\n`,
  );
}

async function packed(message: MailMessage): Promise<MailMessage> {
  const { packTnef } = await import('../../convert/index.ts');
  return await packTnef(message);
}

async function render(message: MailMessage): Promise<Rendered> {
  try {
    return await message.render();
  } catch (error) {
    if (!(error instanceof PosthornError) || error.code !== 'ADDRESS_NEEDS_SMTPUTF8') throw error;
    return message.render({ utf8: true });
  }
}
