// The parts of an EMLX file, as Apple Mail writes it: the message's length in a line, the message, a property list.
import { FormatError } from '../../base/index.ts';
import { type ByteSource, latin1 } from '../../base/internal.ts';

/** Where the message and the property list stand in the file. */
export interface EmlxParts {
  /** Where the message begins. */
  readonly start: number;
  /** Where the message ends and the property list begins. */
  readonly end: number;
  /** Whether the length in the first line leads to the property list. */
  readonly isLengthRight: boolean;
}

// The property list holds flags and dates: a few hundred octets.
const LIST_BYTES = 1_048_576;
const LIST_START = /<\?xml|<!DOCTYPE plist|<plist/;

/** Finds the parts; a wrong length is put right by looking for the property list. @throws {@link FormatError} No EMLX. */
export function emlxParts(source: ByteSource): EmlxParts {
  const first = /^(\d{1,12})[ \t]*\r?\n/.exec(latin1(source.read(0, Math.min(40, source.size))));
  if (first === null) {
    throw new FormatError(
      'This is not a message of Apple Mail (EMLX): its first line is not the length of the message',
      'emlx',
      0,
    );
  }
  const start = first[0].length;
  const said = start + Number(first[1]);
  if (isListAt(source, said)) return { start, end: said, isLengthRight: true };
  return { start, end: listStart(source, start), isLengthRight: false };
}

function isListAt(source: ByteSource, at: number): boolean {
  if (at > source.size) return false;
  const head = latin1(source.read(at, Math.min(source.size, at + 100)));
  return at === source.size || /^\s*<(?:\?xml|!DOCTYPE plist|plist)/.test(head);
}

/** Where the last property list begins; the end of the file when there is none. */
function listStart(source: ByteSource, start: number): number {
  const from = Math.max(start, source.size - LIST_BYTES);
  const tail = latin1(source.read(from, source.size));
  const list = tail.lastIndexOf('<plist');
  if (list < 0) return source.size;
  // The declarations before it are its own: at most two, close together.
  const before = Math.max(0, list - 300);
  return from + before + tail.slice(before).search(LIST_START);
}
