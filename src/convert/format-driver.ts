// What a format has to do to be read and written: the shape of a row's code, and what is told on the way.
import type { ByteSource } from '../base/internal.ts';
import type { MapiMessage } from '../mapi/index.ts';
import type { MailMessage, SaveOptions } from '../message/index.ts';
import type { ParseOptions } from '../mime/index.ts';
import type { Note } from './loss.ts';

/** What reading knows beside the bytes. */
export interface ReadContext {
  /** How mail in it is read. */
  readonly reading: ParseOptions;
  /** The file that is read; `undefined` for bytes. Only for what stands beside it. */
  readonly path: string | undefined;
  /** Tells what could not be taken over. */
  readonly note: Note;
  /** A mail that may carry winmail.dat, opened when that is wanted. */
  readonly open: (message: MailMessage) => Promise<MailMessage>;
}

/** What writing knows beside the message. */
export interface WriteContext {
  /** The options of `save`. */
  readonly saving: Omit<SaveOptions, 'format'>;
  /** The file that is written; `undefined` for bytes. Only for what is to stand beside it. */
  readonly path: string | undefined;
  /** Tells what the format could not hold. */
  readonly note: Note;
}

/** A format that mail is read from and written to. */
export interface FormatDriver {
  /**
   * A message from a file; of a large one only what is needed is read, then and later.
   * @throws {@link FormatError} It is not of this format.
   */
  read(source: ByteSource, context: ReadContext): Promise<MailMessage>;
  /** The file, piece by piece. @throws {@link InvalidMessageError} The message holds nothing that it is for. */
  write(message: MailMessage, context: WriteContext): AsyncIterable<Uint8Array>;
  /** The same with Outlook's own properties: between two such formats, nothing is made mail and lost on the way. */
  readonly mapi?: MapiDriver;
}

/** A format that holds MAPI properties. */
export interface MapiDriver {
  /** The properties of a file. @throws {@link FormatError} It is not of this format. */
  read(source: ByteSource, note: Note): MapiMessage;
  /** The file, piece by piece. */
  write(message: MapiMessage, context: WriteContext): AsyncIterable<Uint8Array>;
}
