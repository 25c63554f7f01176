// What works but should not be left as it is, with the cure. Pure: findings in, sentences out.
import { printable, TlsError } from '../../base/index.ts';
import { isLoopbackHost } from '../../net/index.ts';
import type { Security } from '../options.ts';
import type {
  InspectedSrv,
  InspectionWarning,
  PortInspection,
  ServerInspection,
} from './inspection.ts';

const DAY_MS = 86_400_000;
// Those who renew certificates by themselves do it a month before.
const SOON_DAYS = 21;

/** The warnings about a server, `now` in milliseconds of the epoch. */
export function warningsAbout(
  { host, ports, srv }: Pick<ServerInspection, 'host' | 'ports' | 'srv'>,
  now: number,
): InspectionWarning[] {
  const isLocal = isLoopbackHost(host);
  return [
    ...ports.flatMap((port) => [
      ...aboutExpiry(port, now),
      ...aboutMode(port),
      ...aboutVersion(port),
      ...(isLocal ? [] : [...aboutClearAuth(port), ...aboutClearText(port)]),
    ]),
    ...aboutCertificates(ports),
    ...aboutLogins(ports, isLocal),
    ...srv.flatMap((record) => aboutTarget(record, host)),
  ];
}

/** Whole days until the certificate ends; negative afterwards. */
export function daysLeft(validTo: Date, now: number): number {
  return Math.floor((validTo.getTime() - now) / DAY_MS);
}

function aboutExpiry(
  { port, certificate, error }: PortInspection,
  now: number,
): InspectionWarning[] {
  if (!certificate || error) return [];
  const days = daysLeft(certificate.validTo, now);
  if (days >= SOON_DAYS) return [];
  const when = days <= 0 ? 'within a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
  return [
    {
      code: 'certificate-expires',
      port,
      message: `The certificate of port ${port} expires ${when}: no client will connect then; renew it, and see why that did not happen by itself`,
    },
  ];
}

function aboutMode({ port, security, error }: PortInspection): InspectionWarning[] {
  if (error) return [];
  const isUnusual = port === 465 ? security !== 'implicit' : security === 'implicit';
  const isStandard = [25, 465, 587].includes(port);
  if (!isStandard || !isUnusual) return [];
  const usual = port === 465 ? 'TLS from the first byte' : 'STARTTLS';
  return [
    {
      code: 'unusual-mode',
      port,
      message: `Port ${port} should speak ${usual} (RFC 8314): programs that expect it fail; name the mode: security: '${security}'`,
    },
  ];
}

function aboutVersion({ port, error }: PortInspection): InspectionWarning[] {
  if (!(error instanceof TlsError) || error.reason !== 'version') return [];
  return [
    {
      code: 'old-tls',
      port,
      message: `Port ${port} speaks only versions of TLS that are no longer safe (RFC 8996): the server's operator must allow TLS 1.2 and 1.3`,
    },
  ];
}

function aboutClearAuth({ port, authInClear, security }: PortInspection): InspectionWarning[] {
  if (authInClear.length === 0) return [];
  const where = security === 'none' ? 'and has no encryption' : 'before the link is encrypted';
  return [
    {
      code: 'auth-in-clear',
      port,
      message: `Port ${port} offers logins (${printable(authInClear.join(' '), 100)}) ${where}: a careless program shows its password to everybody on the way; offer AUTH only after STARTTLS (Postfix: smtpd_tls_auth_only = yes)`,
    },
  ];
}

function aboutClearText({ port, security, error }: PortInspection): InspectionWarning[] {
  if (error || security !== 'none') return [];
  return [
    {
      code: 'not-encrypted',
      port,
      message: `Port ${port} offers no STARTTLS: mail would go readable; give the server a certificate, or use another port`,
    },
  ];
}

function aboutCertificates(ports: readonly PortInspection[]): InspectionWarning[] {
  const shown = ports.filter(({ certificate }) => certificate !== undefined);
  const prints = new Set(shown.map(({ certificate }) => certificate?.fingerprint256));
  if (prints.size < 2) return [];
  const list = shown.map(({ port }) => port).join(', ');
  return [
    {
      code: 'certificates-differ',
      message: `The ports ${list} show different certificates: one may have been forgotten at the last renewal`,
    },
  ];
}

function aboutLogins(ports: readonly PortInspection[], isLocal: boolean): InspectionWarning[] {
  const open = ports.filter(({ capabilities }) => capabilities !== undefined);
  const offers = open.some(
    ({ capabilities, security }) =>
      (capabilities?.auth.length ?? 0) > 0 && (security !== 'none' || isLocal),
  );
  if (offers || open.length === 0) return [];
  const names = open.map(({ port }) => port).join(', ');
  const where = open.length === 1 ? `Port ${names} offers` : `The ports ${names} offer`;
  return [
    {
      code: 'no-login',
      message: `${where} no login over an encrypted link: only mail that the server takes from anybody can be sent, such as to its own users`,
    },
  ];
}

/** Why ports that work are of no use: they want another mode than `asked`. */
export function aboutOtherModes(
  ports: readonly PortInspection[],
  asked: Security,
): InspectionWarning[] {
  if (asked === 'auto' || asked === 'auto-tls') return [];
  return ports.flatMap(({ port, security, error }) =>
    error || security === asked
      ? []
      : {
          code: 'other-mode',
          port,
          message: `Port ${port} works, but not with security: '${asked}'; write security: '${security}', or leave it out`,
        },
  );
}

function aboutTarget({ service, target }: InspectedSrv, host: string): InspectionWarning[] {
  const name = target.toLowerCase();
  if (name === '' || name === host || name.endsWith(`.${host}`)) return [];
  return [
    {
      code: 'srv-elsewhere',
      message: `The SRV record ${service}._tcp names ${printable(name, 255)}, which is in another domain: programs ask before they log in there (RFC 6186 section 6)`,
    },
  ];
}
