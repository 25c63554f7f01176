// Outlook's files: MSG, OFT and TNEF hold items; a message is made from one and made one.
import type { ByteSource } from '../base/internal.ts';
import {
  type MapiMessage,
  type MapiProblem,
  readMsg,
  readTnef,
  streamMsg,
  streamTnef,
} from '../mapi/index.ts';
import type { MailMessage } from '../message/index.ts';
import type { FormatDriver, MapiDriver, ReadContext, WriteContext } from './format-driver.ts';
import type { Note } from './loss.ts';
import { mailFromMapi } from './mail/mail-from-mapi.ts';
import { mapiFromMail } from './mail/mapi-from-mail.ts';

/** A format of items as one of messages. */
function itemFormat(mapi: MapiDriver, draft: boolean | undefined): FormatDriver {
  return {
    mapi,
    async read(source: ByteSource, { note, reading }: ReadContext): Promise<MailMessage> {
      return await mailFromMapi(mapi.read(source, note), { note, reading });
    },
    async *write(message: MailMessage, context: WriteContext): AsyncGenerator<Uint8Array> {
      const item = await mapiFromMail(message, { note: context.note, draft });
      yield* mapi.write(item, context);
    },
  };
}

/** Tells what reading found wrong. */
function noted(item: MapiMessage, note: Note): MapiMessage {
  for (const problem of item.problems) note('file-damaged', textOf(problem));
  return item;
}

const textOf = ({ message, path }: MapiProblem): string =>
  path === '' ? message : `${message} (${path})`;

const compound = (template: boolean): MapiDriver => ({
  read: (source, note) => noted(readMsg(source), note),
  write: (item, { note }) =>
    streamMsg(item, {
      template,
      onProblem: (problem) => note('properties-lost', textOf(problem)),
    }),
});

/** Outlook items, as Outlook saves them. */
export const msg: FormatDriver = itemFormat(compound(false), undefined);

/** Templates: items that Outlook opens to be written on. */
export const oft: FormatDriver = itemFormat(compound(true), true);

/** Items as they travel in mail: winmail.dat. */
export const tnef: FormatDriver = itemFormat(
  {
    read: (source, note) => noted(readTnef(source), note),
    write: (item) => streamTnef(item),
  },
  false,
);
