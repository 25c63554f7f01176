// The texts of a message as bodies of an item (MS-OXBBODY section 2.2, MS-OXCMAIL section 2.2.3.5).
import { utf8Bytes } from '../../base/internal.ts';
import {
  compressRtf,
  type MapiMessage,
  PidTag,
  type PropertyTag,
  PropertyType,
  propertySets,
  rtfFromHtml,
  rtfFromText,
} from '../../mapi/index.ts';
import { type MailMessage, textFromHtml } from '../../message/index.ts';

/** Says that the plain text was only made of the HTML: the message had none. */
export const TEXT_IS_MADE: PropertyTag<0x000b> = {
  set: propertySets.publicStrings,
  name: 'posthorn:text-from-html',
  type: PropertyType.Boolean,
};

const UTF_8_PAGE = 65001;
// PidTagNativeBody (MS-OXBBODY section 2.1.6).
const NATIVE_TEXT = 1;
const NATIVE_HTML = 3;
// PidTagMessageEditorFormat: the same, by another list of numbers.
const EDITOR_TEXT = 1;
const EDITOR_HTML = 2;

/**
 * Writes the plain text, which every program reads, and the HTML; of a draft within RTF too, for Outlook would show the
 * plain text alone otherwise.
 */
export function writeTexts(
  { properties }: MapiMessage,
  { text, html }: Pick<MailMessage, 'text' | 'html'>,
  draft: boolean,
): void {
  const plain = text ?? (html === undefined ? undefined : textFromHtml(html));
  if (plain !== undefined) properties.set(PidTag.Body, crlf(plain));
  properties.set(PidTag.RtfInSync, draft).set(PidTag.InternetCodepage, UTF_8_PAGE);
  if (html === undefined) {
    properties.set(PidTag.NativeBody, NATIVE_TEXT).set(PidTag.MessageEditorFormat, EDITOR_TEXT);
    if (draft) properties.set(PidTag.RtfCompressed, compressRtf(rtfFromText(crlf(plain ?? ''))));
    return;
  }
  if (text === undefined) properties.set(TEXT_IS_MADE, true);
  properties.set(PidTag.NativeBody, NATIVE_HTML).set(PidTag.MessageEditorFormat, EDITOR_HTML);
  const page = crlf(html);
  properties.set(PidTag.Html, utf8Bytes(page));
  if (draft) properties.set(PidTag.RtfCompressed, compressRtf(rtfFromHtml(page)));
}

/** Lines as Outlook ends them. */
function crlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}
