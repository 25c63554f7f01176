import { LmtpTransport } from 'posthorn/delivery';
import { describe, expect, it } from 'vitest';
import { errorOf, letter } from '../client/kit.ts';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';

describe('LmtpTransport', () => {
  it('tells what became of each recipient', async () => {
    await using server = await scriptedServer({
      LHLO: ehlo('8BITMIME'),
      content: ['250 2.0.0 bob saved\n550 5.2.2 eve is full', '250 2.0.0 again'],
    });
    await using transport = new LmtpTransport({
      host: server.host,
      port: server.port,
      security: 'none',
    });
    const receipt = await transport.send({ ...letter, cc: 'eve@example.org' });
    expect(receipt).toMatchObject({
      accepted: ['bob@example.org'],
      rejected: [{ address: 'eve@example.org', reply: { code: 550, lines: ['eve is full'] } }],
      unsettled: [],
    });
    const raw = { from: '', to: 'bob@example.org' };
    expect((await transport.sendRaw('A: b\n\nc', raw)).reply.lines).toEqual(['again']);
    const { sent, failed } = await transport.bulkSend([letter, letter]);
    expect([sent, failed]).toEqual([2, 0]);
    expect(server.lines[0]).toMatch(/^LHLO /);
    expect(server.messages).toHaveLength(4);
    expect((await transport.capabilities()).eightBitMime).toBe(true);
  });

  it('takes a URL or the path of a socket, and nothing else', async () => {
    await using server = await scriptedServer({ LHLO: ehlo() });
    await using transport = new LmtpTransport(`lmtp://${server.host}:${server.port}`);
    await transport.verify();
    expect(() => new LmtpTransport('smtp://localhost:25')).toThrow(
      "An LMTP server is given as options, a path '/run/dovecot/lmtp' or a URL 'lmtp://localhost:24'",
    );
    expect(() => new LmtpTransport({ host: 'x', protocol: 'lmtp' } as object)).toThrow(
      "There is no option 'protocol' here: it is LMTP",
    );
    await using nowhere = new LmtpTransport('/nowhere/lmtp');
    expect(await errorOf(() => nowhere.verify())).toMatchObject({ name: 'ConnectionError' });
  });
});
