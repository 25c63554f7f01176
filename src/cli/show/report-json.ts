// What a message written by a machine says, as JSON for programs.
import type { BounceRecipient, MailReport } from '../../message/index.ts';
import { type ShownField, shownFields } from './headers.ts';

/** A report as JSON: the properties of the library's report; times as ISO 8601. */
export type ShownReport = Readonly<Record<string, unknown>>;

/** The report as {@link ShownReport}; members without a value are left out by JSON. */
export function reportToJson(report: MailReport): ShownReport {
  if (report.kind === 'auto-reply') return { ...report };
  const { original, originalHeaders, fields, ...rest } = report;
  return {
    ...rest,
    ...(report.kind === 'bounce' ? { recipients: report.recipients.map(recipientToJson) } : {}),
    ...(originalHeaders ? { originalHeaders: shownFields(originalHeaders) } : {}),
    fields: fieldsToJson(fields),
  };
}

function recipientToJson({ fields, ...recipient }: BounceRecipient): ShownReport {
  return { ...recipient, fields: fieldsToJson(fields) };
}

function fieldsToJson(fields: ReadonlyMap<string, string>): ShownField[] {
  return [...fields].map(([name, value]) => ({ name, value }));
}
