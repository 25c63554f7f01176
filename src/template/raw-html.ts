// HTML that is written into HTML as it is.
import { Drop } from 'liquidjs';

/** HTML that a filter or routine of your own has made; it is not escaped in an HTML part. */
export class RawHtml extends Drop {
  /** The HTML. */
  readonly html: string;

  /** @param html Markup that is safe: what comes from a row has to be escaped before. */
  constructor(html: string) {
    super();
    this.html = html;
  }

  /** The HTML, where the template compares it or gives it to a filter. */
  override valueOf(): string {
    return this.html;
  }

  /** The HTML. */
  override toString(): string {
    return this.html;
  }
}
