import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/index.ts';
import { tokenProviderOf } from '../../src/cli/token-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Takes each refresh token once, and gives the next one. */
async function rotatingServer() {
  let current = 1;
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = (status: number, json: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    };
    if (request.method === 'GET') return answer(200, { issuer, token_endpoint: `${issuer}/token` });
    const token = new URLSearchParams(body).get('refresh_token') ?? '';
    asked.push(token);
    if (token !== `refresh-${current}`) return answer(400, { error: 'invalid_grant' });
    current += 1;
    return answer(200, {
      access_token: `access-${current}`,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: `refresh-${current}`,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    issuer: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a token file', () => {
  it('is shared by two programs: who comes second takes what the first has put there', async () => {
    await using server = await rotatingServer();
    const path = join(folder, 'work.token');
    const { issuer, asked } = server;
    const content = { issuer, clientId: 'cli', refreshToken: 'refresh-1' };
    writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
    const io = { stderr: { isTTY: false, write: () => undefined }, env: {} } as unknown as CliIo;
    const first = await tokenProviderOf(path, io);
    const second = await tokenProviderOf(path, io);
    expect((await first.getToken()).token).toBe('access-2');
    expect((await second.getToken()).token).toBe('access-3');
    expect((await first.getToken({ forceRefresh: true })).token).toBe('access-4');
    expect(asked).toEqual(['refresh-1', 'refresh-1', 'refresh-2', 'refresh-2', 'refresh-3']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      ...content,
      refreshToken: 'refresh-4',
    });

    // Refused for good: asked once.
    writeFileSync(path, JSON.stringify({ ...content, refreshToken: 'refresh-0' }));
    const third = await tokenProviderOf(path, io);
    asked.length = 0;
    await expect(third.getToken()).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(asked).toEqual(['refresh-0']);
  });
});
