import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { RawSmtp, sendRaw } from '../support/raw-smtp.ts';
import { plain } from './sample-mail.ts';
import { testInbox } from './support.ts';

test('announces what it takes', async () => {
  const inbox = await testInbox({ maxMessageBytes: 4321 });
  const smtp = await RawSmtp.open(inbox.smtpPort);
  const offered = (await smtp.command('EHLO me.example'))
    .split('\r\n')
    .map((line) => line.slice(4));
  expect(offered).toEqual(
    expect.arrayContaining(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN']),
  );
  expect(offered).toContain('SIZE 4321');
  expect(offered.join()).not.toContain('STARTTLS');
  expect(await smtp.command('STARTTLS')).toMatch(/^5/);
  smtp.socket.destroy();
});

test('greets at once', async () => {
  const inbox = await testInbox();
  let quickest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 10 && quickest >= 90; attempt += 1) {
    const start = performance.now();
    (await RawSmtp.open(inbox.smtpPort)).socket.destroy();
    quickest = Math.min(quickest, performance.now() - start);
  }
  // smtp-server by itself waits 100 ms.
  expect(quickest).toBeLessThan(90);
});

test('keeps the octets as they came, dots unstuffed', async () => {
  const inbox = await testInbox();
  const content = Buffer.from(
    'Subject: raw\r\n\r\n.dot\r\n..two\r\n.\u00e9 8-bit\r\nbare\nfeeds\r\n\r\n.\r\r\nend \t\r\n',
  );
  const sent = content.toString('latin1').replace('\r\n\r\n.\r\r\n', '\r\n\r\n.x\r\n');
  await sendRaw({ port: inbox.smtpPort, content: Buffer.from(sent, 'latin1') });
  const [mail] = inbox.messages;
  expect(Buffer.from(mail!.raw).toString('latin1')).toBe(sent);
  expect(mail!.size).toBe(sent.length);
});

test('the envelope is what the commands said', async () => {
  const inbox = await testInbox();
  const to = ['bob@example.com', 'hidden@example.com', 'user.@odd.example', 'Postmaster'];
  await sendRaw({ port: inbox.smtpPort, from: '', to, content: plain });
  const [mail] = inbox.messages;
  expect(mail!.envelope).toEqual({ from: '', to });
  expect(mail!.session).toMatchObject({ clientName: 'client.example', remoteAddress: '127.0.0.1' });
});

test('UTF-8 mailboxes arrive, domains as A-labels', async () => {
  const inbox = await testInbox();
  const smtp = await RawSmtp.open(inbox.smtpPort);
  await smtp.command('EHLO me.example');
  expect(await smtp.command('MAIL FROM:<jürgen@bücher.example> SMTPUTF8')).toMatch(/^250/);
  expect(await smtp.command('RCPT TO:<bob@xn--bcher-kva.example>')).toMatch(/^250/);
  await smtp.command('DATA');
  expect(await smtp.command('Subject: x\r\n\r\ny\r\n.')).toMatch(/^250/);
  smtp.socket.destroy();
  expect(inbox.messages[0]!.envelope).toEqual({
    from: 'jürgen@xn--bcher-kva.example',
    to: ['bob@xn--bcher-kva.example'],
  });
});

test.each([
  ['PLAIN', ['AUTH PLAIN AGFubgBzZWNyZXQ='], 'ann'],
  ['LOGIN', ['AUTH LOGIN', 'YW5u', 'c2VjcmV0'], 'ann'],
  ['no login', [], undefined],
])('takes %s, and keeps no password', async (_name, before, username) => {
  const inbox = await testInbox();
  const reply = await sendRaw({ port: inbox.smtpPort, content: plain, before });
  expect(reply).toMatch(/^250 /);
  const [mail] = inbox.messages;
  expect(mail!.session.username).toBe(username);
  expect(JSON.stringify(mail!.session)).not.toContain('secret');
});

test('a message over the limit is refused, by its SIZE and by its length', async () => {
  const inbox = await testInbox({ maxMessageBytes: 2000 });
  const content = `Subject: big\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(5000, 'y');
  const { smtpPort: port } = inbox;
  expect(await sendRaw({ port, content, mailParameters: ' SIZE=5000' })).toMatch(/^552 /);
  expect(await sendRaw({ port, content })).toMatch(/^552 /);
  expect(await sendRaw({ port, content: 'Subject: small\r\n\r\nfits\r\n' })).toMatch(/^250 /);
  expect(inbox.messages.map(({ subject }) => subject)).toEqual(['small']);
});

test('a message that breaks off is not there', async () => {
  const inbox = await testInbox();
  const smtp = await RawSmtp.open(inbox.smtpPort);
  for (const line of ['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA']) {
    await smtp.command(line);
  }
  smtp.socket.write('Subject: half\r\n\r\nonly the begin');
  smtp.socket.end();
  await new Promise((done) => smtp.socket.once('close', done));
  await sendRaw({ port: inbox.smtpPort, content: plain });
  expect(inbox.messages).toHaveLength(1);
  expect(inbox.messages[0]!.subject).toMatch(/^Re: /);
});

test('offers STARTTLS when it has a certificate, and tells that it was used', async () => {
  const pem = (name: string) =>
    readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
  const inbox = await testInbox({ tls: { cert: pem('server'), key: pem('server.key') } });
  const smtp = await RawSmtp.open(inbox.smtpPort);
  expect(await smtp.command('EHLO me.example')).toContain('STARTTLS');
  expect(await smtp.command('STARTTLS')).toMatch(/^220 /);
  smtp.socket.removeAllListeners('data');
  const secure = connect({ socket: smtp.socket, ca: pem('ca'), servername: 'localhost' });
  const dialogue = [
    'EHLO me',
    'MAIL FROM:<a@b.example>',
    'RCPT TO:<c@d.example>',
    'DATA',
    'x: y\r\n\r\nz\r\n.',
  ];
  secure.once('secureConnect', () => secure.write(`${dialogue.shift()}\r\n`));
  secure.on('data', (reply: Buffer) => {
    if (!/^\d{3} /m.test(reply.toString())) return;
    const next = dialogue.shift();
    if (next === undefined) secure.destroy();
    else secure.write(`${next}\r\n`);
  });
  const mail = await inbox.waitForMail();
  expect(mail.session.encrypted).toBe(true);
});

test('a certificate that is none is refused before anything listens', async () => {
  await expect(testInbox({ tls: { cert: 'x', key: 'y' } })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    option: 'tls',
    message: expect.stringMatching(/^Option 'tls' must hold a certificate and its key in PEM: .+/),
  });
});
