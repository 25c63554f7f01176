// The order in which SRV records are tried (RFC 2782, RFC 6186 section 3.4, RFC 8314 section 5.1). Pure but for chance.
import type { SrvRecord } from '../../net/internal.ts';

/** A server that the DNS names for sending mail. */
export interface SrvServer extends SrvRecord {
  readonly security: 'implicit' | 'starttls';
}

/**
 * All servers in the order to try them: by priority over both services together; of one priority TLS from
 * the first byte before STARTTLS (RFC 8314 section 3); of one service by weighted chance.
 */
export function orderServers(
  submissions: readonly SrvRecord[],
  submission: readonly SrvRecord[],
  random: () => number = Math.random,
): SrvServer[] {
  const all: SrvServer[] = [
    ...submissions.map((record) => ({ ...record, security: 'implicit' }) as const),
    ...submission.map((record) => ({ ...record, security: 'starttls' }) as const),
  ].filter(({ target }) => target !== '');
  const priorities = [...new Set(all.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return priorities.flatMap((priority) =>
    (['implicit', 'starttls'] as const).flatMap((security) =>
      byWeight(
        all.filter((each) => each.priority === priority && each.security === security),
        random,
      ),
    ),
  );
}

// RFC 2782: each next one is drawn with a chance in proportion to its weight; those of weight 0 have a small one.
function byWeight(servers: readonly SrvServer[], random: () => number): SrvServer[] {
  const left = [...servers].toSorted((a, b) => a.weight - b.weight);
  const drawn: SrvServer[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let ticket = random() * total;
    let at = left.findIndex(({ weight }) => {
      ticket -= weight;
      return ticket <= 0;
    });
    if (at === -1) at = left.length - 1;
    drawn.push(...left.splice(at, 1));
  }
  return drawn;
}
