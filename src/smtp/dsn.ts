// Delivery status notifications (RFC 3461): what a caller may ask for, checked, and how MAIL and RCPT say it.
import { OptionError, printable } from '../base/index.ts';

/** When a report is sent; upper case is taken too. */
export type DsnEvent = 'success' | 'failure' | 'delay' | Uppercase<'success' | 'failure' | 'delay'>;

/** What is reported about one recipient. */
export interface RecipientDsn {
  /** When a report is sent: `'never'` or a list of events. Default: the server's choice, as a rule failures. */
  readonly notify?: 'never' | 'NEVER' | DsnEvent | readonly DsnEvent[];
  /**
   * The address the report names: `true` for the recipient's own, or one in the form `'rfc822;bob@example.com'` where
   * the message went through a list or an alias (RFC 3461 section 4.2). Default: left to the server.
   */
  readonly orcpt?: true | string;
}

/** What is reported about a message, and to whom: the reports go to the envelope's `from`. */
export interface DsnOptions extends RecipientDsn {
  /** What a report of failure brings back: the whole message or its header. Default: the server's choice. */
  readonly ret?: 'full' | 'headers' | 'FULL' | 'HDRS';
  /** A text of yours that every report repeats, printable ASCII, 100 characters at most. Default: none. */
  readonly envid?: string;
  /** What differs for single recipients, by address. Default: nothing. */
  readonly recipients?: Readonly<Record<string, RecipientDsn>>;
  /** Whether the message may go without all this to a server that does not offer DSN. Default: `false`. */
  readonly ifOffered?: boolean;
}

// RFC 3461 sections 4.2 and 4.4, in octets after encoding.
const LONGEST_ENVID = 100;
const LONGEST_ORCPT = 500;
const EVENTS = new Set(['SUCCESS', 'FAILURE', 'DELAY']);
const RETURNS = new Map([
  ['FULL', 'FULL'],
  ['HEADERS', 'HDRS'],
  ['HDRS', 'HDRS'],
]);

/** Throws an `OptionError` for a wish that can't be written. */
export function checkDsn(dsn: DsnOptions): void {
  dsnMailParameters(dsn);
  dsnRcptParameters(dsn, 'anybody');
  for (const own of Object.values(dsn.recipients ?? {})) dsnRcptParameters(own, 'anybody');
}

/** What MAIL says: ` RET=…` and ` ENVID=…`. Throws `OptionError`. */
export function dsnMailParameters({ ret, envid }: DsnOptions): string {
  const what = ret === undefined ? undefined : RETURNS.get(String(ret).toUpperCase());
  if (ret !== undefined && what === undefined) throw wrong('ret', "'full' or 'headers'", ret);
  if (envid === undefined) return what ? ` RET=${what}` : '';
  if (typeof envid !== 'string' || !/^[ -~]+$/.test(envid) || xtext(envid).length > LONGEST_ENVID) {
    throw wrong('envid', `printable ASCII of ${LONGEST_ENVID} octets at most`, envid);
  }
  return `${what ? ` RET=${what}` : ''} ENVID=${xtext(envid)}`;
}

/** What is asked about each recipient, by address. */
export function recipientDsn(dsn: DsnOptions): (address: string) => RecipientDsn {
  const own = new Map(
    Object.entries(dsn.recipients ?? {}).map(([address, wishes]) => [keyOf(address), wishes]),
  );
  if (own.size === 0) return () => dsn;
  return (address) => ({ ...pickRecipientDsn(dsn), ...own.get(keyOf(address)) });
}

// RFC 5321 section 2.4: domains are compared without regard to case, local parts never.
function keyOf(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

function pickRecipientDsn({ notify, orcpt }: RecipientDsn): RecipientDsn {
  return { ...(notify !== undefined && { notify }), ...(orcpt !== undefined && { orcpt }) };
}

/** What RCPT says of one recipient: ` NOTIFY=…` and ` ORCPT=…`. Throws `OptionError`. */
export function dsnRcptParameters({ notify, orcpt }: RecipientDsn, address: string): string {
  return `${notify === undefined ? '' : ` NOTIFY=${notifyValue(notify)}`}${orcpt === undefined ? '' : ` ORCPT=${orcptValue(orcpt, address)}`}`;
}

/** Text as a parameter may hold it (RFC 3461 section 4): `+XX` for what is not printable, `+` and `=`. */
export function xtext(text: string): string {
  return text.replace(
    /[^!-~]|[+=]/g,
    (char) => `+${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function notifyValue(notify: NonNullable<RecipientDsn['notify']>): string {
  const given: readonly unknown[] = typeof notify === 'string' ? notify.split(',') : notify;
  const events = new Set(given.map((event) => String(event).trim().toUpperCase()));
  const isNever = events.size === 1 && events.has('NEVER');
  if (!isNever && (events.size === 0 || ![...events].every((event) => EVENTS.has(event)))) {
    throw wrong('notify', "'never' or a list of 'success', 'failure' and 'delay'", notify);
  }
  return [...events].join(',');
}

function orcptValue(orcpt: true | string, address: string): string {
  if (orcpt !== true && !/^[A-Za-z0-9-]+;./.test(orcpt)) {
    throw wrong('orcpt', "true, or an address with its type: 'rfc822;bob@example.com'", orcpt);
  }
  // RFC 6533 section 3: an address that is not ASCII has the type utf-8, and an encoding of its own.
  const isAscii = /^[\0-\x7f]*$/.test(address);
  const whole = orcpt === true ? `${isAscii ? 'rfc822' : 'utf-8'};${address}` : orcpt;
  const at = whole.indexOf(';') + 1;
  const value = whole.slice(0, at) + utf8AddrXtext(whole.slice(at));
  if (value.length > LONGEST_ORCPT || /[\0\r\n]/.test(whole)) {
    throw wrong('orcpt', `an address of ${LONGEST_ORCPT} octets at most on one line`, orcpt);
  }
  return value;
}

// RFC 6533 section 3: utf-8-addr-xtext, which for ASCII is xtext; '\' begins a character there, so it is one itself.
function utf8AddrXtext(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return xtext(text);
  return text.replace(
    /[^!-~]|[+=\\]/gu,
    (char) => `\\x{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`,
  );
}

function wrong(name: string, expected: string, got: unknown): OptionError {
  const shown = typeof got === 'string' ? `'${printable(got, 80)}'` : typeof got;
  return new OptionError(`dsn.${name}`, `Option 'dsn.${name}' must be ${expected}, got ${shown}`);
}
