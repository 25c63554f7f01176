// Independent readers of what we composed, each brought to one shape.
import { Buffer } from 'node:buffer';
import { execFileSync, spawnSync } from 'node:child_process';
import { domainToASCII, fileURLToPath } from 'node:url';
import { type AddressObject, simpleParser } from 'mailparser';
import PostalMime, { type Address } from 'postal-mime';
import type { Reading } from './family.ts';

/** A reader of many messages at once. */
export type Reader = (messages: readonly Uint8Array[]) => Promise<Reading[]>;

type Pair = [string, string];

const toAscii = (address: string): string =>
  address.replace(/@(.*)$/, (_, domain: string) => `@${domainToASCII(domain)}`);

/** mailparser, with its conversions between text and HTML off, and of domains to Unicode undone. */
export const readWithMailparser: Reader = (messages) =>
  Promise.all(
    messages.map(async (message) => {
      const mail = await simpleParser(Buffer.from(message), {
        skipHtmlToText: true,
        skipTextToHtml: true,
        skipImageLinks: true,
      });
      const pairs = (field: AddressObject | AddressObject[] | undefined): Pair[] =>
        [field ?? []]
          .flat()
          .flatMap(({ value }) =>
            value.map(({ name, address = '' }): Pair => [name, toAscii(address)]),
          );
      return {
        subject: mail.subject ?? '',
        from: pairs(mail.from),
        to: pairs(mail.to),
        text: mail.text,
        html: mail.html === false ? undefined : mail.html,
        attachments: mail.attachments.map(({ filename, content }) => ({
          filename: filename ?? '',
          content: content.toString('base64'),
        })),
      };
    }),
  );

/** postal-mime. */
export const readWithPostalMime: Reader = (messages) =>
  Promise.all(
    messages.map(async (message) => {
      const mail = await PostalMime.parse(message, { attachmentEncoding: 'base64' });
      const pairs = (list: readonly Address[]): Pair[] =>
        list.map(({ name, address }): Pair => [name, address ?? '']);
      return {
        subject: mail.subject ?? '',
        from: pairs(mail.from ? [mail.from] : []),
        to: pairs(mail.to ?? []),
        text: mail.text,
        html: mail.html,
        attachments: mail.attachments.map(({ filename, content }) => ({
          filename: filename ?? '',
          content: String(content),
        })),
      };
    }),
  );

/** A reader that is a program: one base64 line in, one JSON line out for each message. */
export function readWithProgram(command: string, script: string): Reader {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return async (messages) => {
    const input = messages
      .map((message) => `${Buffer.from(message).toString('base64')}\n`)
      .join('');
    const output = execFileSync(command, [path], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    return output
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { text, html, ...rest } = JSON.parse(line);
        return { ...rest, text: text ?? undefined, html: html ?? undefined };
      });
  };
}

/** Whether a program can be started here. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
