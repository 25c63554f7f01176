// The codes in what a mail server said: SMTP reply codes (RFC 5321 section 4.2) and status codes (RFC 3463).

/** What a text says in figures. */
export interface DiagnosticCodes {
  /** The SMTP reply code, such as 550. */
  readonly replyCode: number | undefined;
  /** The status code, such as `'5.1.1'`. */
  readonly status: string | undefined;
}

// A reply and its status code beside each other: nothing else looks like that.
const REPLY_WITH_STATUS =
  /(?<![\d.])([245]\d\d)[ \-:,]{0,3}\(?#?([245]\.\d{1,3}\.\d{1,3})(?![\d.]\d)/;
// Not part of an IP address, a version or a longer number.
const STATUS = /(?<![\d.\-/v[])([245]\.\d{1,2}\.\d{1,3})(?![\d/-]|\.\d)/;
const REPLY =
  /(?<![\w.\-[+/:])([45]\d\d)(?=[ \-:,;<)\]]|$)(?![ -]?(?:seconds|minutes|hours|days|bytes|[KMG]B|km)\b)/im;
const SUCCESS = /^(250)[ -]/;

/** The codes in a text; of several, those that stand together, else the first. */
export function codesIn(text: string): DiagnosticCodes {
  const both = REPLY_WITH_STATUS.exec(text);
  if (both) return { replyCode: Number(both[1]), status: both[2] };
  const status = STATUS.exec(text)?.[1];
  const reply = (REPLY.exec(text) ?? SUCCESS.exec(text))?.[1];
  return { replyCode: reply === undefined ? undefined : Number(reply), status };
}

// RFC 3463 section 2.
const STATUS_CODE = /(?:^|[^\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;

/** The status code in a Status field, whatever stands around it. */
export function statusIn(field: string | undefined): string | undefined {
  const match = field === undefined ? null : STATUS_CODE.exec(field.slice(0, 200));
  return match ? `${match[1]}.${Number(match[2])}.${Number(match[3])}` : undefined;
}
