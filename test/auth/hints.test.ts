import { describe, expect, it } from 'vitest';
import { authenticationHint } from '../../src/auth/index.ts';
import { isAboutMechanism } from '../../src/auth/internal.ts';

const replyOf = (line: string): { code: number; enhanced: string | undefined; lines: string[] } => {
  const [, code = '', enhanced, text = ''] =
    /^(\d{3})(?: (\d\.\d+\.\d+))?(?: (.*))?$/.exec(line) ?? [];
  return { code: Number(code), enhanced, lines: [text] };
};

describe('hints', () => {
  it.each([
    [
      535,
      '5.7.8',
      'Username and Password not accepted. BadCredentials - gsmtp',
      'myaccount.google.com',
    ],
    [
      534,
      '5.7.9',
      'Application-specific password required. InvalidSecondFactor',
      'two-step verification',
    ],
    [535, '5.7.139', 'SmtpClientAuthentication is disabled for the Mailbox', 'Authenticated SMTP'],
    [535, '5.7.139', 'user credentials were incorrect', 'use OAuth'],
    [535, '5.7.139', 'the user is blocked by Conditional Access policy', 'security policy'],
    [535, undefined, 'Please use an app-specific password', 'wants an app password'],
    [530, '5.7.0', 'Must issue a STARTTLS command first', "write security: 'starttls'"],
    [538, undefined, 'Encryption required', 'needs an encrypted connection'],
    [504, '5.7.11', 'no', 'needs an encrypted connection'],
    [534, '5.7.9', 'too weak', 'too weak'],
    [454, '4.7.0', 'try later', 'try again later'],
    [535, undefined, 'no', 'Check user name and password'],
  ])('for %s %s %s', (code, enhanced, line, hint) => {
    expect(authenticationHint({ code, enhanced, lines: [line] })).toContain(hint);
  });

  it('are not made up', () => {
    expect(
      authenticationHint({ code: 500, enhanced: undefined, lines: ['what?'] }),
    ).toBeUndefined();
  });

  it.each([
    ['smtp.gmail.com', 'PLAIN', '535 5.7.8 no', 'app password at https://myaccount.google.com'],
    [
      'smtp.office365.com',
      'LOGIN',
      '535 5.7.3 Authentication unsuccessful',
      'basic authentication',
    ],
    ['smtp.office365.com', 'XOAUTH2', '535 5.7.3 Authentication unsuccessful', 'SMTP.Send'],
    [
      'smtp.gmail.com',
      'XOAUTH2',
      '535 5.7.8 Username and Password not accepted',
      'did not take the token',
    ],
    [
      'smtp.mail.yahoo.com',
      'PLAIN',
      '535 5.7.0 (#MBR1212) Incorrect',
      'Yahoo and AOL want an app password',
    ],
    ['smtp.mail.me.com', 'PLAIN', '535 5.7.8 Error: authentication failed', 'Apple wants'],
    ['smtp.zoho.eu', 'PLAIN', '535 Authentication Failed', 'Zoho wants'],
    ['smtp.fastmail.com', 'PLAIN', '535 5.7.0 Incorrect', 'Fastmail wants'],
    [
      'email-smtp.eu-west-1.amazonaws.com',
      'PLAIN',
      '535 Authentication Credentials Invalid',
      'IAM access keys do not work',
    ],
    [
      'smtp.sendgrid.net',
      'PLAIN',
      '535 Authentication failed: Bad username / password',
      "'apikey'",
    ],
    ['smtp.mailgun.org', 'PLAIN', '535 Authentication failed', 'smtp.eu.mailgun.org'],
    ['smtp.postmarkapp.com', 'CRAM-MD5', '535 5.7.8 x', 'API token'],
    ['in-v3.mailjet.com', 'PLAIN', '535 x', 'secret key'],
    ['smtp-relay.brevo.com', 'PLAIN', '535 5.7.8 Authentication failed', 'SMTP key'],
    [
      'smtp.gmail.com',
      'PLAIN',
      '534 5.7.14 <https://accounts.google.com/x> Please log in via your web browser',
      'log in once in a browser',
    ],
    [
      'smtp.gmail.com',
      'PLAIN',
      '454 4.7.0 Too many login attempts, please try again later. - gsmtp',
      'wait some time',
    ],
    ['smtp.sendgrid.net', 'PLAIN', '454 4.7.0 later', 'try again later'],
    ['evil-gmail.com', 'PLAIN', '535 5.7.8 no', 'Check user name and password'],
    ['x.test', 'SCRAM-SHA-1-PLUS', '535 5.7.8 no', 'without -PLUS'],
    ['x.test', 'PLAIN', '504 5.7.4 Unrecognized authentication type', "'authMechanisms'"],
  ])('for %s by %s %j', (host, mechanism, reply, hint) => {
    expect(authenticationHint(replyOf(reply), { host, mechanism })).toContain(hint);
  });
});

describe('a refusal', () => {
  it.each([
    ['504 5.5.4 Unrecognized authentication type', true],
    ['504 5.7.4 Unrecognized authentication type', true],
    ['504 5.3.3 AUTH mechanism SCRAM-SHA-1 not available', true],
    ['504 no', true],
    ['538 5.7.11 Encryption required for requested authentication mechanism', true],
    ['534 5.7.9 Authentication mechanism is too weak', true],
    ['432 4.7.12 A password transition is needed', true],
    ['535 5.7.8 Error: authentication failed: Invalid authentication mechanism', true],
    ['535 5.7.8 Error: authentication failed: no mechanism available', true],
    ['534 5.7.9 Application-specific password required. - gsmtp', false],
    ['534 5.7.14 Please log in via your web browser and then try again.', false],
    ['535 5.7.8 Error: authentication failed', false],
    ['535 5.7.139 Authentication unsuccessful, basic authentication is disabled.', false],
    ['535 5.7.3 Authentication unsuccessful', false],
    ['454 4.7.0 Temporary authentication failure', false],
    ['500 5.5.1 What?', false],
    ['530 5.7.0 Must issue a STARTTLS command first', false],
  ])('with %j is about the mechanism: %s', (reply, isIt) => {
    expect(isAboutMechanism(replyOf(reply))).toBe(isIt);
  });
});
