// A message whose recipients do not fit into one transaction: the server says so beforehand (RFC 9422) or by its reply.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeBatch } from '../../src/smtp/batches.ts';
import { SmtpConnection, type WireContent } from '../../src/smtp/index.ts';
import { type Answer, ehlo, type Script, scriptedServer } from '../support/scripted-server.ts';
import { clear, failure, TEXT, text } from './kit.ts';

const content = (): WireContent => ({ ...text()(), isRepeatable: true });
const envelope = (...names: readonly string[]) => ({
  from: 'ann@example.com',
  to: names.map((name) => (name.includes('@') ? name : `${name}@example.com`)),
});
const verbs = (lines: readonly string[]): string =>
  lines
    .slice(1)
    .map((line) => (line.startsWith('RCPT') ? (/<(.)/.exec(line)?.[1] ?? '') : line.slice(0, 4)))
    .join(' ');

async function outcome(script: Script, ...names: readonly string[]) {
  await using server = await scriptedServer(script);
  await using connection = await SmtpConnection.connect(clear(server));
  const report = await connection.send(envelope(...names), content);
  await connection.settled();
  return { report, said: verbs(server.lines), messages: server.messages, connection };
}

describe('too many recipients', () => {
  it.each(['452 4.5.3 Too many', '452 Too many', '552 5.5.3 Too many', '451 4.5.3 Too many'])(
    'by %s wait for the next transaction of the same message',
    async (reply) => {
      const { report, said, messages } = await outcome(
        { RCPT: ['250 ok', '250 ok', reply, '250 ok'] },
        'a',
        'b',
        'c',
        'd',
      );
      expect(said).toBe('MAIL a b c DATA MAIL c d DATA');
      expect(messages.map(({ to, content: body }) => [to.length, body])).toEqual(
        Array(2).fill([2, TEXT.replace('\r\n.d', '\r\n..d')]),
      );
      expect(report).toMatchObject({
        accepted: ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`),
        rejected: [],
        unsettled: [],
        queueId: '4X1Y2Z',
      });
    },
  );

  it('are refused when they are the first, or for another reason', async () => {
    for (const RCPT of ['452 4.5.3 Too many', '452 4.2.2 Mailbox full', '552 5.2.2 Full']) {
      await using server = await scriptedServer({ RCPT: [RCPT, '250 ok'] });
      await using connection = await SmtpConnection.connect(clear(server));
      const { accepted, rejected } = await connection.send(envelope('a', 'b'), content);
      expect(accepted).toEqual(['b@example.com']);
      expect(rejected.map(({ address }) => address)).toEqual(['a@example.com']);
    }
  });

  it('are refused when the content can be read once only, or all must get it', async () => {
    const RCPT = ['250 ok', '452 4.5.3 Too many'];
    await using server = await scriptedServer({ RCPT });
    await using connection = await SmtpConnection.connect(clear(server));
    const { accepted, rejected } = await connection.send(envelope('a', 'b'), text());
    expect([accepted, rejected.map(({ reply }) => reply.code)]).toEqual([['a@example.com'], [452]]);

    await using strict = await scriptedServer({ RCPT });
    await using other = await SmtpConnection.connect(clear(strict));
    const sending = other.send(envelope('a', 'b'), content, { partial: 'all-or-nothing' });
    expect(await failure(sending)).toMatchObject({
      code: 'RECIPIENTS_REJECTED',
      retryable: true,
      delivered: 'no',
    });
    expect(strict.messages).toEqual([]);
  });
});

describe('LIMITS', () => {
  it.each([
    ['RCPTMAX=2', 'MAIL a b DATA MAIL c d DATA MAIL e DATA'],
    ['RCPTMAX=5', 'MAIL a b c d e DATA'],
    ['RCPTDOMAINMAX=1', 'MAIL a b d DATA MAIL c e DATA'],
    ['RCPTMAX=2 RCPTDOMAINMAX=1', 'MAIL a b DATA MAIL c e DATA MAIL d DATA'],
  ])('%s divides the recipients', async (limits, said) => {
    const names = ['a@x', 'b@X', 'c@y', 'd@x', 'e@y'];
    const result = await outcome({ EHLO: ehlo(`LIMITS ${limits}`) }, ...names);
    expect(result.said).toBe(said);
    expect([...result.report.accepted].sort()).toEqual(names);
  });

  it('MAILMAX ends the use of a connection', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('LIMITS MAILMAX=2 RCPTMAX=1') });
    await using connection = await SmtpConnection.connect(clear(server));
    const report = await connection.send(envelope('a', 'b', 'c', 'd'), content);
    expect(report.accepted).toEqual(['a@example.com', 'b@example.com']);
    expect(report.unsettled.map(({ address, error }) => [address, error.delivered])).toEqual([
      ['c@example.com', 'no'],
      ['d@example.com', 'no'],
    ]);
    expect(report.unsettled[0]?.error).toMatchObject({
      code: 'CONNECTION_CLOSED',
      retryable: true,
      message: `127.0.0.1:${server.port} takes no more messages over this connection; send the rest over a new one`,
    });
    expect(connection.isUsable).toBe(false);
  });

  it.each([
    [
      {},
      'this content can be read once only: give bytes, a path or a function that opens a stream',
    ],
    [
      { partial: 'all-or-nothing' } as const,
      "several transactions can't be all or nothing: leave out 'partial'",
    ],
  ])('stop what has to go in one transaction: %j', async (options, said) => {
    await using server = await scriptedServer({ EHLO: ehlo('LIMITS RCPTMAX=2') });
    await using connection = await SmtpConnection.connect(clear(server));
    const error = await failure(connection.send(envelope('a', 'b', 'c'), text(), options));
    expect(error).toMatchObject({ code: 'FEATURE_NOT_OFFERED', delivered: 'no', stage: 'mail' });
    expect(error.message).toBe(
      `127.0.0.1:${server.port} takes 2 of the 3 recipients in one transaction, and ${said}, or send it to fewer at a time; nothing was sent`,
    );
    expect(server.lines).toHaveLength(1);
  });

  it('divide without loss, double or excess', () => {
    const names = fc.array(fc.tuple(fc.nat(50), fc.constantFrom('x', 'y', 'z')), { minLength: 1 });
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (list, rcptMax, rcptDomainMax) => {
          let rest: readonly { readonly address: string }[] = list.map(([n, d]) => ({
            address: `${n}@${d}`,
          }));
          const all = rest;
          const seen: { readonly address: string }[] = [];
          while (rest.length > 0) {
            const taken = takeBatch(rest, { mailMax: undefined, rcptMax, rcptDomainMax });
            expect(taken.batch.length).toBeGreaterThan(0);
            expect(taken.batch.length).toBeLessThanOrEqual(rcptMax);
            const domains = new Set(taken.batch.map(({ address }) => address.split('@')[1]));
            expect(domains.size).toBeLessThanOrEqual(rcptDomainMax);
            seen.push(...taken.batch);
            rest = taken.rest;
          }
          expect(new Set(seen)).toEqual(new Set(all));
          expect(seen.length).toBe(all.length);
        },
      ),
    );
  });
});

describe('a failure after some have the message', () => {
  const two = { EHLO: ehlo('LIMITS RCPTMAX=1') };
  const rest = async (script: Script) => {
    const { report, said } = await outcome({ ...two, ...script }, 'a', 'b', 'c');
    expect(report.accepted).toEqual(['a@example.com']);
    return { ...report, said };
  };

  it('by the reply to the content refuses those of its transaction', async () => {
    const { rejected, unsettled } = await rest({ content: ['250 ok', '554 5.7.1 Spam'] });
    expect(rejected).toMatchObject([{ address: 'b@example.com', reply: { code: 554 } }]);
    expect(unsettled).toMatchObject([{ address: 'c@example.com', error: { delivered: 'no' } }]);
  });

  it('by a broken connection leaves them open, and tells what nobody knows', async () => {
    const gone: Answer = (link) => link.reset();
    const before = await rest({ MAIL: ['250 ok', gone] });
    expect(before.unsettled.map(({ error }) => error.delivered)).toEqual(['no', 'no']);
    expect(before.unsettled[0]?.error).toMatchObject({ stage: 'mail', retryable: true });
    const after = await rest({ content: ['250 ok', gone] });
    expect(after.unsettled.map(({ address, error }) => [address[0], error.delivered])).toEqual([
      ['b', 'unknown'],
      ['c', 'no'],
    ]);
    expect(after.unsettled.map(({ error }) => error.retryable)).toEqual([false, true]);
  });

  it('by refusals of all its recipients goes on with the others', async () => {
    const { rejected, unsettled, said } = await (async () => {
      const { report, said: lines } = await outcome(
        { ...two, RCPT: ['250 ok', '550 5.1.1 No', '250 ok'] },
        'a',
        'b',
        'c',
      );
      expect(report.accepted).toEqual(['a@example.com', 'c@example.com']);
      return { ...report, said: lines };
    })();
    expect([rejected.length, unsettled.length]).toEqual([1, 0]);
    expect(said).toBe('MAIL a DATA MAIL b RSET MAIL c DATA');
  });
});
