// Another form of the whole text, for readers that know it: a watch's HTML, AMP, a meeting request.
import { asUtf8, type ContentType, readContentType } from './content-type.ts';
import { checkText, fieldError, kindOf } from './field-checks.ts';

/**
 * One more alternative beside text and HTML (RFC 2046 section 5.1.4). Written between them, in order;
 * `text/calendar` comes after the HTML, where Outlook wants it.
 */
export class AlternateView {
  /** The content: text, written as UTF-8, or bytes as they are. */
  readonly content: string | Uint8Array;
  /** The media type in lower case, without parameters. */
  readonly contentType: string;
  /** The media type's parameters, such as `method` of `text/calendar`; names in lower case. */
  readonly contentTypeParameters: ReadonlyMap<string, string>;

  /**
   * @param content The view's text or bytes.
   * @param contentType Its media type, such as `'text/watch-html'` or `'text/calendar; method=REQUEST'`.
   * @throws {@link InvalidMessageError} `MESSAGE_FIELD_INVALID`: not a media type, a multipart, a charset
   * other than UTF-8 for text.
   */
  constructor(content: string | Uint8Array, contentType: string);
  /** @internal A view that was read, whatever its type is. */
  constructor(content: string | Uint8Array, contentType: ContentType);
  constructor(content: string | Uint8Array, contentType: string | ContentType) {
    const property = "an alternate view's contentType";
    const read = typeof contentType === 'object';
    const type = read ? contentType : readContentType(contentType, property);
    const isText = !(content instanceof Uint8Array);
    this.content = isText ? checkText(content, "an alternate view's content") : content;
    this.contentType = type.type;
    this.contentTypeParameters = isText ? asUtf8(type, property).parameters : type.parameters;
  }
}

/** A view when it is one; arrays of views may have been filled by untyped code. */
export function checkView(view: unknown, index: number): AlternateView {
  if (view instanceof AlternateView) return view;
  throw fieldError(
    `alternateViews[${index}]`,
    `must be an AlternateView, got ${kindOf(view)}; write new AlternateView('…', 'text/watch-html')`,
  );
}
