// After a refusal the server is told to forget the message. Nobody waits for its answer to that but the next message.
import { type PosthornError, SmtpClient, send } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { silence } from '../support/faults.ts';
import { type Script, scriptedServer } from '../support/scripted-server.ts';
import { clear, letter } from './kit.ts';

/** Refuses the first recipient, on whatever connection. */
function refusing(): Script {
  let isFirst = true;
  const RCPT = (): string => {
    const reply = isFirst ? '550 5.1.1 Nobody' : '250 ok';
    isFirst = false;
    return reply;
  };
  return { RCPT, RSET: silence, QUIT: silence };
}

async function timeOf(sending: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  const error = await sending.then(
    () => expect.unreachable('it was sent'),
    (thrown: PosthornError) => thrown,
  );
  expect(error).toMatchObject({ code: 'RECIPIENTS_REJECTED', delivered: 'no' });
  return performance.now() - startedAt;
}

describe('a server that is silent after a refusal', () => {
  it('delays neither the error of one call', async () => {
    await using server = await scriptedServer(refusing());
    expect(await timeOf(send(letter, clear(server)))).toBeLessThan(1500);
  });

  it('nor that of a client, whose next message gets through', async () => {
    await using server = await scriptedServer(refusing());
    const client = new SmtpClient(clear(server));
    expect(await timeOf(client.send(letter))).toBeLessThan(1500);
    const startedAt = performance.now();
    await client.send(letter);
    expect(performance.now() - startedAt).toBeLessThan(6000);
    expect(server.messages).toHaveLength(1);
    void client.close();
  });
});
