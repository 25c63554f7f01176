// The options of `posthorn convert` as the parser gives them.

/** What can be said on the command line. */
export interface ConvertFlags {
  readonly to: string;
  readonly from?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly resources?: string;
  readonly headerTable?: boolean;
  readonly tnef?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
