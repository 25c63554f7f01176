// What an item says, by property: of an occurrence that differs what is its own, then what the series says.
import {
  decompressRtf,
  fileTimeToDate,
  htmlFromRtf,
  type MapiMessage,
  type MapiRecipient,
  PidTag,
  type PropertyTag,
  rtfKind,
  textFromRtf,
  type ValueOf,
} from '../../mapi/index.ts';

/** Reads an item and, behind it, the one that it is an occurrence of. */
export class ItemView {
  /** The item itself. */
  readonly item: MapiMessage;
  readonly #layers: readonly MapiMessage[];
  #bodies: Bodies | undefined;

  constructor(...layers: readonly [MapiMessage, ...MapiMessage[]]) {
    this.#layers = layers;
    this.item = layers[0];
  }

  /** The value of a property. */
  get<T extends number>(tag: PropertyTag<T>): ValueOf<T> | undefined {
    for (const { properties } of this.#layers) {
      const value = properties.get(tag);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A time; `undefined` when there is none, or one that no calendar writes. */
  date(tag: PropertyTag<0x0040>): Date | undefined {
    return realDate(this.get(tag));
  }

  /** Who takes part. */
  get recipients(): readonly MapiRecipient[] {
    return this.#layers.find(({ recipients }) => recipients.length > 0)?.recipients ?? [];
  }

  /** The text and the HTML of the body; the layer that has one of them has both. */
  get bodies(): Bodies {
    this.#bodies ??= this.#layers.map(bodiesOf).find(isSaid) ?? {};
    return this.#bodies;
  }
}

/** What the body of an item is. */
export interface Bodies {
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

const isSaid = ({ text, html }: Bodies): boolean => text !== undefined || html !== undefined;

function bodiesOf({ text, html, properties }: MapiMessage): Bodies {
  const packed = properties.get(PidTag.RtfCompressed);
  if ((text !== undefined && html !== undefined) || !packed || packed.length === 0) {
    return { text, html };
  }
  try {
    const rtf = decompressRtf(packed);
    return {
      text: text ?? textFromRtf(rtf),
      html: html ?? (rtfKind(rtf) === 'html' ? htmlFromRtf(rtf) : undefined),
    };
  } catch {
    // RTF that can't be read is none.
    return { text, html };
  }
}

/** A FILETIME as a date, unless it is one of those that stand for none or never. */
export function realDate(time: bigint | undefined): Date | undefined {
  const date = time === undefined ? undefined : fileTimeToDate(time);
  const year = date?.getUTCFullYear() ?? 0;
  return year > 1601 && year < 4500 ? date : undefined;
}
