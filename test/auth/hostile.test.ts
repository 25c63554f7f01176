// Challenges come from outside: whatever they hold, reading them ends, in time that grows with their length only.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authenticationHint,
  mechanismKind,
  mechanismNames,
  type SaslLogin,
  saslprep,
} from '../../src/auth/index.ts';
import { PosthornError } from '../../src/base/index.ts';
import { expectLinear } from '../support/linear.ts';

const login: SaslLogin = {
  ...{ username: 'ann', password: 'pencil', token: 'ya29', service: 'smtp', host: 'x', port: 25 },
  offered: [],
  channelBindings: () => Buffer.alloc(32),
};

describe.each(mechanismNames)('%s', (name) => {
  it('answers any challenge or says what is wrong with it', async () => {
    const fragment = fc.oneof(
      fc.constantFrom(
        'r=',
        's=',
        'i=4096',
        ',',
        'v=',
        'e=',
        'm=x',
        'nonce="',
        'realm=',
        '"',
        '\\',
        '{"status":',
        'NTLMSSP\0\u0002\0\0\0',
        '\0'.repeat(40),
      ),
      fc.string({ maxLength: 20 }),
    );
    const challenge = fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(challenge, { maxLength: 3 }), async (challenges) => {
        const mechanism = mechanismKind(name)?.create(login);
        try {
          await mechanism?.start();
          for (const each of challenges) await mechanism?.next(Buffer.from(each, 'latin1'));
          mechanism?.finish?.();
        } catch (error) {
          expect(error).toBeInstanceOf(PosthornError);
          expect((error as PosthornError).message).not.toContain('pencil');
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('long input', () => {
  const next = async (name: string, text: string): Promise<void> => {
    try {
      await mechanismKind(name)?.create(login)?.next(Buffer.from(text));
    } catch (error) {
      expect(error).toBeInstanceOf(PosthornError);
    }
  };
  it.each([
    ['SCRAM-SHA-256', (n: number): string => `r=${'x'.repeat(n)},s=,i=1`],
    ['SCRAM-SHA-256', (n: number): string => `v=a${',x=y'.repeat(n)}=`],
    ['DIGEST-MD5', (n: number): string => `nonce="${'\\"'.repeat(n)}`],
    ['DIGEST-MD5', (n: number): string => ', '.repeat(n)],
    ['XOAUTH2', (n: number): string => '['.repeat(n)],
  ])('of %s is read once', (name, made) => {
    expectLinear((n) => void next(name, made(n)), 200_000);
  });

  it('is prepared once, and looked through for hints once', () => {
    expectLinear((n) => void saslprep('ä'.repeat(n), 'password'), 50_000);
    const reply = (n: number): { code: number; enhanced: undefined; lines: string[] } => ({
      ...{ code: 535, enhanced: undefined },
      lines: ['smtp '.repeat(n)],
    });
    expectLinear((n) => void authenticationHint(reply(n)), 100_000);
  });
});
