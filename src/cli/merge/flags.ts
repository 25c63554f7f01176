// What the options of `posthorn merge` become.

/** The options of `posthorn merge` as the parser gives them. */
export interface MergeFlags {
  readonly server?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly out?: string;
  readonly outbox?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly syntax?: string;
  readonly missing?: string;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly map?: readonly string[];
  readonly skipIf?: string;
  readonly attachmentFolder?: string;
  readonly inlineCss?: boolean;
  readonly textFromHtml?: boolean;
  readonly separator?: string;
  readonly charset?: string;
  readonly report?: string;
  readonly key?: string;
  readonly resendUnknown?: boolean;
  readonly stopOnError?: boolean;
  readonly connections?: number;
  readonly dryRun?: string | boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}
