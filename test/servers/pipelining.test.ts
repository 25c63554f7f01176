// Many messages over one connection to real servers, in every manner they allow: each arrives once and whole, and what
// is refused harms nobody behind it.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PosthornError, SmtpClient, type SmtpClientOptions } from 'posthorn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchInbox } from './support/imap-fetch.ts';
import { type Peer, startPeer, stopPeers } from './support/peer.ts';

const peers = new Map<string, Peer>();

beforeAll(async () => {
  for (const name of ['dovecot', 'postfix', 'exim', 'opensmtpd', 'dovecot-submission'] as const) {
    const peer = (name === 'dovecot' || peers.has('dovecot')) && (await startPeer(name));
    if (peer) peers.set(name, peer);
  }
}, 240_000);
afterAll(stopPeers);

const login = { username: 'alice@mail.test', password: 'secret-alice' };
const encrypted = (peer: Peer, port: string): SmtpClientOptions => ({
  host: 'localhost',
  port: Number(peer[port]),
  security: 'starttls',
  tls: { ca: readFileSync(String(peer.CA)) },
  ...login,
});
const clear = (peer: Peer, port: string): SmtpClientOptions => ({
  host: 'localhost',
  port: Number(peer[port]),
  security: 'none',
});

interface Server {
  readonly peer: string;
  readonly options: (peer: Peer) => SmtpClientOptions;
  /** Whom it refuses. */
  readonly refused: string;
  readonly offers: { readonly pipelining: boolean; readonly chunking: boolean };
}

const SERVERS: Record<string, Server> = {
  Postfix: {
    peer: 'postfix',
    options: (peer) => encrypted(peer, 'SUBMISSION_PORT'),
    refused: 'nobody@mail.test',
    offers: { pipelining: true, chunking: true },
  },
  Exim: {
    peer: 'exim',
    options: (peer) => encrypted(peer, 'EXIM_SUBMISSION_PORT'),
    refused: 'reject@mail.test',
    offers: { pipelining: true, chunking: true },
  },
  OpenSMTPD: {
    peer: 'opensmtpd',
    options: (peer) => clear(peer, 'OPENSMTPD_PORT'),
    refused: 'x@elsewhere.test',
    offers: { pipelining: false, chunking: false },
  },
  'Dovecot submission': {
    peer: 'dovecot-submission',
    options: (peer) => encrypted(peer, 'DOVECOT_SUBMISSION_PORT'),
    // It asks Exim behind it.
    refused: 'reject@mail.test',
    offers: { pipelining: true, chunking: true },
  },
  'Dovecot LMTP': {
    peer: 'dovecot',
    options: (peer) => ({ ...clear(peer, 'LMTP_PORT'), protocol: 'lmtp' }),
    refused: 'nobody@mail.test',
    offers: { pipelining: true, chunking: true },
  },
};

const MANNERS: Record<string, SmtpClientOptions> = {
  plainly: { pipelining: 'off' },
  'in groups': { chunking: 'off' },
  'in chunks': {},
  eagerly: { chunking: 'eager' },
};

const cases = Object.keys(SERVERS).flatMap((server) =>
  Object.keys(MANNERS).map((manner) => [server, manner] as const),
);

let runs = 0;

/** The messages of a run that have come to bob, once there are so many, and a moment for those that should not come. */
async function arrivedOf(imap: number, run: string, count: number): Promise<readonly string[]> {
  const arrived = async (): Promise<readonly string[]> => {
    const all = await fetchInbox(imap, 'bob@mail.test', 'secret-bob');
    return all
      .map((bytes) => bytes.toString('latin1'))
      .filter((each) => each.includes(`${run} number`));
  };
  await expect.poll(async () => (await arrived()).length, POLLING).toBeGreaterThanOrEqual(count);
  await sleep(200);
  return await arrived();
}
const POLLING = { timeout: 20_000, interval: 100 };

describe.each(cases)('%s %s', (name, manner) => {
  const server = SERVERS[name] as Server;

  it('takes each message once, and refuses what it refuses', async ({ skip }) => {
    const peer = peers.get(server.peer);
    const dovecot = peers.get('dovecot');
    if (!peer || !dovecot) return skip();
    const imap = Number(dovecot.IMAP_PORT);
    runs += 1;
    const run = `run${runs}`;
    const client = new SmtpClient({
      ...server.options(peer),
      ...MANNERS[manner],
      connections: 1,
    });
    expect(await client.capabilities()).toMatchObject(server.offers);
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const isRefused = index % 5 === 2;
        // One goes in several pieces.
        const text = `${run} ${index}\n.\n..\n${'line of text\n'.repeat(index === 8 ? 60_000 : 20)}end`;
        const to = isRefused ? server.refused : 'bob@mail.test';
        const subject = `${run} number ${index}`;
        try {
          await client.send({ from: 'alice@mail.test', to, subject, text });
          return 'sent';
        } catch (error) {
          return error instanceof PosthornError ? `${error.code} ${error.delivered}` : error;
        }
      }),
    );
    await client.close();
    const wanted = outcomes.map((_, index) =>
      index % 5 === 2 ? 'RECIPIENTS_REJECTED no' : 'sent',
    );
    expect(outcomes).toEqual(wanted);
    const count = wanted.filter((each) => each === 'sent').length;
    const arrived = await arrivedOf(imap, run, count);
    const numbers = arrived.map((each) => Number(/^Subject: run\d+ number (\d+)/m.exec(each)?.[1]));
    expect(numbers.sort((a, b) => a - b)).toEqual(
      wanted.flatMap((each, index) => (each === 'sent' ? [index] : [])),
    );
    for (const message of arrived) {
      expect(message).toMatch(
        new RegExp(`\\r\\n${run} \\d+\\r\\n\\.\\r\\n\\.\\.\\r\\nline of text`),
      );
      expect(message.trimEnd().endsWith('end')).toBe(true);
    }
  });
});
