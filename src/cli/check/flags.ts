// What the options of `posthorn check` become.

/** The options of `posthorn check` as the parser gives them. */
export interface CheckFlags {
  readonly port?: string;
  readonly security?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly proxy?: string;
  readonly clientName?: string;
  readonly timeout?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
