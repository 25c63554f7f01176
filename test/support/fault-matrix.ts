// The rows of the fault matrix (what servers do wrong) with what the client has to say of each, and what no record of
// a connection may hold.
import { inspect } from 'node:util';
import { drip, dripLines, endless, fin, hugeLine, lastWords, raw, rst, silence } from './faults.ts';
import type { Answer } from './scripted-server.ts';

/** Where in the dialogue a fault is committed. */
export type Place =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'ehlo-in-tls'
  | 'auth'
  | 'auth-step'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'content'
  | 'rset'
  | 'quit';

/** How the connection is encrypted. */
export type Mode = 'none' | 'starttls' | 'implicit';

/** What the client says of a failure. */
export interface Outcome {
  readonly name: string;
  readonly retryable: boolean;
  readonly delivered: 'no' | 'unknown';
}
/** What a server does, and what comes of it. */
export interface Fault {
  readonly answer: Answer;
  /** What the client says; by place where it differs. */
  readonly outcome: (place: Place) => Outcome;
}

/** Nothing is delivered. */
export const no = (name: string, retryable = true): Outcome => ({
  name,
  retryable,
  delivered: 'no',
});
// After the final dot nobody but the caller can say whether to try again.
const orUnknown = (name: string, place: Place): Outcome =>
  place === 'content' ? { name, retryable: false, delivered: 'unknown' } : no(name);
const always =
  (name: string): Fault['outcome'] =>
  (place) =>
    orUnknown(name, place);

const refusal =
  (retryable: boolean): Fault['outcome'] =>
  (place) => {
    if (place === 'starttls') return no('TlsError', retryable);
    if (place === 'auth' || place === 'auth-step') return no('AuthenticationError', retryable);
    if (place === 'rcpt') return no('RecipientsError', retryable);
    return no('SmtpReplyError', retryable);
  };

/** Every fault that can stand in the place of a reply. */
export const FAULTS: Record<string, Fault> = {
  silence: { answer: silence, outcome: always('TimeoutError') },
  'half a line, then silence': { answer: raw('250 o'), outcome: always('TimeoutError') },
  'a drip of bytes': { answer: drip, outcome: always('TimeoutError') },
  'a drip of lines': { answer: dripLines, outcome: always('TimeoutError') },
  'the first of two lines, then silence': {
    answer: raw('250-x\r\n'),
    outcome: always('TimeoutError'),
  },
  'CR only': { answer: raw('250 ok\r'), outcome: always('TimeoutError') },
  FIN: { answer: fin, outcome: always('ConnectionError') },
  'FIN without close_notify': {
    answer: (link) => link.cut(),
    outcome: always('ConnectionError'),
  },
  RST: { answer: rst, outcome: always('ConnectionError') },
  'half a line, then FIN': { answer: lastWords('250 o'), outcome: always('ConnectionError') },
  'HTTP text': {
    answer: raw('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    outcome: always('ProtocolError'),
  },
  binary: {
    answer: raw(Buffer.from([0, 1, 2, 255, 254, 10, 0])),
    outcome: always('ProtocolError'),
  },
  'two digits': { answer: '25 ok', outcome: always('ProtocolError') },
  'four digits': { answer: '2500 ok', outcome: always('ProtocolError') },
  '1yz': { answer: '150 ok', outcome: always('ProtocolError') },
  '6yz': { answer: '650 ok', outcome: always('ProtocolError') },
  'a blank line': { answer: raw('\r\n250 ok\r\n'), outcome: always('ProtocolError') },
  'a line of 16 MB': { answer: hugeLine, outcome: always('LimitError') },
  'lines without end': { answer: endless, outcome: always('LimitError') },
  'different codes in one reply': {
    answer: '250-first\n550 second',
    outcome: always('ProtocolError'),
  },
  'the wrong class': {
    answer: async (link) => link.say(link.turn === 'DATA' ? '250 ok' : '354 go on'),
    outcome: always('ProtocolError'),
  },
  '421 and FIN': {
    answer: lastWords('421 4.3.2 Shutting down\r\n'),
    outcome: () => no('SmtpReplyError'),
  },
  '421 and RST': {
    answer: async (link) => {
      await link.write('421 4.3.2 Shutting down\r\n');
      link.reset();
    },
    outcome: () => no('SmtpReplyError'),
  },
  '4yz': { answer: '450 4.2.0 Not now', outcome: refusal(true) },
  '5yz': { answer: '550 5.7.1 Never', outcome: refusal(false) },
};

/** Ways to say a reply that are odd and do no harm: the bytes in the pieces in which they come. */
export const HARMLESS: Record<string, (reply: string) => readonly (string | Uint8Array)[]> = {
  'byte by byte': (reply) => [...Buffer.from(crlf(reply))].map((byte) => Uint8Array.of(byte)),
  'without text': (reply) => [crlf(reply.replaceAll(/^(\d{3}[ -]).*$/gm, '$1'))],
  'as a code alone': (reply) => [crlf(reply.replace(/^(\d{3}) .*$/m, '$1'))],
  'in UTF-8': (reply) => [crlf(`${reply} grüße 日本`)],
  'in UTF-8 that is cut': (reply) => {
    const bytes = Buffer.from(crlf(`${reply} 日本`));
    return [bytes.subarray(0, -4), bytes.subarray(-4)];
  },
  'in octets that are none': (reply) => [Buffer.from(crlf(`${reply} \xe9\xff`), 'latin1')],
  'with LF alone': (reply) => [`${reply}\n`],
  'with NUL and escapes': (reply) => [crlf(`${reply} \0\u001b[31m`)],
  'on many lines': (reply) => [crlf(`${`${reply.slice(0, 3)}-and so on\n`.repeat(100)}${reply}`)],
};

function crlf(text: string): string {
  return `${text.replaceAll('\n', '\r\n')}\r\n`;
}

/** The forms in which a login could be read by somebody who sees a record of it. */
export function secretForms({ username, password }: Login): readonly string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return [
    password,
    base64(password),
    Buffer.from(password).toString('base64url'),
    Buffer.from(password).toString('hex'),
    encodeURIComponent(password),
    base64(username),
    base64(`\0${username}\0${password}`),
    base64(`${username}\0${username}\0${password}`),
    // What stands in the middle of a longer exchange has no end that is its own.
    base64(`\0${username}\0${password}`).slice(4, -4),
  ];
}

/** A login. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Everything that a person or a log could see of these values. */
export function everythingShown(...values: readonly unknown[]): string {
  const errors = values.filter((value) => value instanceof Error);
  return [
    JSON.stringify(values),
    ...errors.map(
      (error) =>
        inspect(error, { depth: 20, showHidden: true, maxStringLength: null }) +
        `${error.message}${error.stack}${JSON.stringify(error)}`,
    ),
  ].join('\n');
}
