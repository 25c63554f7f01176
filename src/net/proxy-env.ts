// The proxy that the environment names: ALL_PROXY, unless NO_PROXY excepts the server. Lower case goes first, as in curl.
import { BlockList, isIP } from 'node:net';
import type { Endpoint } from './dial.ts';
import { type ProxySettings, readProxyUrl } from './proxy-options.ts';

/** The variables that are read. */
interface Environment {
  readonly all_proxy?: string | undefined;
  readonly ALL_PROXY?: string | undefined;
  readonly no_proxy?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

/** The proxy for `to`; `undefined` when there is none. Throws `OptionError` when ALL_PROXY is no proxy. */
export function proxyFromEnvironment(
  to: Endpoint,
  environment: Environment = process.env,
): ProxySettings | undefined {
  const url = (environment.all_proxy || environment.ALL_PROXY || '').trim();
  if (url === '') return undefined;
  if (isExcepted(to, environment.no_proxy || environment.NO_PROXY || '')) return undefined;
  const name = environment.all_proxy ? 'all_proxy' : 'ALL_PROXY';
  // Many write host:port alone, which means an HTTP proxy everywhere.
  return readProxyUrl(/^[a-z0-9+.-]+:\/\//i.test(url) ? url : `http://${url}`, `Variable ${name}`);
}

/**
 * Whether NO_PROXY excepts `to`: `*` is everything; a name is itself and what is below it, with or without a leading
 * dot or `*.`; an address or CIDR block is compared with a host that is an address; `:port` may follow each.
 */
export function isExcepted(to: Endpoint, noProxy: string): boolean {
  const host = to.host.toLowerCase().replace(/\.$/, '').replace(/%.*$/, '');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const { name, port } = splitPort(entry);
      if (port !== undefined && port !== to.port) return false;
      return name === '*' || (isIP(host) === 0 ? isBelow(host, name) : isWithin(host, name));
    });
}

function splitPort(entry: string): { name: string; port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  // More than one colon without brackets is an IPv6 address.
  const plain = /^([^:]*):(\d+)$/.exec(entry);
  const [, name = entry, port] = bracketed ?? plain ?? [];
  return { name, port: port === undefined ? undefined : Number(port) };
}

function isBelow(host: string, name: string): boolean {
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(address: string, block: string): boolean {
  const [network = '', prefix] = block.split('/', 2);
  const version = isIP(network);
  if (version === 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
  if (bits > (version === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
