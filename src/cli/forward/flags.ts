// What the options of `posthorn forward` become.

/** The options of `posthorn forward` as the parser gives them. */
export interface ForwardFlags {
  readonly server?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly resent?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
