// Who logs in and by which mechanisms: checked once, before there is a connection.
import { OptionError, printable } from '../base/index.ts';
import { defaultMechanismNames, mechanismNames, mechanismTable } from './mechanism-table.ts';
import { type TokenProvider, type TokenSource, tokenProviderOf } from './oauth/token-provider.ts';
import type { SaslMechanismFacts, SaslMechanismKind } from './sasl/mechanism.ts';

/** A mechanism by its name, or your own. */
export type MechanismChoice = string | SaslMechanismKind;

/** What options say about a login. */
export interface AccountOptions {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tokenProvider?: TokenSource | undefined;
  readonly authMechanisms?: readonly MechanismChoice[] | undefined;
}

/** Who logs in. */
export interface Account {
  /** Empty only where nothing but the connection says who it is. */
  readonly username: string;
  /** Empty when there is none. */
  readonly password: string;
  readonly tokenProvider: TokenProvider | undefined;
  /** The mechanisms that may be used, best first. */
  readonly mechanisms: readonly SaslMechanismFacts[];
}

/** Whether `value` can be a member of `authMechanisms`. */
export function isMechanismChoice(value: unknown): value is MechanismChoice {
  if (typeof value === 'string') return mechanismNames.includes(value);
  if (typeof value !== 'object' || value === null) return false;
  const { name, needs, revealsSecret, create } = value as Partial<SaslMechanismKind>;
  // RFC 4422 section 3.1.
  const hasName = typeof name === 'string' && /^[A-Z0-9_-]{1,20}$/.test(name);
  const hasNeeds = needs === 'password' || needs === 'token' || needs === 'nothing';
  return hasName && hasNeeds && typeof revealsSecret === 'boolean' && typeof create === 'function';
}

/**
 * The account that the options describe; `undefined` when they ask for no login. Throws `OptionError`, which
 * never repeats a secret.
 */
export function accountOf(options: AccountOptions): Account | undefined {
  const { username, password, tokenProvider } = options;
  const allowed = factsOf(options.authMechanisms ?? defaultMechanismNames);
  // EXTERNAL and ANONYMOUS need nothing: to name them is to ask for a login.
  const isOpen = allowed.some(({ needs }) => needs === 'nothing');
  if (username === undefined && password === undefined && !tokenProvider && !isOpen) {
    return undefined;
  }
  checkTogether(options, isOpen);
  checkText('username', username);
  checkText('password', password);
  const has = { password: password !== undefined, token: !!tokenProvider, nothing: true };
  const mechanisms = allowed.filter(({ needs }) => has[needs]);
  if (mechanisms.length === 0 && allowed.length > 0) throw noneFits(allowed, has.token);
  return {
    username: username ?? '',
    password: password ?? '',
    tokenProvider: tokenProvider && tokenProviderOf(tokenProvider),
    mechanisms,
  };
}

function factsOf(choices: readonly MechanismChoice[]): SaslMechanismFacts[] {
  return choices.flatMap((choice) =>
    typeof choice === 'string' ? (mechanismTable.get(choice) ?? []) : choice,
  );
}

function checkTogether(
  { username, password, tokenProvider }: AccountOptions,
  isOpen: boolean,
): void {
  if (password !== undefined && tokenProvider) {
    throw new OptionError(
      'tokenProvider',
      "Options 'password' and 'tokenProvider' don't go together: give the one that the server wants",
    );
  }
  if (username === undefined && (password !== undefined || tokenProvider)) {
    const other = tokenProvider ? 'tokenProvider' : 'password';
    throw new OptionError(
      'username',
      `Option 'username' must be given too: a login needs both username and ${other}`,
    );
  }
  if (username !== undefined && password === undefined && !tokenProvider && !isOpen) {
    throw new OptionError(
      'password',
      "Option 'password' must be given too: a login needs both username and password (or tokenProvider)",
    );
  }
}

// RFC 4616 section 2, RFC 7628 section 3.1: NUL and U+0001 divide the fields.
function checkText(option: 'username' | 'password', value: string | undefined): void {
  if (value === undefined) return;
  if (option === 'username' && value === '') {
    throw new OptionError(option, `Option '${option}' must not be empty`);
  }
  const divider = option === 'username' ? /[\0\u0001]/ : /\0/;
  if (divider.test(value)) {
    throw new OptionError(option, `Option '${option}' must not hold NUL characters`);
  }
}

function noneFits(allowed: readonly SaslMechanismFacts[], hasToken: boolean): OptionError {
  const names = printable(allowed.map(({ name }) => name).join(', '));
  const cure = hasToken
    ? "takes a token; add 'XOAUTH2' or 'OAUTHBEARER'"
    : "takes a password; give 'tokenProvider'";
  return new OptionError('authMechanisms', `None of ${names} in 'authMechanisms' ${cure}`);
}
