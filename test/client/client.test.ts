import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { SmtpClient, type SmtpClientOptions, type Transport } from 'posthorn';
import { SmtpClient as SmtpClientOfSmtp } from 'posthorn/smtp';
import { describe, expect, it } from 'vitest';
import { ehlo, scriptedServer, testAuthority } from '../support/scripted-server.ts';
import { clear, clientOf, errorOf, letter } from './kit.ts';

describe('options', () => {
  it.each<[string, object, string]>([
    [
      'secure',
      { secure: true },
      "'secure' is not an option of an SMTP client; write security: 'implicit' for true, security: 'starttls' for false",
    ],
    [
      'auth',
      { auth: { user: 'u', pass: 'secret' } },
      "'auth' is not an option of an SMTP client; write username: … and password: …",
    ],
    ['pass', { pass: 'secret' }, "'pass' is not an option of an SMTP client; write password: …"],
    ['prot', { prot: 25 }, "'prot' is not an option of an SMTP client; did you mean 'port'?"],
    ['hostname', { hostname: 'x' }, "'hostname' is not an option of an SMTP client; known are "],
    [
      'usrname',
      { usrname: 'x' },
      "'usrname' is not an option of an SMTP client; did you mean 'username'?",
    ],
    ['helo', { helo: 'x' }, "'helo' is not an option of an SMTP client; "],
    [
      'pool',
      { pool: true },
      "'pool' is not an option of an SMTP client; leave it out: a client keeps its connection",
    ],
    [
      '__proto__',
      JSON.parse('{"__proto__": 1}') as object,
      "'__proto__' is not an option of an SMTP client; known are ",
    ],
  ])('%s is named with what to write instead', async (_, options, message) => {
    const error = await errorOf(
      () =>
        new SmtpClient({
          host: 'mail.example',
          ...options,
          ...(Object.hasOwn(options, '__proto__') ? JSON.parse('{"__proto__": 1}') : {}),
        } as never),
    );
    const direct = await errorOf(() => new SmtpClient(options as never));
    expect([error.code, direct.code]).toContain('OPTION_INVALID');
    expect(String(direct.message)).toContain(message);
    expect(JSON.stringify(direct)).not.toContain('secret');
  });

  it.each<[SmtpClientOptions | string, string]>([
    [{ host: 'x', port: 0 }, "Option 'port' must be an integer from 1 to 65535, got 0"],
    [{ host: 'x', security: 'tls' as never }, "Option 'security' must be "],
    [{}, "Option 'host' must be given"],
    [{ host: 'x', username: 'u' }, "Option 'password' must be given too"],
    ['http://example.com', 'The server URL must have the form '],
    ['smtp://example.com?pool=1', "The server URL has 'pool' in its query"],
  ])('%j is refused', async (server, message) => {
    const error = await errorOf(() => new SmtpClient(server));
    expect(error.code).toBe('OPTION_INVALID');
    expect(String(error.message)).toContain(message);
  });

  it('can be a URL', async () => {
    await using server = await scriptedServer();
    const url = `smtp://ann:p%40ss@127.0.0.1:${server.port}?security=none&clientName=client.test`;
    await using client = new SmtpClient(url);
    await client.send(letter);
    expect(server.lines.slice(0, 2)).toEqual([
      'EHLO client.test',
      `AUTH PLAIN ${Buffer.from('\0ann\0p@ss').toString('base64')}`,
    ]);
  });

  it('undefined counts as left out', async () => {
    await using server = await scriptedServer();
    const options = { ...clear(server), username: undefined, tls: undefined };
    await using client = new SmtpClient(options as object);
    await client.send(letter);
  });
});

describe('verify and capabilities', () => {
  it('connect, log in, and send nothing', async () => {
    await using server = await scriptedServer({}, { tls: 'starttls' });
    await using client = new SmtpClient({
      ...clear(server),
      security: 'starttls',
      username: 'ann',
      password: 'secret',
      tls: { ca: testAuthority, servername: 'localhost' },
    });
    await client.verify();
    expect(server.lines.map((line) => line.split(' ')[0])).toEqual([
      'EHLO',
      'STARTTLS',
      'EHLO',
      'AUTH',
    ]);
    const { size, eightBitMime, pipelining, auth, raw } = await client.capabilities();
    expect({ size, eightBitMime, pipelining, auth }).toEqual({
      size: 10_485_760,
      eightBitMime: true,
      pipelining: false,
      auth: ['PLAIN', 'LOGIN'],
    });
    expect(raw.get('SIZE')).toBe('10485760');
    expect(server.connections()).toBe(1);
  });

  it('tell what can not be reached from what can not be logged in to', async () => {
    const server = await scriptedServer({ AUTH: '535 5.7.8 Wrong' });
    const { client } = clientOf(server, { username: 'ann', password: 'wrong' });
    expect(await errorOf(() => client.verify())).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_FAILED',
    });
    await server.close();
    expect(await errorOf(() => client.verify())).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_REFUSED',
    });
    await client.close();
  });

  it('ask a connection that was kept, and make a new one when it does not answer', async () => {
    await using server = await scriptedServer({ RSET: ['250 Ok', (link) => link.reset()] });
    const { client } = clientOf(server);
    await client.verify();
    await client.verify();
    expect(server.connections()).toBe(1);
    await client.verify();
    expect(server.connections()).toBe(2);
    await client.close();
  });

  it('are empty for a server that only knows HELO', async () => {
    await using server = await scriptedServer({ EHLO: '502 5.5.1 What?' });
    const { client } = clientOf(server);
    expect((await client.capabilities()).raw.size).toBe(0);
    await client.close();
  });

  it('see what is offered after STARTTLS, not before', async () => {
    await using server = await scriptedServer(
      { EHLO: [ehlo('STARTTLS', 'AUTH LOGIN'), ehlo('AUTH PLAIN')] },
      { tls: 'starttls' },
    );
    await using client = new SmtpClient({
      ...clear(server),
      security: 'starttls',
      tls: { ca: testAuthority, servername: 'localhost' },
    });
    expect((await client.capabilities()).auth).toEqual(['PLAIN']);
  });
});

describe('the client as a transport', () => {
  it('has the shape that all transports have', () => {
    const transport: Transport = new SmtpClient({ host: 'mail.example' });
    expect(transport.name).toBe('smtp');
    expect(SmtpClientOfSmtp).toBe(SmtpClient);
  });

  it('tells of failures before and on the connection', async () => {
    await using server = await scriptedServer({ DATA: '554 5.6.0 No' });
    const { client, events } = clientOf(server);
    await errorOf(() => client.send({ ...letter, to: '' }));
    await errorOf(() => client.send(letter));
    expect(events.filter(({ type }) => type === 'failed')).toMatchObject([
      { connectionId: 0, error: { code: 'MESSAGE_NO_RECIPIENT' } },
      { error: { code: 'REPLY_NEGATIVE', stage: 'data' } },
    ]);
    const failures = events.filter(({ type }) => type === 'failed');
    expect(failures[1]?.connectionId).toBeGreaterThan(0);
    await client.close();
  });
});

it('importing the root loads nothing that is not needed to compose and send', async () => {
  const source = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
  const { metafile } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const inputs = Object.entries(metafile.inputs);
  const packages = inputs.flatMap(([, { imports }]) =>
    imports.filter(
      ({ external, kind, path }) =>
        external && kind === 'import-statement' && !path.startsWith('node:'),
    ),
  );
  expect(packages).toEqual([]);
  const rooms = new Set(inputs.map(([path]) => /src\/(\w+)\//.exec(path)?.[1]));
  expect([...rooms].filter((room) => room === 'inbox' || room === 'cli')).toEqual([]);
  expect(readFileSync(source, 'utf8')).not.toContain('export *');
});
