import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  DiscoveryError,
  FormatError,
  InvalidAddressError,
  InvalidMessageError,
  LimitError,
  OptionError,
  PosthornError,
  RecipientsError,
  type SmtpReply,
  SmtpReplyError,
  TimeoutError,
  TlsError,
} from '../../src/base/index.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';

const reply = (code: number): SmtpReply => ({ code, enhanced: undefined, lines: ['no'] });
const refused = (...codes: number[]): RecipientsError =>
  new RecipientsError(
    'No recipient was accepted',
    codes.map((code) => ({ address: 'a@example.com', reply: reply(code) })),
    { reply: reply(codes.at(-1) ?? 550) },
  );
const system = (code: string): Error =>
  Object.assign(new Error(code), { code, syscall: 'open', path: 'x' });

describe('exit codes', () => {
  it.each([
    [64, new OptionError('port', 'x')],
    [65, new InvalidAddressError('ADDRESS_INVALID', 'x', 'x', 0)],
    [65, new InvalidMessageError('MESSAGE_NO_RECIPIENT', 'x')],
    [65, new InvalidMessageError('MESSAGE_TOO_LARGE', 'x')],
    [65, new LimitError('depth', 100, 'x')],
    [65, new FormatError('x', 'eml', 0)],
    [66, new InvalidMessageError('MESSAGE_ATTACHMENT_UNREADABLE', 'x')],
    [66, system('ENOENT')],
    [66, system('EISDIR')],
    [69, new ConnectionError('CONNECTION_REFUSED', 'x', { retryable: true })],
    [69, new ConnectionError('CONNECTION_DNS', 'x')],
    [69, new TlsError('TLS_CERTIFICATE', 'x')],
    [69, new SmtpReplyError('REPLY_NEGATIVE', 'x', { reply: reply(550) })],
    [69, refused(550, 551)],
    [69, refused(450, 550)],
    [70, new TypeError('a bug')],
    [74, system('ENOSPC')],
    [74, new ConnectionError('CONNECTION_CLOSED', 'x', { delivered: 'unknown' })],
    [74, new TimeoutError('TIMEOUT', 'x', { delivered: 'unknown', retryable: true })],
    [75, new SmtpReplyError('REPLY_NEGATIVE', 'x', { reply: reply(451) })],
    [75, new AuthenticationError('AUTH_FAILED', 'x', { reply: reply(454) })],
    [75, refused(450, 452)],
    [75, new TimeoutError('TIMEOUT', 'x')],
    [77, new AuthenticationError('AUTH_FAILED', 'x', { reply: reply(535) })],
    [77, new AuthenticationError('AUTH_PLAINTEXT_REFUSED', 'x')],
    [77, new DiscoveryError('x', [], { cause: new AuthenticationError('AUTH_FAILED', 'x') })],
    [69, new DiscoveryError('x', [])],
    [130, new PosthornError('ABORTED', 'x')],
  ])('%i for %s', (code, error) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
