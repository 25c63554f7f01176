// Messages sent through a client to a ledger server, and what has to be true of every one of them.
import { PosthornError, type SendOptions, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { expect } from 'vitest';
import { type LedgerOptions, LedgerServer } from '../../support/ledger-server.ts';

/** The ways in which messages are carried. */
export const MODES = {
  plain: { keywords: ['8BITMIME'], options: {} },
  grouped: { keywords: ['8BITMIME', 'PIPELINING'], options: {} },
  chunked: { keywords: ['8BITMIME', 'PIPELINING', 'CHUNKING'], options: {} },
  eager: {
    keywords: ['8BITMIME', 'PIPELINING', 'CHUNKING'],
    options: { chunking: 'eager' },
  },
} as const satisfies Record<
  string,
  { readonly keywords: readonly string[]; readonly options: SmtpClientOptions }
>;

export type Mode = keyof typeof MODES;

/** What the sender was told of one message. */
export interface Told {
  readonly fate: 'sent' | 'no' | 'unknown';
  readonly error: PosthornError | undefined;
  /** The same for each recipient. */
  readonly fates: ReadonlyMap<string, 'sent' | 'no' | 'unknown'>;
}

export interface Run {
  readonly server: LedgerServer;
  readonly told: readonly Told[];
}

export interface Sending extends Omit<LedgerOptions, 'keywords'> {
  /** What is offered, when that is not the manner's. */
  readonly keywords?: readonly string[];
  readonly count: number;
  readonly recipients?: number;
  readonly client?: SmtpClientOptions;
  /** Octets of text in each message, beside its marks. */
  readonly size?: number;
  readonly sendOptions?: (index: number) => SendOptions;
}

/** What a message holds: marks that tell it from the others, and lines that begin with dots. */
function textOf(index: number, size: number): string {
  return `begin ${index}\n.\n..\n.dot\n${`${'x'.repeat(70)}\n`.repeat(Math.ceil(size / 71))}end ${index}\n`;
}

/** Sends the messages over one connection at a time, and waits for what is said of each. */
export async function sendAll(mode: Mode, sending: Sending): Promise<Run> {
  const { count, recipients = 1, client: more, size = 0, sendOptions, ...rest } = sending;
  const { keywords, options } = MODES[mode];
  const server = new LedgerServer({ keywords, ...rest });
  const client = new SmtpClient({
    host: 'ledger.test',
    port: 25,
    security: 'none',
    clientName: 'client.test',
    connections: 1,
    connect: server.connect,
    ...(sending.isLmtp ? { protocol: 'lmtp' } : {}),
    timeoutsMs: { command: 150, finalReply: 150, data: 150, connect: 2_000 },
    ...options,
    ...more,
  });
  const told = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Told> => {
      const to = Array.from({ length: recipients }, (_, r) => `r${r}-${index}@example.org`);
      const fates = new Map<string, Told['fate']>();
      try {
        const receipt = await client.send(
          {
            from: `m${index}@example.com`,
            to,
            subject: `Number ${index}`,
            text: textOf(index, size),
          },
          sendOptions?.(index) ?? {},
        );
        for (const address of receipt.accepted) fates.set(address, 'sent');
        for (const { address } of receipt.rejected) fates.set(address, 'no');
        for (const { address, error } of receipt.unsettled) fates.set(address, fateOf(error));
        return { fate: 'sent', error: undefined, fates };
      } catch (error) {
        if (!(error instanceof PosthornError)) throw error;
        const fate = fateOf(error);
        for (const address of to) fates.set(address, fate);
        return { fate, error, fates };
      }
    }),
  );
  await client.close();
  return { server, told };
}

function fateOf({ delivered }: PosthornError): 'no' | 'unknown' {
  return delivered === 'unknown' ? 'unknown' : 'no';
}

/** What has to be true whatever the server did: the sender was told no lie, and nobody got what was not for them. */
export function expectTruth({ server, told }: Run, note: string): void {
  const counts = new Map<string, number>();
  for (const { from, to, content } of server.accepted) {
    // The dot alone, for a message that nobody was to get.
    if (content === '') expect.unreachable(`${note}: an empty message was delivered`);
    const index = Number(/^begin (\d+)/m.exec(content)?.[1]);
    expect(from, `${note}: sender of ${index}`).toBe(`m${index}@example.com`);
    for (const address of to) {
      expect(address, note).toMatch(new RegExp(`^r\\d-${index}@`));
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    expect(content, `${note}: ${index} is whole`).toContain(`\r\n.\r\n..\r\n.dot\r\n`);
    expect(content, `${note}: ${index} is whole`).toMatch(new RegExp(`end ${index}\\r\\n$`));
    expect(content.match(/begin /g)).toHaveLength(1);
  }
  const story = `${note}: ${JSON.stringify(told.map(({ fate, error }) => [fate, error?.message]))} ${JSON.stringify(server.lines)}`;
  for (const { fates } of told) {
    for (const [address, fate] of fates) {
      const times = counts.get(address) ?? 0;
      const words = `${address} ${fate}, ${story}`;
      if (fate === 'sent') expect(times, words).toBe(1);
      else if (fate === 'no') expect(times, words).toBe(0);
      else expect(times, words).toBeLessThanOrEqual(1);
    }
  }
}
