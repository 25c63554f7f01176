// The options of `posthorn login`, and its help.
import type { Configure } from '../verb.ts';
import type { LoginFlags } from './flags.ts';

const help = `
PROVIDER is google, microsoft, or the URL of an issuer (OpenID Connect or RFC 8414). You are shown
an address and a code; when you have agreed there, in any browser, the refresh token is printed,
or stored with --store in a file that only you can read. Google gives no mail rights that way, so
there the browser on this machine is used: an address is shown that comes back to this command.

The application's id (--client-id or POSTHORN_CLIENT_ID) is one that you have registered at the
provider: at Google as a desktop app, at Microsoft as a public client. Its secret, where there is
one, comes from --client-secret-file or POSTHORN_CLIENT_SECRET.

Examples:
  posthorn login microsoft --client-id 11111111-2222-3333-4444-555555555555 --store work.token
  posthorn login google --client-id ID --client-secret-file secret.txt --store gmail.token
  posthorn login https://id.example.com --client-id cli --scope 'offline_access mail' --json
  posthorn send --server smtp://ann@smtp.office365.com:587 --token-file work.token stored.eml

With --json each line is one object: { "event": "prompt" | "tokens" | "stored", ... }.

Exit codes: 0 done, 64 wrong usage, 69 the provider can't be used, 75 try again later, 77 it or
the user said no.`;

/** Adds the options of `posthorn login` to its command. */
export const configureLogin: Configure = (command, io, done) => {
  command
    .description(
      'Log in at Google, Microsoft or another provider, to send with OAuth instead of a password.',
    )
    .argument('<PROVIDER>', 'google, microsoft or the URL of an issuer')
    .option('--client-id <ID>', "the application's id; default: POSTHORN_CLIENT_ID")
    .option('--client-secret-file <PATH>', "file whose first line is the application's secret")
    .option('--scope <SCOPES>', 'what is asked for; default: sending mail')
    .option('--tenant <TENANT>', 'the directory at Microsoft: its id or domain; default: common')
    .option('--username <ADDRESS>', 'the account, so that the browser does not have to ask')
    .option('--store <PATH>', 'write a file for --token-file instead of printing the token')
    .option('--browser', 'use the browser on this machine instead of a code')
    .option('--device', 'use a code, also at Google')
    .option('--json', 'print one JSON object a line for what happens')
    .option('--verbose', 'also say where a fault of the command itself was')
    .addHelpText('after', help)
    .action(async (provider: string, flags: LoginFlags) => {
      const { runLogin } = await import('./login.ts');
      done(await runLogin(provider, flags, io));
    });
};
