// The body of an item that is made from a calendar: text, and for HTML the RTF that Outlook keeps of appointments.
import { compressRtf, type MapiMessage, PidTag, rtfFromHtml } from '../../mapi/index.ts';

/** Writes the text and, when there is one, the HTML. */
export function setBodies(item: MapiMessage, text: string, html: string | undefined): void {
  const { properties } = item;
  if (text !== '' || html !== undefined) {
    properties.set(PidTag.Body, text.replace(/\r\n?|\n/g, '\r\n'));
  }
  if (html === undefined) return;
  properties
    .set(PidTag.RtfCompressed, compressRtf(rtfFromHtml(html)))
    .set(PidTag.RtfInSync, true)
    .set(PidTag.InternetCodepage, 65_001);
}
