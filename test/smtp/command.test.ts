import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authCommand,
  authResponse,
  command,
  mailCommand,
  rcptCommand,
} from '../../src/smtp/command.ts';

describe('command lines', () => {
  it('are written as RFC 5321 says', () => {
    expect(command('QUIT')).toEqual({ line: 'QUIT', shown: 'QUIT' });
    expect(mailCommand('', '').line).toBe('MAIL FROM:<>');
    expect(mailCommand('a@x', ' SIZE=5 SMTPUTF8').line).toBe('MAIL FROM:<a@x> SIZE=5 SMTPUTF8');
    expect(rcptCommand('b@x', ' NOTIFY=NEVER').line).toBe('RCPT TO:<b@x> NOTIFY=NEVER');
  });

  it('show nothing of a login', () => {
    expect(authCommand('PLAIN', 'AGFubgBzZXNhbWU=')).toEqual({
      line: 'AUTH PLAIN AGFubgBzZXNhbWU=',
      shown: 'AUTH PLAIN ***',
    });
    expect(authCommand('LOGIN', undefined)).toEqual({ line: 'AUTH LOGIN', shown: 'AUTH LOGIN' });
    expect(authCommand('EXTERNAL', '').line).toBe('AUTH EXTERNAL =');
    expect(authResponse('c2VzYW1l')).toEqual({ line: 'c2VzYW1l', shown: '***' });
  });

  it('never carry CR, LF or NUL', () => {
    const makers = [
      command,
      authResponse,
      (text: string) => mailCommand(text, ''),
      (text: string) => mailCommand('a@x', text),
      (text: string) => rcptCommand(text, ''),
      (text: string) => rcptCommand('b@x', text),
    ];
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('\r', '\n', '\0', '\r\nRCPT TO:<e@evil>'),
        fc.string(),
        fc.constantFrom(...makers),
        (before, bad, after, make) => {
          expect(() => make(before + bad + after)).toThrow(
            'A command to the server must not hold CR, LF or NUL; check the addresses and names given',
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('end at 4096 octets', () => {
    expect(command('x'.repeat(4094)).line.length).toBe(4094);
    expect(() => command('x'.repeat(4095))).toThrow(
      "A command line is over the limit 'commandBytes' of 4096",
    );
    expect(() => command('€'.repeat(1400))).toThrow("over the limit 'commandBytes'");
  });
});
