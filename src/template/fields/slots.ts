// Values in an address field: kept beside the text, with a place-holder in it, so that no comma, bracket or quote of a
// value is ever read as one of the template.
import { RawHtml } from '../raw-html.ts';

// Marks of the private use area (U+100000 and next); they are taken out of what a template says.
const OPEN = '\u{100000}';
const CLOSE = '\u{100001}';
const SLOT = /\u{100000}(\d+)\u{100001}/gu;
const MARKS = /[\u{100000}\u{100001}]/gu;
const LONE = /^\u{100000}(\d+)\u{100001}$/u;

/** Keeps a value, and gives its place-holder; `text` writes it, when it is no address of its own. */
export function slotFor(value: unknown, slots: unknown[], text: () => string): string {
  slots.push(
    isAddressValue(value)
      ? value
      : fillSlots(value instanceof RawHtml ? value.html : text(), slots),
  );
  return `${OPEN}${slots.length - 1}${CLOSE}`;
}

/** Text of the template itself, without marks of ours. */
export function withoutMarks(text: string): string {
  return text.replace(MARKS, '');
}

/** The text with its values in place of the place-holders. */
export function fillSlots(text: string, slots: readonly unknown[]): string {
  return text.includes(OPEN)
    ? text.replace(SLOT, (_, index: string) => {
        const value = slots[Number(index)];
        return typeof value === 'string' ? value : addressText(value);
      })
    : text;
}

/** The value, when the text is nothing but its place-holder. */
export function loneSlot(
  text: string,
  slots: readonly unknown[],
): { readonly value: unknown } | undefined {
  const index = LONE.exec(text)?.[1];
  return index === undefined ? undefined : { value: slots[Number(index)] };
}

// An array of addresses, or { name, address }.
function isAddressValue(value: unknown): boolean {
  return (
    Array.isArray(value) || (typeof value === 'object' && value !== null && 'address' in value)
  );
}

function addressText(value: unknown): string {
  if (Array.isArray(value)) return value.map(addressText).join('');
  return typeof value === 'object' && value !== null && 'address' in value
    ? String(value.address)
    : String(value);
}
