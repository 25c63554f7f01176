// Which recipients go into one transaction: as many as the server says it takes (RFC 9422).
import type { SmtpLimits } from './capabilities.ts';

/** The first recipients that fit together, and those that have to wait for the next transaction. */
export function takeBatch<R extends { readonly address: string }>(
  recipients: readonly R[],
  { rcptMax = Infinity, rcptDomainMax = Infinity }: SmtpLimits,
): { readonly batch: readonly R[]; readonly rest: readonly R[] } {
  if (recipients.length <= Math.min(rcptMax, rcptDomainMax)) return { batch: recipients, rest: [] };
  const batch: R[] = [];
  const rest: R[] = [];
  const domains = new Set<string>();
  for (const recipient of recipients) {
    const { address } = recipient;
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const isNew = !domains.has(domain);
    if (batch.length >= rcptMax || (isNew && domains.size >= rcptDomainMax)) rest.push(recipient);
    else {
      domains.add(domain);
      batch.push(recipient);
    }
  }
  return { batch, rest };
}
