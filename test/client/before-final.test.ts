// The word that is waited for before a server can have the whole message.
import { MemoryTransport, PosthornError, SmtpClient } from 'posthorn';
import { describe, expect, test } from 'vitest';
import { LedgerServer } from '../support/ledger-server.ts';
import { errorOf, letter } from './kit.ts';

const plans = [
  { name: 'DATA', keywords: [] },
  { name: 'DATA in groups', keywords: ['PIPELINING'] },
  { name: 'BDAT', keywords: ['PIPELINING', 'CHUNKING', '8BITMIME'] },
];

function clientOf(server: LedgerServer): SmtpClient {
  return new SmtpClient({
    host: 'ledger.test',
    security: 'none',
    clientName: 'client.test',
    connect: server.connect,
  });
}

describe.each(plans)('over $name', ({ keywords }) => {
  test('nothing that ends the message is written before it is given', async () => {
    const server = new LedgerServer({ keywords });
    await using client = clientOf(server);
    let seen = -1;
    const receipt = await client.send(
      { ...letter, to: ['bob@example.org', 'cat@example.org'] },
      {
        beforeFinal: async ({ recipients, accepted }) => {
          expect({ recipients, accepted }).toEqual({
            recipients: ['bob@example.org', 'cat@example.org'],
            accepted: [],
          });
          await new Promise((resolve) => setTimeout(resolve, 20));
          seen = server.accepted.length;
        },
      },
    );
    expect(seen).toBe(0);
    expect(receipt.accepted).toEqual(['bob@example.org', 'cat@example.org']);
    expect(server.accepted).toHaveLength(1);
  });

  test('when it is refused, nobody gets the message, and the next one goes', async () => {
    const server = new LedgerServer({ keywords });
    await using client = clientOf(server);
    const refusal = new PosthornError('OUTBOX_LEASE_LOST', 'Somebody else has it');
    const error = await errorOf(() =>
      client.send(letter, { beforeFinal: () => Promise.reject(refusal) }),
    );
    expect(error).toMatchObject({ code: 'OUTBOX_LEASE_LOST', message: 'Somebody else has it' });
    expect(server.accepted).toHaveLength(0);
    await client.send(letter);
    expect(server.accepted).toHaveLength(1);
  });

  test('a connection that ends while it is waited for ends the delivery, with nothing delivered', async () => {
    const server = new LedgerServer({ keywords });
    await using client = clientOf(server);
    const calls: (() => void)[] = [];
    const sending = errorOf(() =>
      client.send(letter, {
        beforeFinal: () => {
          calls.push(() => undefined);
          for (const stream of server.streams) stream.destroy();
          return new Promise(() => undefined);
        },
      }),
    );
    const error = await sending;
    expect(error).toMatchObject({ code: 'CONNECTION_CLOSED', delivered: 'no' });
    expect(calls).toHaveLength(1);
    expect(server.accepted).toHaveLength(0);
  });
});

test('every transaction of a message is told of, with those that have it', async () => {
  const server = new LedgerServer({ keywords: ['PIPELINING', 'LIMITS RCPTMAX=2'] });
  await using client = clientOf(server);
  const notices: unknown[] = [];
  await client.send(
    { ...letter, to: ['a@example.org', 'b@example.org', 'c@example.org'] },
    {
      beforeFinal: async ({ recipients, accepted }) => {
        notices.push({ recipients: [...recipients], accepted: [...accepted] });
      },
    },
  );
  expect(notices).toEqual([
    { recipients: ['a@example.org', 'b@example.org'], accepted: [] },
    { recipients: ['c@example.org'], accepted: ['a@example.org', 'b@example.org'] },
  ]);
});

test('MemoryTransport keeps nothing that was refused', async () => {
  await using transport = new MemoryTransport();
  const refusal = new PosthornError('OUTBOX_LEASE_LOST', 'Somebody else has it');
  await expect(transport.send(letter, { beforeFinal: () => Promise.reject(refusal) })).rejects.toBe(
    refusal,
  );
  expect(transport.messages).toHaveLength(0);
});

test('it has to be a function', async () => {
  await using transport = new MemoryTransport();
  // @ts-expect-error true is none
  await expect(transport.send(letter, { beforeFinal: true })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: "Option 'beforeFinal' must be a function",
  });
});
