// What the options of `posthorn login` become.
import type { TokenFile } from '../token-file.ts';

/** The options of `posthorn login` as the parser gives them. */
export interface LoginFlags {
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly scope?: string;
  readonly tenant?: string;
  readonly username?: string;
  readonly store?: string;
  readonly browser?: boolean;
  readonly device?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Where and as whom: what both ways of agreeing need, and what is stored. */
export type LoginTarget = Omit<TokenFile, 'refreshToken'>;
