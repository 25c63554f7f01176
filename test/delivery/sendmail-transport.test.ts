import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from 'posthorn';
import { SendmailTransport } from 'posthorn/delivery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, letter } from '../client/kit.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-sendmail-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that keeps its arguments and input, then does what `rest` says. */
async function program(rest = ''): Promise<string> {
  const path = join(folder, 'sendmail');
  const keep = 'printf \'%s\\n\' "$@" > args; cat > input.part && mv input.part input';
  await writeFile(
    path,
    `#!/bin/sh\ncd '${folder}'\n${rest.includes('NOREAD') ? '' : keep}\n${rest}\n`,
  );
  await chmod(path, 0o755);
  return path;
}
const kept = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const raw = { from: 'a@b.example', to: ['c@d.example', 'e@f.example'] };

describe('SendmailTransport', () => {
  it('runs the program without a shell, with the envelope as arguments', async () => {
    const path = await program('echo queued');
    const transport: Transport = new SendmailTransport({ path, args: ['-a', 'x y'] });
    await transport.verify?.();
    const receipt = await transport.send(
      { ...letter, bcc: '"a\\" -oQ/tmp $(x)"@example.com', text: '.\n..\nx' },
      { envelope: { from: 'bounces@example.com' } },
    );
    expect(await kept('args')).toBe(
      '-a\nx y\n-i\n-f\nbounces@example.com\n--\nbob@example.org\n"a\\" -oQ/tmp $(x)"@example.com\n',
    );
    const input = await kept('input');
    expect(input).toMatch(/\n\n\.\n\.\.\nx\n$/);
    expect(input).not.toMatch(/\r|bcc/i);
    expect(receipt).toMatchObject({
      accepted: ['bob@example.org', '"a\\" -oQ/tmp $(x)"@example.com'],
      reply: { code: 250, enhanced: '2.0.0', lines: ['queued'] },
      size: input.length,
      server: { host: path, port: 0, security: 'none' },
    });
  });

  it('writes line ends as told, of a stream cut anywhere', async () => {
    const text = 'A: b\r\n\r\none\rtwo\nthree\r\n\r';
    const path = await program();
    for (const lineEnds of ['lf', 'crlf'] as const) {
      const transport = new SendmailTransport({ path, lineEnds });
      await transport.sendRaw(Readable.from([...text]), { ...raw, from: '' });
      const end = lineEnds === 'lf' ? '\n' : '\r\n';
      expect(await kept('input')).toBe(['A: b', '', 'one', 'two', 'three', '', ''].join(end));
      expect(await kept('args')).toMatch(/^-i\n-f\n<>\n--\nc@d\.example\ne@f\.example\n$/);
    }
  });

  it('asks for reports where the program knows how', async () => {
    const path = await program();
    const envelope = {
      dsn: { notify: ['success', 'failure'], ret: 'headers', envid: '-x' },
    } as const;
    await new SendmailTransport({ path, dsn: true }).send(letter, { envelope });
    expect(await kept('args')).toMatch(/^-i\n-N\nsuccess,failure\n-R\nhdrs\n-V\n-x\n-f\n/);
    const plain = new SendmailTransport({ path });
    expect(await errorOf(() => plain.send(letter, { envelope }))).toMatchObject({
      code: 'FEATURE_NOT_OFFERED',
      message: `Reports were asked for with 'dsn', and ${path} does not offer DSN; give dsn.ifOffered or use another server`,
    });
  });

  it('refuses what a program could take for an option', async () => {
    const path = await program();
    const transport = new SendmailTransport({ path });
    for (const envelope of [{ from: '-f@b.example' }, { to: '-oQ/tmp@b.example' }]) {
      expect(await errorOf(() => transport.send(letter, { envelope }))).toMatchObject({
        name: 'InvalidAddressError',
        code: 'ADDRESS_INVALID',
        message: expect.stringContaining("begins with '-', which mail programs take for an option"),
      });
    }
    await expect(kept('args')).rejects.toThrow('ENOENT');
    const many = Array.from({ length: 2000 }, (_, n) => `somebody-${n}@example.com`);
    expect(await errorOf(() => transport.send({ ...letter, to: many }))).toMatchObject({
      code: 'FEATURE_NOT_OFFERED',
      message: expect.stringContaining('send it to fewer at a time'),
    });
    expect(() => new SendmailTransport({ args: ['-t'] })).toThrow('without -t');
  });

  it.each([
    [75, 'REPLY_NEGATIVE', 450, true, 'SmtpReplyError'],
    [67, 'RECIPIENTS_REJECTED', 550, false, 'RecipientsError'],
    [69, 'REPLY_NEGATIVE', 554, false, 'SmtpReplyError'],
    [71, 'REPLY_NEGATIVE', 451, true, 'SmtpReplyError'],
    [77, 'REPLY_NEGATIVE', 554, false, 'SmtpReplyError'],
  ])('tells exit code %i as a reply', async (exit, code, reply, retryable, name) => {
    const path = await program(`echo 'so \u001b[2Jbad' >&2; exit ${exit}`);
    const error = await errorOf(() => new SendmailTransport({ path }).send(letter));
    expect(error).toMatchObject({ name, code, retryable, delivered: 'no', reply: { code: reply } });
    expect(error['message']).toMatch(
      new RegExp(
        `^'${path}' ended with exit code ${exit} \\(EX_[A-Z]+\\): .*: so \\\\u\\{1b\\}\\[2Jbad; nothing was sent$`,
      ),
    );
  });

  it('does not say which of several is not known, and that others may have it', async () => {
    const path = await program('exit 67');
    const error = await errorOf(() => new SendmailTransport({ path }).sendRaw('A: b\n\nc', raw));
    expect(error).toMatchObject({
      code: 'REPLY_NEGATIVE',
      delivered: 'unknown',
      retryable: false,
      message: expect.stringContaining('others may have the message'),
    });
  });

  it('does not know about a program that dies with the whole message', async () => {
    const path = await program('kill -9 $$');
    expect(await errorOf(() => new SendmailTransport({ path }).send(letter))).toMatchObject({
      code: 'PROGRAM_FAILED',
      delivered: 'unknown',
      message: `'${path}' was ended by SIGKILL; it may have taken the message all the same`,
    });
  });

  it('takes the word of a program that reads nothing', async () => {
    const path = await program('exit 78 # NOREAD');
    const attachments = [{ filename: 'a', content: new Uint8Array(2_000_000) }];
    const send = () => new SendmailTransport({ path }).send({ ...letter, attachments });
    expect(await errorOf(send)).toMatchObject({ code: 'REPLY_NEGATIVE', delivered: 'no' });
    const quiet = await program('exit 0 # NOREAD');
    const go = () => new SendmailTransport({ path: quiet }).send({ ...letter, attachments });
    expect(await errorOf(go)).toMatchObject({
      code: 'PROGRAM_FAILED',
      delivered: 'no',
      message: `'${path}' ended with exit code 0; nothing was sent`,
    });
  });

  it('never lets half a message look whole', async () => {
    // A wrapper: what it runs must not see an end of the message either.
    const path = await program();
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('A: b\r\n\r\nfirst half\r\n');
      await sleep(100);
      throw new Error('gone');
    }
    const transport = new SendmailTransport({ path });
    expect(await errorOf(() => transport.sendRaw(Readable.from(breaking()), raw))).toMatchObject({
      code: 'MESSAGE_CONTENT_FAILED',
      delivered: 'no',
    });
    await sleep(100);
    expect(await kept('input.part')).toBe('A: b\n\nfirst half\n');
    await expect(kept('input')).rejects.toThrow('ENOENT');
  });

  it('ends a program that takes too long, or when the caller says so', async () => {
    const slow = await program('sleep 30');
    const late = new SendmailTransport({ path: slow, timeoutMs: 300 });
    expect(await errorOf(() => late.send(letter))).toMatchObject({
      name: 'TimeoutError',
      code: 'TIMEOUT',
      delivered: 'unknown',
      retryable: false,
      message: `'${slow}' took longer than 300 ms (timeoutMs) and was ended; it may have taken the message all the same`,
    });
    const deaf = await program('sleep 30 # NOREAD');
    const attachments = [{ filename: 'a', content: new Uint8Array(2_000_000) }];
    const transport = new SendmailTransport({ path: deaf });
    const signal = AbortSignal.timeout(200);
    const call = () => transport.send({ ...letter, attachments }, { signal });
    expect(await errorOf(call)).toMatchObject({ code: 'ABORTED', delivered: 'no' });
    await transport.close();
  });

  it('tells when there is no such program', async () => {
    const transport = new SendmailTransport({ path: '/nowhere/sendmail' });
    for (const call of [() => transport.send(letter), () => transport.verify()]) {
      expect(await errorOf(call)).toMatchObject({
        code: 'PROGRAM_UNUSABLE',
        message:
          "'/nowhere/sendmail' is not there; install a mail server such as Postfix, or give the path of another program; nothing was sent",
        delivered: 'no',
      });
    }
  });
});
