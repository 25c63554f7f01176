// What the options of `posthorn send` become.

/** The options of `posthorn send` as the parser gives them. */
export interface SendFlags {
  readonly server?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly textFile?: string;
  readonly html?: string;
  readonly htmlFile?: string;
  readonly attach?: readonly string[];
  readonly inline?: readonly string[];
  readonly header?: readonly string[];
  readonly invite?: string;
  readonly priority?: string;
  readonly tnef?: boolean;
  readonly connections?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
