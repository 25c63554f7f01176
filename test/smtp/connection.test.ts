import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SmtpConnection } from '../../src/smtp/index.ts';
import { ehlo, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { clear, deliver, ENVELOPE, failure, text } from './kit.ts';

describe('a connection in clear', () => {
  it('says what it should, in order, and reports what the server said', async () => {
    await using server = await scriptedServer();
    const connection = await SmtpConnection.connect(clear(server));
    expect(connection.server).toEqual({ host: '127.0.0.1', port: server.port, security: 'none' });
    expect(connection.isUsable).toBe(true);
    const report = await connection.send(ENVELOPE, text());
    expect(report).toEqual({
      accepted: ['bob@example.com'],
      rejected: [],
      unsettled: [],
      reply: { code: 250, enhanced: '2.0.0', lines: ['Ok: queued as 4X1Y2Z'] },
      queueId: '4X1Y2Z',
      size: 30,
    });
    await connection.quit();
    expect(connection.isUsable).toBe(false);
    expect(server.lines).toEqual([
      'EHLO client.test',
      'MAIL FROM:<ann@example.com> SIZE=30',
      'RCPT TO:<bob@example.com>',
      'DATA',
      'QUIT',
    ]);
    expect(server.messages).toEqual([
      {
        from: 'ann@example.com',
        to: ['bob@example.com'],
        content: 'Subject: hello\r\n\r\n..dots\r\nbye\r\n',
      },
    ]);
  });

  it('sends several messages over one connection', async () => {
    await using server = await scriptedServer();
    const connection = await SmtpConnection.connect(clear(server));
    for (let i = 0; i < 3; i++) await connection.send(ENVELOPE, text(`Subject: ${i}\r\n\r\n`));
    await connection.quit();
    expect(server.messages.map(({ content }) => content)).toEqual([
      'Subject: 0\r\n\r\n',
      'Subject: 1\r\n\r\n',
      'Subject: 2\r\n\r\n',
    ]);
    expect(server.lines.filter((line) => line === 'RSET')).toEqual([]);
    expect(server.connections()).toBe(1);
  });

  it('falls back to HELO when EHLO is not known and nothing needs it', async () => {
    await using server = await scriptedServer({ EHLO: '502 5.5.1 Not implemented' });
    const connection = await SmtpConnection.connect(clear(server));
    expect(connection.capabilities).toMatchObject({ size: undefined, auth: [], pipelining: false });
    await connection.send(ENVELOPE, text());
    await connection.quit();
    expect(server.lines.slice(0, 3)).toEqual([
      'EHLO client.test',
      'HELO client.test',
      'MAIL FROM:<ann@example.com>',
    ]);
  });

  it('does not fall back to HELO when a login is wanted', async () => {
    await using server = await scriptedServer({ EHLO: '502 5.5.1 Not implemented' });
    const error = await failure(
      SmtpConnection.connect({ ...clear(server), username: 'ann', password: 'sesame' }),
    );
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'AUTH_NOT_OFFERED' });
    expect(error.message).toContain(
      "answered EHLO with '502 5.5.1 Not implemented', so it offers no AUTH",
    );
    expect(server.lines).toEqual(['EHLO client.test']);
  });

  it('gives the address it connects from when the machine has no full name', async () => {
    await using server = await scriptedServer();
    const { clientName: _, ...options } = clear(server);
    await deliver(options);
    expect(server.lines[0]).toMatch(/^EHLO (?:\[127\.0\.0\.1\]|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i);
  });

  it('refuses a second call while one is under way', async () => {
    await using server = await scriptedServer();
    const connection = await SmtpConnection.connect(clear(server));
    const first = connection.send(ENVELOPE, text());
    const error = await failure(connection.send(ENVELOPE, text()));
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    expect(error.message).toBe('This connection is busy: await one call before the next');
    await first;
    await connection.quit();
    expect(server.messages.length).toBe(1);
  });

  it('fails a call under way when it is closed', async () => {
    await using server = await scriptedServer({ MAIL: () => undefined });
    const connection = await SmtpConnection.connect(clear(server));
    const sending = failure(connection.send(ENVELOPE, text()));
    setTimeout(() => connection.close(), 20);
    expect(await sending).toMatchObject({ code: 'CLIENT_CLOSED', stage: 'mail', delivered: 'no' });
    expect((await sending).message).toBe(
      `The connection to 127.0.0.1:${server.port} has been closed by this program; open a new one`,
    );
  });

  it('goes over a Unix socket, where it may log in', async () => {
    const socketPath = join(tmpdir(), `posthorn-${process.pid}-${Date.now()}.sock`);
    await using server = await scriptedServer({}, { socketPath });
    const connection = await SmtpConnection.connect({ socketPath, username: 'ann', password: 'x' });
    await connection.send(ENVELOPE, text());
    await connection.quit();
    expect(server.messages.length).toBe(1);
    expect(server.lines[1]).toBe(`AUTH PLAIN ${Buffer.from('\0ann\0x').toString('base64')}`);
  });
});

describe('encryption', () => {
  const tls = { ca: testAuthority };

  it('speaks TLS from the first byte', async () => {
    await using server = await scriptedServer({}, { tls: 'implicit' });
    const connection = await SmtpConnection.connect({
      host: 'localhost',
      port: server.port,
      security: 'implicit',
      tls,
    });
    expect(connection.server).toEqual({
      host: 'localhost',
      port: server.port,
      security: 'implicit',
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    });
    await connection.send(ENVELOPE, text());
    await connection.quit();
    expect(server.messages.length).toBe(1);
    expect(server.clear()).toBe('');
  });

  it.each(['starttls', 'auto-tls', 'auto', 'starttls-if-offered'] as const)(
    'upgrades by STARTTLS (%s), forgets what was offered before and says EHLO again',
    async (security) => {
      await using server = await scriptedServer(
        {
          EHLO: [
            ehlo('STARTTLS', 'SIZE 5', 'X-BEFORE'),
            ehlo('SIZE 10485760', 'X-AFTER', 'AUTH PLAIN'),
          ],
        },
        { tls: 'starttls' },
      );
      const { clientName, host, port } = clear(server);
      const connection = await SmtpConnection.connect({
        host: host ?? '',
        port: port ?? 0,
        clientName: clientName ?? '',
        security,
        tls,
        username: 'ann',
        password: 'sesame',
      });
      expect(connection.server).toMatchObject({
        security: 'starttls',
        tls: { protocol: 'TLSv1.3' },
      });
      expect(connection.capabilities.size).toBe(10485760);
      expect([...connection.capabilities.raw.keys()]).toEqual(['SIZE', 'X-AFTER', 'AUTH']);
      await connection.send(ENVELOPE, text());
      await connection.quit();
      expect(server.messages.length).toBe(1);
      expect(server.clear()).toBe('EHLO client.test\r\nSTARTTLS\r\n');
    },
  );

  it('goes on in clear where that is allowed and STARTTLS is not offered', async () => {
    await using server = await scriptedServer();
    for (const security of ['starttls-if-offered', 'auto', 'auto-tls'] as const) {
      await deliver({ ...clear(server), security });
    }
    expect(server.messages.length).toBe(3);
  });

  it('stops when STARTTLS is required and not offered', async () => {
    await using server = await scriptedServer();
    const error = await failure(deliver({ ...clear(server), security: 'starttls' }));
    expect(error).toMatchObject({
      name: 'TlsError',
      code: 'TLS_NOT_OFFERED',
      stage: 'starttls',
      retryable: false,
    });
    expect(error.message).toBe(
      `127.0.0.1:${server.port} does not offer STARTTLS, so nothing was sent; use port 465 with security: 'implicit', or, only if clear text is acceptable on this network, write security: 'none'`,
    );
    expect(server.lines).toEqual(['EHLO client.test']);
  });
});
