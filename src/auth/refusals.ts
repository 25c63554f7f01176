// Whether a refusal is about the mechanism or about the person: only the first is a reason to try another mechanism.
import type { SmtpReply } from '../base/index.ts';

interface Sign {
  /** Whether the reply says that the mechanism, not the password, was wrong. */
  readonly applies: (reply: SmtpReply, text: string) => boolean;
}

// RFC 4954 section 6 and what servers were seen to say. Texts are compared in lower case.
const ABOUT_THE_MECHANISM: readonly Sign[] = [
  // RFC 4954 section 4: unrecognized authentication type. Exchange says 504 5.7.4, sendmail 504 5.3.3, others no
  // enhanced code at all.
  { applies: ({ code }) => code === 504 },
  // Encryption required for this mechanism.
  { applies: ({ code, enhanced }) => code === 538 || enhanced === '5.7.11' },
  // The account has to log in by PLAIN once, so that the server learns what this mechanism needs.
  { applies: ({ code, enhanced }) => code === 432 || enhanced === '4.7.12' },
  // Too weak, in the words of the RFC; Google means by the same code that it wants an app password or a browser.
  {
    applies: ({ code, enhanced }, text) =>
      (code === 534 || enhanced === '5.7.9') &&
      !/application-specific|web browser|gsmtp/.test(text),
  },
  // Postfix, of what its SASL library can't do: Dovecot's words, then those of Cyrus SASL.
  {
    applies: (_, text) =>
      ['invalid authentication mechanism', 'no mechanism available', 'no secret in database'].some(
        (words) => text.includes(words),
      ),
  },
];

/** Whether the server says that another mechanism may do. */
export function isAboutMechanism(reply: SmtpReply): boolean {
  const text = reply.lines.join(' ').toLowerCase();
  return ABOUT_THE_MECHANISM.some(({ applies }) => applies(reply, text));
}
