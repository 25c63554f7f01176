// The codes in what a mail server said: SMTP reply codes (RFC 5321 section 4.2) and status codes (RFC 3463).

/** What a text says in figures. */
export interface DiagnosticCodes {
  /** The SMTP reply code, such as 550. */
  readonly replyCode: number | undefined;
  /** The status code, such as `'5.1.1'`. */
  readonly status: string | undefined;
  /** Whether both stand beside each other, as the server that refused sends them. */
  readonly together: boolean;
}

// A reply and its status code beside each other: nothing else looks like that.
const REPLY_WITH_STATUS =
  /(?<![\d.])([245]\d\d)[ \-:,']{0,3}\(?#?([245]\.[0-7]\.\d{1,3})(?!\d|\.\d)/g;
// Not part of an IP address, a version or a longer number.
const STATUS = /(?<![\d.\-/v[])([245]\.[0-7]\.\d{1,3})(?![\d/-]|\.\d)/;
const REPLY =
  /(?<![\w.\-[+/]|[\w\]]:)([45]\d\d)(?=[ \-:,;<)\]]|$)(?! (?:seconds|minutes|hours|days|bytes|[KMG]B)\b)/m;
const SUCCESS = /^\s*(250)[ -]/;

/** The codes in a text. */
export function codesIn(text: string): DiagnosticCodes {
  const pairs = [...text.matchAll(REPLY_WITH_STATUS)];
  // RFC 3463 section 3.5: too old (x.4.7) tells less than what went wrong at the last attempt.
  const pair = pairs.find(([, , status = '']) => !status.endsWith('.4.7')) ?? pairs[0];
  if (pair) return { replyCode: Number(pair[1]), status: pair[2], together: true };
  const status = STATUS.exec(text)?.[1];
  const reply = (REPLY.exec(text) ?? SUCCESS.exec(text))?.[1];
  return { replyCode: reply === undefined ? undefined : Number(reply), status, together: false };
}

// RFC 3463 section 2.
const STATUS_CODE = /(?:^|[^\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])/;

/** The status code in a Status field, whatever stands around it. */
export function statusIn(field: string | undefined): string | undefined {
  const match = field === undefined ? null : STATUS_CODE.exec(field.slice(0, 200));
  return match ? `${match[1]}.${Number(match[2])}.${Number(match[3])}` : undefined;
}
