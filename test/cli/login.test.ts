import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OidcServer, startOidc } from '../auth/oidc.mjs';
import { ehlo, scriptedServer } from '../support/scripted-server.ts';
import { type FakeWorld, type RunResult, runCommand } from './fake-io.ts';

let oidc: OidcServer;
let folder: string;
beforeAll(async () => {
  oidc = await startOidc();
  folder = mkdtempSync(join(tmpdir(), 'posthorn-login-'));
});
afterAll(async () => {
  await oidc.close();
  rmSync(folder, { recursive: true });
});

/** Runs the verb while somebody types the code that is shown. */
async function login(
  argv: readonly string[],
  answer: 'yes' | 'no',
  world: FakeWorld = {},
): Promise<RunResult> {
  let isAnswered = false;
  return await runCommand(
    ['login', oidc.issuer, '--client-id', 'cli', '--scope', 'openid offline_access mail', ...argv],
    {
      ...world,
      onWrite: (soFar) => {
        const code = /\b([A-Z]{4}-[A-Z]{4})\b/.exec(soFar)?.[1];
        if (code === undefined || isAnswered) return;
        isAnswered = true;
        void oidc.answerDevice(code, answer);
      },
    },
  );
}

describe('posthorn login', () => {
  it('shows where to go, waits, and prints the refresh token alone', async () => {
    const { code, stdout, stderr } = await login([], 'yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\w-]{20,}\n$/);
    expect(stderr).toContain(`\n    ${oidc.issuer}/device\n`);
    expect(stderr).toMatch(/and type this code:\n\n {4}[A-Z]{4}-[A-Z]{4}\n/);
    expect(stderr).not.toContain('Waiting');
    expect(stderr).not.toContain(stdout.trim());
  });

  it('shows on a terminal that it waits', async () => {
    const { code, stderr } = await login([], 'yes', { terminal: true, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/\| Waiting for you to agree there \((?:2:00|1:59) left\) …/);
    expect(stderr).toContain('\r\u001b[KDone.');
  });

  it('tells what happens as JSON', async () => {
    const { code, stdout, stderr } = await login(['--json'], 'yes');
    expect(code).toBe(0);
    const [prompt, tokens] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(prompt).toMatchObject({ event: 'prompt', verificationUri: `${oidc.issuer}/device` });
    expect(tokens).toMatchObject({ event: 'tokens', scope: 'openid offline_access mail' });
    expect(tokens.refreshToken).toBeTypeOf('string');
    expect(stderr).toBe('');
  });

  it('fails with the reason when the user says no', async () => {
    const { code, stdout, stderr } = await login([], 'no');
    expect(code).toBe(77);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      "gave no token: 'access_denied: the user said no'; the user or an administrator said no",
    );
  });

  it('says nothing of messages when the provider is not there', async () => {
    const argv = ['login', 'http://127.0.0.1:2', '--client-id', 'cli'];
    const { code, stderr } = await runCommand(argv);
    expect(code).toBe(69);
    expect(stderr).toContain('\n  The same command may succeed later.\n');
  });

  it('ends by Ctrl-C', async () => {
    const { code } = await runCommand(['login', oidc.issuer, '--client-id', 'cli'], {
      onWrite: (_, interrupt) => setTimeout(interrupt, 50),
    });
    expect(code).toBe(130);
  });

  it('stores what sending needs, for its owner only, and send keeps it up to date', async () => {
    const path = join(folder, 'ann.token');
    const { code, stdout, stderr } = await login(['--store', path], 'yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`Stored in '${path}'`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const stored = JSON.parse(readFileSync(path, 'utf8'));
    expect(stored).toEqual({
      issuer: oidc.issuer,
      clientId: 'cli',
      scope: 'openid offline_access mail',
      refreshToken: expect.any(String),
    });

    await using server = await scriptedServer({ EHLO: ehlo('AUTH XOAUTH2'), AUTH: '235 ok' });
    const message = ['--from', 'ann@example.com', '--to', 'bob@example.com', '--text', 'x'];
    const to = `smtp://ann%40example.com@127.0.0.1:${server.port}?security=none`;
    const sent = await runCommand(['send', '--server', to, '--token-file', path, ...message]);
    expect(sent.code).toBe(0);
    const auth = server.lines.find((line) => line.startsWith('AUTH XOAUTH2 ')) ?? '';
    const said = Buffer.from(auth.split(' ')[2] ?? '', 'base64').toString();
    const token = /auth=Bearer ([^\u0001]+)/.exec(said)?.[1] ?? '';
    expect(await oidc.accountOf(token)).toBe('ann@example.com');
    const kept = JSON.parse(readFileSync(path, 'utf8'));
    expect(kept.refreshToken).not.toBe(stored.refreshToken);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['ann.token']);
    expect(sent.stderr).not.toContain('warning');

    chmodSync(path, 0o644);
    const again = await runCommand(['send', '--server', to, '--token-file', path, ...message]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('other users of this machine can read the token file');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('sends with a token as it is', async () => {
    await using server = await scriptedServer({ EHLO: ehlo('AUTH XOAUTH2 PLAIN'), AUTH: '235 ok' });
    const to = `smtp://ann@127.0.0.1:${server.port}?security=none`;
    const argv = ['send', '--server', to, '--from', 'a@x.test', '--to', 'b@x.test', '--text', 'x'];
    const { code } = await runCommand(argv, { env: { POSTHORN_TOKEN: 'ya29.token' } });
    expect(code).toBe(0);
    expect(server.lines[1]).toBe(
      `AUTH XOAUTH2 ${Buffer.from('user=ann\u0001auth=Bearer ya29.token\u0001\u0001').toString('base64')}`,
    );
  });

  it.each([
    ['rubbish', "--token-file is not a file that 'posthorn login --store' has made"],
    [
      '{"refreshToken":"sesame"}',
      "--token-file is not a file that 'posthorn login --store' has made",
    ],
    ['"sesame"', "--token-file is not a file that 'posthorn login --store' has made"],
  ])('is not fooled by %j', async (content, words) => {
    const path = join(folder, 'other');
    writeFileSync(path, content, { mode: 0o600 });
    const argv = ['send', '--server', 'smtp://ann@127.0.0.1:1', '--token-file', path];
    const { code, stderr } = await runCommand([
      ...argv,
      '--from',
      'a@x.test',
      '--to',
      'b@x.test',
      '--text',
      'x',
    ]);
    rmSync(path);
    expect(code).toBe(64);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('sesame');
  });

  it('goes by the browser on this machine when asked to', async () => {
    let isAnswered = false;
    const { code, stdout } = await runCommand(
      [
        'login',
        oidc.issuer,
        '--browser',
        '--client-id',
        'cli',
        '--scope',
        'openid offline_access mail',
        '--json',
      ],
      {
        onWrite: (soFar) => {
          if (isAnswered) return;
          isAnswered = true;
          const { url } = JSON.parse(soFar.split('\n')[0] ?? '');
          void browse(`${url}&prompt=consent`);
        },
      },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n')[1] ?? '')).toMatchObject({
      event: 'tokens',
      refreshToken: expect.any(String),
    });
  });

  it('goes by the browser at Google, which gives devices no mail', async () => {
    const { code, stdout } = await runCommand(
      ['login', 'google', '--client-id', 'x', '--username', 'ann@gmail.com', '--json'],
      { onWrite: (_, interrupt) => interrupt() },
    );
    expect(code).toBe(130);
    const url = new URL(JSON.parse(stdout.split('\n')[0] ?? '').url);
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'x',
      scope: 'https://mail.google.com/',
      access_type: 'offline',
      prompt: 'consent',
      login_hint: 'ann@gmail.com',
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    });
  });

  it.each([
    [['google'], 'no application is named'],
    [['nobody', '--client-id', 'x'], "'nobody' is not google, microsoft or the URL of an issuer"],
    [['http://id.example', '--client-id', 'x'], "Option 'issuer' must be an https: URL"],
    [['google', '--client-id', 'x', '--tenant', 'y'], '--tenant goes with microsoft only'],
    [['google', '--client-id', 'x', '--browser', '--device'], 'are two ways; choose one'],
    [['google', '--client-id', 'x', '--store', '/no/such/folder/x'], 'there is no such file'],
    [[], "missing required argument 'PROVIDER'"],
  ])('refuses %j', async (argv, words) => {
    const { code, stderr } = await runCommand(['login', ...argv]);
    expect(code).toBe(argv.includes('--store') ? 66 : 64);
    expect(stderr).toContain(words);
  });

  it('needs a refresh token', async () => {
    let isAnswered = false;
    const { code, stderr } = await runCommand(
      ['login', oidc.issuer, '--client-id', 'cli', '--scope', 'openid'],
      {
        onWrite: (soFar) => {
          const found = /\b([A-Z]{4}-[A-Z]{4})\b/.exec(soFar)?.[1];
          if (found === undefined || isAnswered) return;
          isAnswered = true;
          void oidc.answerDevice(found, 'yes');
        },
      },
    );
    expect(code).toBe(77);
    expect(stderr).toContain("most want 'offline_access' among the scopes");
  });
});

// A browser without pages: follows redirects, keeps cookies, ends where the command listens.
async function browse(start: string): Promise<void> {
  let url = start;
  const cookies = new Map<string, string>();
  for (let hops = 0; hops < 10 && url !== ''; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const to = response.headers.get('location');
    url = to === null ? '' : new URL(to, url).href;
  }
}
