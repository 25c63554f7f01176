// The texts of an item: those that are there, and those that its RTF holds (MS-OXBBODY section 2.1.3).
import { PosthornError } from '../../base/index.ts';
import {
  decompressRtf,
  htmlFromRtf,
  type MapiMessage,
  PidTag,
  rtfKind,
  textFromRtf,
} from '../../mapi/index.ts';
import type { Note } from '../loss.ts';
import { TEXT_IS_MADE } from './item-texts.ts';

/** The forms of an item's text. */
export interface ItemBodies {
  readonly text: string | undefined;
  readonly html: string | undefined;
  /** The RTF when the body was written as such: its HTML is only a likeness of it. */
  readonly rtf: Uint8Array | undefined;
}

/** The texts of an item; `undefined` where it has none. RTF that can't be read is told. */
export function itemBodies(item: MapiMessage, note: Note): ItemBodies {
  const isMade = item.properties.get(TEXT_IS_MADE) === true;
  const own = isMade ? undefined : withoutNul(item.text);
  const page = withoutNul(item.html);
  const html = isMade ? page : page || undefined;
  if (html !== undefined) return { text: own || undefined, html, rtf: undefined };
  const rtf = rtfOf(item, note);
  if (!rtf) return { text: own, html, rtf };
  try {
    return fromRtf(rtf, own || undefined);
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error;
    note('file-damaged', `the RTF body can't be read: ${error.message}`);
    return { text: own, html, rtf: undefined };
  }
}

function fromRtf(rtf: Uint8Array, text: string | undefined): ItemBodies {
  switch (rtfKind(rtf)) {
    case 'html':
      return { text, html: htmlFromRtf(rtf) || undefined, rtf: undefined };
    case 'text':
      return { text: text ?? (textFromRtf(rtf) || undefined), html: undefined, rtf: undefined };
    default: {
      const shown = text ?? (textFromRtf(rtf) || undefined);
      return { text: shown, html: htmlFromRtf(rtf), rtf };
    }
  }
}

function rtfOf({ properties }: MapiMessage, note: Note): Uint8Array | undefined {
  const compressed = properties.get(PidTag.RtfCompressed);
  if (!compressed || compressed.length === 0) return undefined;
  try {
    return decompressRtf(compressed);
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error;
    note('file-damaged', `the RTF body can't be read: ${error.message}`);
    return undefined;
  }
}

/** Some programs store the NUL that ended the text in memory. */
function withoutNul(text: string | undefined): string | undefined {
  return text?.replace(/\0+$/, '');
}
