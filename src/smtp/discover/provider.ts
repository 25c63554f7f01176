// Finds a provider in the table: by the name people give it, by the domain of an address, by a host or a mail exchanger.
import { OptionError, printable } from '../../base/index.ts';
import { isLoopbackHost } from '../../net/index.ts';
import { type Provider, providers } from './providers.data.ts';

const SES_SOURCE = 'https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html';
const SES_REGION = /^[a-z]{2}(?:-[a-z]+){1,2}-\d{1,2}$/;
const SES_HOST = /^email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com$/;

/**
 * The provider called so, in any spelling: by its name (`'gmail'`, `'ses-eu-west-1'`), a domain of its
 * addresses (`'me.com'`) or its server (`'smtp.gmail.com'`); `undefined` when it is not in the table.
 */
export function findProvider(nameOrDomainOrHost: string): Provider | undefined {
  const text = nameOrDomainOrHost.toLowerCase();
  return byName(text) ?? providerByDomain(text) ?? providerByHost(text);
}

/** The provider called `name`, as `service` takes it. Throws `OptionError` when there is none. */
export function providerByName(name: string): Provider {
  const found = byName(name);
  if (found) return found;
  if (/^(?:amazon|aws)?ses$/.test(plain(name))) {
    throw new OptionError(
      'service',
      "Amazon SES has a host for each region; write service: 'ses-eu-west-1' or the region you use",
    );
  }
  throw new OptionError(
    'service',
    `No service is known as '${printable(name, 80)}'; give 'host' instead, or one of ${providers
      .map((each) => each.name)
      .join(', ')}, ses-REGION`,
  );
}

/** The provider whose addresses end in `domain` (ASCII, lower case). */
export function providerByDomain(domain: string): Provider | undefined {
  return providers.find(({ domains }) => domains?.includes(domain));
}

/** The provider whose server `host` is (ASCII, lower case). */
export function providerByHost(host: string): Provider | undefined {
  const region = SES_HOST.exec(host)?.[1];
  // A program of this machine is no provider, whatever else runs here.
  const found = isLoopbackHost(host) ? undefined : providers.find((each) => each.host === host);
  return found ?? (region === undefined ? undefined : sesIn(region, host));
}

/** The provider that hosts a domain with this mail exchanger; the longest end that fits. */
export function providerByExchanger(exchanger: string): Provider | undefined {
  let best: { readonly end: string; readonly provider: Provider } | undefined;
  for (const provider of providers) {
    for (const end of provider.mx ?? []) {
      const fits = exchanger === end || exchanger.endsWith(`.${end}`);
      if (fits && end.length > (best?.end.length ?? 0)) best = { end, provider };
    }
  }
  return best?.provider;
}

function byName(name: string): Provider | undefined {
  const wanted = plain(name);
  const found = providers.find((each) =>
    [each.name, ...(each.aliases ?? [])].some((known) => plain(known) === wanted),
  );
  return found ?? ses(name.toLowerCase().replace(/^(?:amazon|aws)?[-_ ]?ses[-_ ]?/, 'ses-'));
}

function ses(name: string): Provider | undefined {
  const region = name.slice('ses-'.length);
  const isRegion = name.startsWith('ses-') && SES_REGION.test(region);
  return isRegion ? sesIn(region, `email-smtp.${region}.amazonaws.com`) : undefined;
}

function sesIn(region: string, host: string): Provider {
  return {
    name: `ses-${region}`,
    host,
    port: 465,
    security: 'implicit',
    source: SES_SOURCE,
    hint: 'User name and password are SMTP credentials, made in the console of SES; access keys do not work.',
  };
}

// 'Office 365', 'office-365' and 'Outlook.com' are the same to people.
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s._-]/g, '');
}
