/** A complete server reply (RFC 5321 section 4.2), as errors and receipts carry it. */
export interface SmtpReply {
  /** The three digit code, 200 to 599. */
  readonly code: number;
  /** The enhanced status code (RFC 3463), such as `'5.1.1'`, when the server gave one. */
  readonly enhanced: string | undefined;
  /** The text of each line, without code and enhanced code, as the server sent it. Not escaped: never print raw. */
  readonly lines: readonly string[];
}

/** Where in the dialogue with a server something happened. */
export type Stage =
  | 'dns'
  | 'connect'
  | 'proxy'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'content'
  | 'final-reply'
  | 'rset'
  | 'quit'
  | 'idle'
  | 'command';
