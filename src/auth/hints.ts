// What usually cures a refused login, by what the server said.
import type { SmtpReply } from '../base/index.ts';

interface Hint {
  /** Whether this is the refusal the hint is for. */
  readonly applies: (reply: SmtpReply, text: string) => boolean;
  readonly hint: string;
}

const says =
  (...words: readonly string[]): Hint['applies'] =>
  (_, text) =>
    words.some((word) => text.includes(word));

// The first that applies is given. Texts are compared in lower case.
const HINTS: readonly Hint[] = [
  {
    applies: says('smtpclientauthentication is disabled', 'smtp_auth_disabled'),
    hint: 'SMTP AUTH is switched off in Microsoft 365 for this mailbox or tenant: an administrator can turn on "Authenticated SMTP" for the mailbox, or use OAuth',
  },
  {
    applies: says('basic authentication is disabled', 'user credentials were incorrect'),
    hint: 'Microsoft no longer takes passwords here: use OAuth, or check user name and password if basic authentication is still allowed in your tenant',
  },
  {
    applies: says('conditional access', 'security defaults'),
    hint: 'A Microsoft 365 security policy blocks this login: an administrator must allow it, or use OAuth',
  },
  {
    applies: says('application-specific password', 'invalidsecondfactor'),
    hint: 'Google wants an app password for accounts with two-step verification: make one at https://myaccount.google.com/apppasswords, or use OAuth',
  },
  {
    applies: says('badcredentials', 'gsmtp'),
    hint: 'Google takes no account passwords here: make an app password at https://myaccount.google.com/apppasswords, or use OAuth',
  },
  {
    applies: says('app-specific password', 'app password', 'application password'),
    hint: 'This provider wants an app password: make one in the security settings of the account',
  },
  {
    applies: ({ code, enhanced }) => code === 538 || enhanced === '5.7.11',
    hint: "This mechanism needs an encrypted connection: write security: 'starttls' or 'implicit'",
  },
  {
    applies: (_, text) => text.includes('starttls'),
    hint: "The server wants an encrypted connection first: write security: 'starttls'",
  },
  {
    applies: ({ code, enhanced }) => code === 534 || enhanced === '5.7.9',
    hint: "The server finds this mechanism too weak: allow another in 'authMechanisms', or use an app password",
  },
  {
    applies: ({ code }) => code === 432 || code === 454 || (code >= 400 && code < 500),
    hint: 'The server could not check the login just now: try again later',
  },
  {
    applies: ({ code, enhanced }) => code === 535 || enhanced === '5.7.8',
    hint: "Check user name and password; many servers want the whole address as 'username' and an app password as 'password'",
  },
];

/** What usually cures this refusal; `undefined` when nothing is known about it. */
export function authenticationHint(reply: SmtpReply): string | undefined {
  const text = reply.lines.join(' ').toLowerCase();
  return HINTS.find(({ applies }) => applies(reply, text))?.hint;
}
