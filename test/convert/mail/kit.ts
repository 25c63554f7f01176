// What the tests of conversion between messages and items share: the way there and back, through the file.
import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { type MapiMessage, readMsg, writeMsg } from 'posthorn/outlook';

/** The message as an MSG file, read as the item in it. */
export async function itemOf(message: MailMessage): Promise<MapiMessage> {
  return readMsg(await message.toBytes('msg'));
}

/** An item's file, read as a message. */
export async function mailOf(item: MapiMessage): Promise<MailMessage> {
  return await MailMessage.load(writeMsg(item));
}

/** A message there and back, through a file. */
export async function through(
  message: MailMessage,
  format: 'msg' | 'oft' | 'tnef',
): Promise<MailMessage> {
  return await MailMessage.load(await message.toBytes(format));
}

/** A message from lines, ended with CRLF. */
export function eml(...lines: string[]): MailMessage {
  return MailMessage.parse(`${lines.join('\r\n')}\r\n`);
}

/** The message as text, one character for each octet. */
export async function sourceOf(message: MailMessage): Promise<string> {
  return Buffer.from(await message.toBytes()).toString('latin1');
}
