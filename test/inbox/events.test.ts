import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { Inbox } from '../../src/inbox/index.ts';
import { call, deliver, testInbox } from './support.ts';

/** Reads an event stream: each call gives the next event. */
// biome-ignore lint/suspicious/noExplicitAny: what it is like is what the tests ask
async function listen(inbox: Inbox): Promise<() => Promise<[string, any]>> {
  const response = await new Promise<IncomingMessage>((resolve) => {
    get({ host: '127.0.0.1', port: inbox.httpPort, path: '/api/v1/events', agent: false }, resolve);
  });
  expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  response.setEncoding('utf8');
  let text = '';
  const chunks = response[Symbol.asyncIterator]();
  return async () => {
    for (;;) {
      const found = /event: (\w+)\ndata: ([^\n]*)\n\n/.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return [found[1] ?? '', JSON.parse(found[2] ?? '')];
      }
      const { value, done } = await chunks.next();
      if (done) return ['end', undefined];
      text += value;
    }
  };
}

test('tells of every message that comes, changes and goes', async () => {
  const inbox = await testInbox({ maxMessages: 2 });
  const next = await listen(inbox);
  expect(await next()).toEqual(['hello', { total: 0, unread: 0 }]);

  await deliver(inbox, 'one\u2028two');
  const { id } = inbox.messages[0]!;
  const [name, added] = await next();
  expect(name).toBe('added');
  expect(added).toMatchObject({ total: 1, unread: 1, message: { id, read: false } });

  await call(inbox, 'PATCH', `/api/v1/messages/${id}`, {}, '{"read":true}');
  expect(await next()).toEqual(['changed', { ids: [id], read: true, total: 1, unread: 0 }]);
  // Said once: nothing changes by saying it again.
  await call(inbox, 'PATCH', `/api/v1/messages/${id}`, {}, '{"read":true}');

  for (const subject of ['two', 'three']) await deliver(inbox, subject);
  expect((await next())[0]).toBe('added');
  expect((await next())[0]).toBe('added');
  expect(await next()).toEqual(['removed', { ids: [id], total: 2, unread: 2 }]);

  inbox.clear();
  expect((await next())[1]).toMatchObject({ total: 0, unread: 0 });
  await inbox.close();
  expect((await next())[0]).toBe('end');
});

test('everybody who listens hears it; one who left is forgotten', async () => {
  const inbox = await testInbox();
  const readers = await Promise.all([listen(inbox), listen(inbox)]);
  for (const next of readers) await next();
  await deliver(inbox, 'x');
  for (const next of readers) expect((await next())[0]).toBe('added');
});

test('takes so many readers and no more', async () => {
  const inbox = await testInbox();
  const open = Array.from({ length: 100 }, () => listen(inbox));
  for (const next of await Promise.all(open)) await next();
  const answer = await call(inbox, 'GET', '/api/v1/events');
  expect(answer.status).toBe(503);
  expect(answer.json.error).toEqual({
    code: 'TOO_MANY_STREAMS',
    message: 'Too many event streams are open; close some pages.',
  });
});
