// What the options of `posthorn inbox` become.

/** The options of `posthorn inbox` as the parser gives them. */
export interface InboxFlags {
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly host: string;
  readonly json?: boolean;
}
