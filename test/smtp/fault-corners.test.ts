// The rest of the fault matrix: what is odd and harmless, replies that come before their time, handshakes that go wrong,
// and servers that offer less than a message needs.
import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../src/base/index.ts';
import type { SmtpConnectionOptions } from '../../src/smtp/index.ts';
import { everythingShown, HARMLESS, type Mode, secretForms } from '../support/fault-matrix.ts';
import { lastWords, raw } from '../support/faults.ts';
import {
  type Answer,
  ehlo,
  type Script,
  type ScriptedServer,
  scriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { deliver, failure } from './kit.ts';

const LOGIN = { username: 'ann@login.test', password: 'open sesame' };
const MODES: readonly Mode[] = ['none', 'starttls', 'implicit'];

const tlsOf = (mode: Mode): { readonly tls?: 'starttls' | 'implicit' } =>
  mode === 'none' ? {} : { tls: mode };

function options(server: ScriptedServer, mode: Mode): SmtpConnectionOptions {
  return {
    host: server.host,
    port: server.port,
    security: mode,
    clientName: 'client.test',
    ...LOGIN,
    authMechanisms: ['PLAIN'],
    tls: { ca: testAuthority },
  };
}

describe('odd but harmless replies are taken', () => {
  const cases = MODES.flatMap((mode) =>
    Object.keys(HARMLESS).map((name): [Mode, string] => [mode, name]),
  );
  it.concurrent.each(cases)('%s: %s', async (mode, name) => {
    const odd =
      (reply: string): Answer =>
      async (link) => {
        link.meaning = reply;
        for (const piece of HARMLESS[name]?.(reply) ?? []) await link.write(piece);
      };
    const hello = [...(mode === 'starttls' ? [ehlo('STARTTLS')] : []), ehlo('AUTH PLAIN')];
    const script: Script = {
      greeting: odd('220 hello'),
      // The words of EHLO mean something, but how they come does not.
      EHLO: /^(?:byte|with LF)/.test(name) ? hello.map(odd) : hello,
      STARTTLS: odd('220 go'),
      AUTH: odd('235 welcome'),
      MAIL: odd('250 ok'),
      RCPT: odd('250 ok'),
      DATA: odd('354 go'),
      content: odd('250 ok'),
    };
    await using server = await scriptedServer(script, tlsOf(mode));
    const report = await deliver(options(server, mode));
    expect(report.accepted).toEqual(['bob@example.com']);
    expect(server.messages).toHaveLength(1);
  });
});

describe('a reply before its time is no answer', () => {
  const early: Record<string, Script> = {
    'with the greeting': { greeting: '220 hello\n250 test.example.com' },
    'with EHLO': { EHLO: `${ehlo('AUTH PLAIN')}\n235 welcome` },
    'with AUTH': { AUTH: '235 welcome\n250 ok' },
    'with MAIL': { MAIL: '250 ok\n250 ok\n354 go\n250 delivered' },
    'with RCPT': { RCPT: '250 ok\n354 go\n250 delivered' },
    'with DATA': { DATA: '354 go\n250 delivered' },
    'half of one, with RCPT': { RCPT: raw('250 ok\r\n354 g') },
  };
  const cases = MODES.flatMap((mode) =>
    Object.keys(early).map((name): [Mode, string] => [mode, name]),
  );
  it.concurrent.each(cases)('%s: %s', async (mode, name) => {
    const script = early[name] ?? {};
    const offered =
      mode === 'starttls' && !script.EHLO ? { EHLO: [ehlo('STARTTLS'), ehlo('AUTH PLAIN')] } : {};
    // What comes with the first EHLO of STARTTLS is in clear, and has a test of its own.
    if (mode === 'starttls' && script.EHLO)
      Object.assign(offered, { EHLO: [ehlo('STARTTLS'), script.EHLO] });
    await using server = await scriptedServer({ ...script, ...offered }, tlsOf(mode));
    const error = await failure(deliver(options(server, mode)));
    expect(error).toMatchObject({
      name: 'ProtocolError',
      code: 'PROTOCOL_VIOLATION',
      delivered: 'no',
      retryable: true,
    });
    expect(server.messages).toEqual([]);
    expect(server.connections()).toBe(1);
  });
});

describe('a handshake that goes wrong', () => {
  const never = new Promise<void>(() => undefined);
  const stay =
    (bytes: string | Uint8Array): Answer =>
    async (link) => {
      await link.write(bytes);
      await never;
    };
  // A record of a handshake that is longer than what follows (RFC 8446 section 5.1).
  const halfRecord = Buffer.from([0x16, 3, 3, 2, 0, 2, 0, 1, 0xfc, 3, 3]);
  const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);
  const faults: Record<string, readonly [Answer, string]> = {
    silence: [stay(''), 'TimeoutError'],
    'half a record, then silence': [stay(halfRecord), 'TimeoutError'],
    'an alert': [stay(alert), 'TlsError'],
    'SMTP in clear': [stay('220 hello\r\n250 ok\r\n'), 'TlsError'],
    'binary of another kind': [
      stay(Buffer.from([0, 1, 2, 255, 254, 10, 0, 7, 7, 7, 7])),
      'TlsError',
    ],
    'HTTP text': [stay('HTTP/1.1 400 Bad Request\r\n\r\n'), 'TlsError'],
    FIN: [lastWords(''), 'ConnectionError|TlsError'],
    RST: [(link) => link.reset(), 'ConnectionError|TlsError'],
    'half a record, then FIN': [
      async (link) => {
        await link.write(halfRecord);
        link.socket.end();
      },
      'ConnectionError|TlsError',
    ],
  };
  const cases = (['starttls', 'implicit'] as const).flatMap((mode) =>
    Object.keys(faults).map((name): ['starttls' | 'implicit', string] => [mode, name]),
  );
  it.concurrent.each(cases)('%s: %s', async (mode, name) => {
    const [answer, names] = faults[name] ?? [];
    if (typeof answer !== 'function' || names === undefined) throw new Error(name);
    const script: Script =
      mode === 'implicit'
        ? { greeting: answer }
        : {
            EHLO: ehlo('STARTTLS', 'AUTH PLAIN'),
            STARTTLS: async (link) => {
              await link.say('220 go');
              // The client has to have begun: what comes before that is an injection, which has a test of its own.
              await new Promise((resolve) => setTimeout(resolve, 50));
              await answer(link);
            },
          };
    await using server = await scriptedServer(script);
    const events: PosthornEvent[] = [];
    const error = await failure(
      deliver({
        ...options(server, mode),
        timeoutsMs: { tls: 400 },
        onEvent: (event) => events.push(event),
      }),
    );
    expect(error.name).toMatch(new RegExp(`^(?:${names})$`));
    expect(error).toMatchObject({
      delivered: 'no',
      stage: expect.stringMatching(/^(?:connect|tls|starttls)$/),
    });
    const clear = server.clear();
    expect(clear).not.toMatch(/AUTH|MAIL|Subject/);
    const shown = everythingShown(error, events) + clear;
    for (const secret of secretForms(LOGIN)) expect(shown).not.toContain(secret);
    if (error.stage !== 'connect') expect(events.at(-1)?.type).toBe('close');
  });
});

describe('a server that offers less than is needed', () => {
  it.concurrent.each(MODES)('never sees the message, nor a password (%s)', async (mode) => {
    const hello = [...(mode === 'starttls' ? [ehlo('STARTTLS')] : []), ehlo('8BITMIME')];
    await using server = await scriptedServer({ EHLO: hello }, tlsOf(mode));
    const error = await failure(deliver(options(server, mode)));
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      code: 'AUTH_NOT_OFFERED',
      stage: 'auth',
      delivered: 'no',
      retryable: false,
    });
    expect(server.lines.filter((line) => /^(?:AUTH|MAIL)/.test(line))).toEqual([]);
  });
});
