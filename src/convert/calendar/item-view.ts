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
  bodies(): { text: string | undefined; html: string | undefined } {
    for (const layer of this.#layers) {
      const rtf = rtfOf(layer);
      const html = layer.html ?? (rtf && rtfKind(rtf) === 'html' ? htmlFromRtf(rtf) : undefined);
      const text = layer.text ?? (rtf && textFromRtf(rtf));
      if (html !== undefined || text !== undefined) return { text, html };
    }
    return { text: undefined, html: undefined };
  }
}

/** A FILETIME as a date, unless it is one of those that stand for none or never. */
export function realDate(time: bigint | undefined): Date | undefined {
  const date = time === undefined ? undefined : fileTimeToDate(time);
  const year = date?.getUTCFullYear() ?? 0;
  return year > 1601 && year < 4500 ? date : undefined;
}

/** The RTF body; one that can't be read is none. */
function rtfOf({ properties }: MapiMessage): Uint8Array | undefined {
  const packed = properties.get(PidTag.RtfCompressed);
  if (!packed || packed.length === 0) return undefined;
  try {
    return decompressRtf(packed);
  } catch {
    return undefined;
  }
}
