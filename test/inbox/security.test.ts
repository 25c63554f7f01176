import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sendRaw } from '../support/raw-smtp.ts';
import { hostile } from './sample-mail.ts';
import { call, deliver, testInbox } from './support.ts';

describe('Host: a foreign name that points here reads nothing', () => {
  test.each([
    ['localhost', 200],
    ['localhost:8025', 200],
    ['LOCALHOST:1', 200],
    ['app.localhost:8025', 200],
    ['127.0.0.1', 200],
    ['[::1]:8025', 200],
    ['192.168.1.20:8025', 200],
    ['mail.test:80', 200],
    ['evil.example', 421],
    ['evil.example:8025', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example', 421],
    ['evillocalhost', 421],
    ['[::1', 421],
    ['127.0.0.1:8025@evil.example', 421],
    ['localhost/evil', 421],
  ])('%j: %i', async (host, status) => {
    const inbox = await testInbox({ allowedHosts: ['Mail.Test'] });
    for (const path of ['/', '/api/v1/messages']) {
      const answer = await call(inbox, 'GET', path, { Host: host });
      expect([path, answer.status]).toEqual([path, status]);
      if (status === 421) expect(answer.json.error.code).toBe('HOST_REFUSED');
    }
  });
});

describe('a foreign page changes nothing', () => {
  test.each([
    [{}, true],
    [{ 'Sec-Fetch-Site': 'same-origin' }, true],
    [{ 'Sec-Fetch-Site': 'none' }, true],
    [{ Origin: 'http://localhost:8025' }, true],
    [{ 'Sec-Fetch-Site': 'cross-site' }, false],
    [{ 'Sec-Fetch-Site': 'same-site' }, false],
    [{ Origin: 'http://evil.example' }, false],
    [{ Origin: 'http://localhost:9999' }, false],
    [{ Origin: 'https://localhost:8025' }, false],
    [{ Origin: 'null' }, false],
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://evil.example' }, false],
  ])('%j: %s', async (headers, allowed) => {
    const inbox = await testInbox();
    await deliver(inbox, 'kept');
    const answer = await call(inbox, 'DELETE', '/api/v1/messages', {
      Host: 'localhost:8025',
      ...headers,
    });
    expect(answer.status).toBe(allowed ? 200 : 403);
    if (!allowed) expect(answer.json.error.code).toBe('ORIGIN_REFUSED');
    expect(inbox.messages).toHaveLength(allowed ? 0 : 1);
  });

  test('and reads nothing: there is no CORS, not for a preflight either', async () => {
    const inbox = await testInbox();
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'DELETE' };
      const answer = await call(inbox, method, '/api/v1/messages', headers);
      expect(Object.keys(answer.headers).join()).not.toContain('access-control');
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});

describe('policies', () => {
  const policyOf = async (path: string): Promise<Map<string, string>> => {
    const inbox = await testInbox();
    await sendRaw({ port: inbox.smtpPort, content: hostile });
    const { headers } = await call(inbox, 'GET', path, { Host: 'localhost:1' });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    return new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((rule) => [rule.split(' ')[0] ?? '', rule.split(' ').slice(1).join(' ')]),
    );
  };

  test('of the page: its own files, nothing inline, in no frame', async () => {
    const policy = await policyOf('/');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('style-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
  });

  test('of the frame: no script, no form, the pictures that came along', async () => {
    const policy = await policyOf('/frame.html');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.has('script-src')).toBe(false);
    expect(policy.get('sandbox')).not.toContain('allow-scripts');
    expect(policy.get('form-action')).toBe("'none'");
    expect(policy.get('img-src')).toBe('data: http://localhost:1/api/v1/messages/');
    expect((await policyOf('/frame.html?remote')).get('img-src')).toContain(' http: https:');
  });

  test("of a mail's HTML by itself: nobody's origin besides", async () => {
    const policy = await policyOf('/api/v1/messages/latest/html');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.has('script-src')).toBe(false);
    expect(policy.get('sandbox')).toBe('allow-popups');
    expect(policy.get('img-src')).toMatch(
      /^data: http:\/\/localhost:1\/api\/v1\/messages\/\w+\/parts\/$/,
    );
  });

  test('of everything else: nothing at all', async () => {
    for (const path of ['/api/v1/messages', '/api/v1/messages/latest/parts/0', '/none']) {
      const policy = await policyOf(path);
      expect(policy.get('default-src')).toBe("'none'");
      expect(policy.has('sandbox')).toBe(true);
    }
  });
});

describe('files', () => {
  test.each([
    '/../options.ts',
    '/..%2foptions.ts',
    '/%2e%2e/options.ts',
    '/tsconfig.json',
    '/page/index.html',
    '//etc/passwd',
    '/constructor.js',
    '/INDEX.HTML',
    '/.html',
  ])('%s is not served', async (path) => {
    const inbox = await testInbox();
    expect((await call(inbox, 'GET', path)).status).toBe(404);
  });

  test('every file of the page is, and so is what it asks for', async () => {
    const inbox = await testInbox();
    const folder = new URL('../../src/inbox/page/', import.meta.url);
    const names = readdirSync(folder).filter((name) => !name.endsWith('.json'));
    const wanted = new Set([...names.map((name) => `/${name}`), '/', '/purify.min.js']);
    const index = (await call(inbox, 'GET', '/')).body.toString();
    for (const [, path] of index.matchAll(/(?:href|src)="(\/[^"]*)"/g)) wanted.add(path ?? '');
    for (const path of wanted) {
      const { status, headers } = await call(inbox, 'GET', path);
      if (path.startsWith('/api/')) continue;
      expect([path, status]).toEqual([path, 200]);
      expect(headers['cache-control']).toBe('no-cache');
    }
  });

  test('a request for no path is told so', async () => {
    const inbox = await testInbox();
    const answer = await call(inbox, 'GET', 'http://[');
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toBe('The path of the request is no path.');
  });

  test('nothing is taken there', async () => {
    const inbox = await testInbox();
    expect((await call(inbox, 'POST', '/', {}, 'x')).status).toBe(405);
  });
});
