// What is known of the big providers: addresses, and the scope that sending mail needs.
import { OptionError } from '../../base/index.ts';
import type { OAuthPreset } from './options.ts';

/** The ways to a token, by what they need. */
export type GrantKind = 'user' | 'application' | 'assertion';

/** Addresses and scopes of one provider. */
export interface Preset {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly deviceAuthorizationEndpoint: string;
  readonly scopes: Readonly<Record<GrantKind, readonly string[]>>;
}

/** The preset's addresses and scopes; `tenant` matters to Microsoft only. */
export function presetOf(name: OAuthPreset, tenant = 'common'): Preset {
  switch (name) {
    case 'google':
      return GOOGLE;
    case 'microsoft':
      return microsoft(tenant);
    default:
      name satisfies never;
      throw new OptionError('preset', "Option 'preset' must be 'google' or 'microsoft'");
  }
}

const GOOGLE: Preset = {
  issuer: 'https://accounts.google.com',
  authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenEndpoint: 'https://oauth2.googleapis.com/token',
  deviceAuthorizationEndpoint: 'https://oauth2.googleapis.com/device/code',
  // The one scope that Gmail's SMTP and IMAP take.
  scopes: {
    user: ['https://mail.google.com/'],
    application: ['https://mail.google.com/'],
    assertion: ['https://mail.google.com/'],
  },
};

function microsoft(tenant: string): Preset {
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(tenant)) {
    throw new OptionError('tenant', "Option 'tenant' must be the id or the domain of a directory");
  }
  const base = `https://login.microsoftonline.com/${tenant}`;
  const user = ['https://outlook.office.com/SMTP.Send', 'offline_access'];
  return {
    issuer: `${base}/v2.0`,
    authorizationEndpoint: `${base}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${base}/oauth2/v2.0/token`,
    deviceAuthorizationEndpoint: `${base}/oauth2/v2.0/devicecode`,
    // An application asks for whatever an administrator has granted it.
    scopes: { user, application: ['https://outlook.office365.com/.default'], assertion: user },
  };
}
