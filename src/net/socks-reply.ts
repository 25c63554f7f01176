// What a SOCKS proxy has answered, byte by byte: why it did not open the tunnel.
import type { ErrorCode } from '../base/index.ts';
import type { ProxySettings } from './proxy-options.ts';

/** Why there is no tunnel. */
export interface SocksRefusal {
  readonly code: ErrorCode;
  /** What the proxy did, to follow its name. */
  readonly what: string;
  readonly retryable: boolean;
}

type Reply = readonly [code: ErrorCode, words: string, retryable: boolean];

// RFC 1928 section 6.
const REPLIES_5: ReadonlyMap<number, Reply> = new Map<number, Reply>([
  [1, ['CONNECTION_PROXY_REFUSED', 'general failure', true]],
  [
    2,
    ['CONNECTION_PROXY_REFUSED', 'not allowed by its rules; ask its operator to allow it', false],
  ],
  [3, ['CONNECTION_UNREACHABLE', 'network unreachable', true]],
  [4, ['CONNECTION_UNREACHABLE', 'host unreachable, or its name is not known there', true]],
  [5, ['CONNECTION_REFUSED', "nothing listens there; check 'host' and 'port'", true]],
  [6, ['CONNECTION_UNREACHABLE', 'time to live expired', true]],
  [7, ['CONNECTION_PROXY_REFUSED', 'it does not know the CONNECT command', false]],
  [8, ['CONNECTION_PROXY_REFUSED', 'it takes no addresses of this kind', false]],
]);

// The SOCKS4 protocol: 91 to 93.
const REPLIES_4: ReadonlyMap<number, Reply> = new Map<number, Reply>([
  [91, ['CONNECTION_PROXY_REFUSED', "rejected or failed; check 'host' and 'port'", true]],
  [92, ['CONNECTION_PROXY', 'it could not reach identd on this machine', false]],
  [93, ['CONNECTION_PROXY', 'identd on this machine names another user', false]],
]);

const GRANTED_4 = 90;
const GRANTED_5 = 0;
const NO_METHOD = 0xff;
const PASSWORD_METHOD = 2;

/** The refusal in the bytes heard from the proxy; the last of them may be missing. */
export function socksRefusal(proxy: ProxySettings, heard: Uint8Array): SocksRefusal {
  const isFour = proxy.kind === 'socks4' || proxy.kind === 'socks4a';
  const version = isFour ? 0 : 5;
  if (heard.length === 0) {
    // OpenSSH closes so when it can't reach the server.
    return {
      code: isFour ? 'CONNECTION_PROXY_REFUSED' : 'CONNECTION_PROXY',
      what: 'closed the connection without an answer; it may not reach the server, not serve this machine, or speak another protocol',
      retryable: true,
    };
  }
  if (heard[0] !== version) return unusable(notSocks(heard, isFour), false);
  if (isFour) return refusal(REPLIES_4, heard[1]);
  const method = heard[1];
  if (method === NO_METHOD) {
    return proxy.credentials
      ? unusable("takes no user name and password, or no login at all; check option 'proxy'", false)
      : unusable("wants a login; write proxy: 'socks5://user:password@host:port'", false);
  }
  const replyAt = method === PASSWORD_METHOD ? 4 : 2;
  // RFC 1929 section 2: anything but 0 is a refusal.
  if (method === PASSWORD_METHOD && (heard[3] ?? 0) !== 0) {
    return unusable("refused the user name or password; check option 'proxy'", false);
  }
  const first = heard[replyAt];
  if (first !== undefined && first !== version) return unusable(notSocks(heard, isFour), false);
  return refusal(REPLIES_5, heard[replyAt + 1]);
}

function refusal(replies: ReadonlyMap<number, Reply>, reply: number | undefined): SocksRefusal {
  // A promise of the tunnel that was cut short is none.
  if (reply === undefined || reply === GRANTED_4 || reply === GRANTED_5) {
    const what =
      "closed the connection instead of answering; it may not reach the server: check 'host' and 'port'";
    return { code: 'CONNECTION_PROXY_REFUSED', what, retryable: true };
  }
  const [code, words, retryable] = replies.get(reply) ?? [
    'CONNECTION_PROXY_REFUSED',
    'a reply that SOCKS does not know',
    false,
  ];
  return { code, what: `did not connect to the server (reply ${reply}: ${words})`, retryable };
}

function unusable(what: string, retryable: boolean): SocksRefusal {
  return { code: 'CONNECTION_PROXY', what, retryable };
}

function notSocks(heard: Uint8Array, isFour: boolean): string {
  const start = String.fromCharCode(...heard.subarray(0, 5));
  if ('HTTP/'.startsWith(start)) return 'speaks HTTP, not SOCKS; write http:// in front of it';
  if (isFour && heard[0] === 5) return 'speaks SOCKS5, not SOCKS4; write socks5:// in front of it';
  return `does not speak SOCKS${isFour ? 4 : 5}; check kind and port in option 'proxy'`;
}
