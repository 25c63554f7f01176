// What usually cures a refused login, by what the server said and who it is.
import type { SmtpReply } from '../base/index.ts';

/** What else is known about a refused login. */
export interface RefusedLogin {
  /** The server's host name. */
  readonly host?: string | undefined;
  /** The mechanism that was tried. */
  readonly mechanism?: string | undefined;
}

interface Case {
  readonly reply: SmtpReply;
  /** All lines, in lower case. */
  readonly text: string;
  readonly host: string;
  readonly mechanism: string;
  readonly isToken: boolean;
}

interface Hint {
  /** Whether this is the refusal the hint is for. */
  readonly applies: (refused: Case) => boolean;
  readonly hint: string;
}

const says =
  (...words: readonly string[]): Hint['applies'] =>
  ({ text }) =>
    words.some((word) => text.includes(word));

// A refusal by one of these hosts that is about user and password.
const at =
  (...domains: readonly string[]): Hint['applies'] =>
  ({ host, reply, isToken }) =>
    !isToken &&
    reply.code >= 500 &&
    domains.some((domain) => host === domain || host.endsWith(`.${domain}`));

const APP_PASSWORD_AT_GOOGLE =
  'make an app password at https://myaccount.google.com/apppasswords (it needs two-step verification), or use OAuth';

// The first that applies is given: what the server says comes before what is known of the provider.
const HINTS: readonly Hint[] = [
  {
    applies: says('smtpclientauthentication is disabled', 'smtp_auth_disabled'),
    hint: 'SMTP AUTH is switched off in Microsoft 365 for this mailbox or tenant: an administrator can turn on "Authenticated SMTP" for the mailbox (https://aka.ms/smtp_auth_disabled); OAuth needs it too',
  },
  {
    applies: says('basic authentication is disabled', 'user credentials were incorrect'),
    hint: 'Microsoft no longer takes passwords here: use OAuth, or check user name and password if basic authentication is still allowed in your tenant',
  },
  {
    applies: says(
      'conditional access',
      'security defaults',
      'did not meet the criteria to be authenticated',
    ),
    hint: 'A Microsoft 365 security policy blocks this login: an administrator must allow it, or use OAuth',
  },
  {
    applies: ({ isToken, host, reply }) =>
      isToken && reply.code === 535 && /(^|\.)(office365|outlook)\.com$/.test(host),
    hint: "Microsoft did not take the token: it needs the scope https://outlook.office.com/SMTP.Send, 'username' must be the mailbox it was given for, and SMTP AUTH must be on for the mailbox; an application's own token needs a service principal in Exchange with a right to the mailbox",
  },
  {
    applies: ({ isToken, reply }) => isToken && reply.code === 535,
    hint: "The server did not take the token: check that it was given for the mailbox in 'username' and for the scope of sending mail (Google: https://mail.google.com/)",
  },
  {
    applies: says('application-specific password', 'invalidsecondfactor'),
    hint: `Google wants an app password for accounts with two-step verification: ${APP_PASSWORD_AT_GOOGLE}`,
  },
  {
    applies: says('web browser', 'webloginrequired'),
    hint: 'Google stopped this login as suspicious: log in once in a browser, then use an app password or OAuth',
  },
  {
    applies: says('too many login attempts', 'too many bad auth attempts', 'too many failed'),
    hint: 'The server counts too many failed logins: wait some time, and check the password before you try again',
  },
  {
    applies: says('badcredentials', 'gsmtp'),
    hint: `Google takes no account passwords here: ${APP_PASSWORD_AT_GOOGLE}`,
  },
  {
    applies: says('app-specific password', 'app password', 'application password'),
    hint: 'This provider wants an app password: make one in the security settings of the account',
  },
  {
    applies: ({ reply: { code, enhanced } }) => code === 538 || enhanced === '5.7.11',
    hint: "This mechanism needs an encrypted connection: write security: 'starttls' or 'implicit'",
  },
  {
    applies: says('starttls'),
    hint: "The server wants an encrypted connection first: write security: 'starttls'",
  },
  {
    applies: ({ reply: { code, enhanced } }) => code === 534 || enhanced === '5.7.9',
    hint: "The server finds this mechanism too weak: allow another in 'authMechanisms', or use an app password",
  },
  {
    applies: ({ reply: { code } }) => code === 504,
    hint: "The server does not take this mechanism although it may offer it: allow another in 'authMechanisms'",
  },
  {
    applies: ({ reply: { code } }) => code >= 400 && code < 500,
    hint: 'The server could not check the login just now: try again later',
  },
  {
    applies: ({ mechanism }) => mechanism.endsWith('-PLUS'),
    hint: "If the password is right, the server's channel binding does not work with this TLS version: name the mechanisms without -PLUS in 'authMechanisms'",
  },
  {
    applies: at('gmail.com', 'googlemail.com'),
    hint: `Google takes no account passwords here: ${APP_PASSWORD_AT_GOOGLE}`,
  },
  {
    applies: at('office365.com', 'outlook.com', 'hotmail.com', 'live.com'),
    hint: 'Microsoft takes passwords only where basic authentication is still allowed: use OAuth, or ask an administrator to turn on "Authenticated SMTP" for the mailbox',
  },
  {
    applies: at('yahoo.com', 'yahoodns.net', 'aol.com'),
    hint: 'Yahoo and AOL want an app password: make one under Account security; the account password does not work here',
  },
  {
    applies: at('mail.me.com', 'icloud.com'),
    hint: "Apple wants an app-specific password: make one at https://account.apple.com; 'username' is the iCloud address",
  },
  {
    applies: at('zoho.com', 'zoho.eu', 'zoho.in', 'zoho.com.au', 'zohocloud.ca'),
    hint: "Zoho wants an application-specific password when two-factor login is on, and the host of your data centre (smtp.zoho.eu, smtp.zoho.in …); 'username' is the whole address",
  },
  {
    applies: at('fastmail.com', 'messagingengine.com'),
    hint: "Fastmail wants an app password with access to SMTP: make one under Privacy & Security; 'username' is the whole address",
  },
  {
    applies: at('amazonaws.com', 'awsapps.com'),
    hint: 'Amazon SES has SMTP credentials of its own for each region: make them in the SES console under SMTP settings; IAM access keys do not work as they are',
  },
  {
    applies: at('sendgrid.net'),
    hint: "SendGrid wants 'apikey' as 'username', these six letters, and the API key as 'password'",
  },
  {
    applies: at('mailgun.org'),
    hint: "Mailgun has SMTP credentials for each domain: 'username' is such as postmaster@mg.example.com; the EU region has the host smtp.eu.mailgun.org",
  },
  {
    applies: at('postmarkapp.com'),
    hint: "Postmark wants the server's API token both as 'username' and as 'password'",
  },
  {
    applies: at('mailjet.com'),
    hint: "Mailjet wants the API key as 'username' and the secret key as 'password'",
  },
  {
    applies: at('brevo.com', 'sendinblue.com'),
    hint: 'Brevo has an SMTP key of its own: make one under SMTP & API; the account password and API keys do not work here',
  },
  {
    applies: ({ reply: { code, enhanced } }) => code === 535 || enhanced === '5.7.8',
    hint: "Check user name and password; many servers want the whole address as 'username' and an app password as 'password'",
  },
];

/** What usually cures this refusal; `undefined` when nothing is known about it. */
export function authenticationHint(
  reply: SmtpReply,
  { host = '', mechanism = '' }: RefusedLogin = {},
): string | undefined {
  const refused: Case = {
    reply,
    text: reply.lines.join(' ').toLowerCase(),
    host: host.toLowerCase(),
    mechanism,
    isToken: mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER',
  };
  return HINTS.find(({ applies }) => applies(refused))?.hint;
}
