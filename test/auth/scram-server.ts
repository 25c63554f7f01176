// The server's side of SCRAM (RFC 5802), written by itself, so that the client is checked by somebody else's sums.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

export interface ScramServerOptions {
  readonly hash: 'sha1' | 'sha256';
  readonly password: string;
  readonly iterations?: number;
  /** Binding data by type; a server without any does not support channel binding. */
  readonly bindings?: Readonly<Record<string, Uint8Array>>;
}

/** What the server says to each message; `error` in place of its signature. */
export class ScramServer {
  readonly #options: ScramServerOptions;
  readonly #salt = Buffer.from('a salt of sixteen');
  #clientFirst = '';
  #serverFirst = '';
  header = '';

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  first(message: Uint8Array): Uint8Array {
    const text = Buffer.from(message).toString();
    const [flag = '', actFor = '', ...bare] = text.split(',');
    this.header = `${flag},${actFor},`;
    this.#clientFirst = bare.join(',');
    const nonce = /r=([^,]*)/.exec(this.#clientFirst)?.[1] ?? '';
    const { iterations = 4096 } = this.#options;
    this.#serverFirst = `r=${nonce}server,s=${this.#salt.toString('base64')},i=${iterations}`;
    return Buffer.from(this.#serverFirst);
  }

  final(message: Uint8Array): Uint8Array {
    const { hash, password, iterations = 4096, bindings = {} } = this.#options;
    const text = Buffer.from(message).toString();
    const [, channel = '', rest = '', proof = ''] = /^c=([^,]*),(.*),p=([^,]*)$/.exec(text) ?? [];
    const type = /^p=([^,]*)/.exec(this.header)?.[1];
    if (this.header.startsWith('y') && Object.keys(bindings).length > 0) {
      return Buffer.from('e=server-does-support-channel-binding');
    }
    const data = type === undefined ? Buffer.alloc(0) : bindings[type];
    if (!data) return Buffer.from('e=unsupported-channel-binding-type');
    const expected = Buffer.concat([Buffer.from(this.header), data]);
    if (!Buffer.from(channel, 'base64').equals(expected)) {
      return Buffer.from('e=channel-bindings-dont-match');
    }
    const hmac = (key: Uint8Array, value: string): Buffer =>
      createHmac(hash, key).update(value).digest();
    const size = hash === 'sha1' ? 20 : 32;
    const salted = pbkdf2Sync(password, this.#salt, iterations, size, hash);
    const signed = `${this.#clientFirst},${this.#serverFirst},c=${channel},${rest}`;
    const stored = createHash(hash).update(hmac(salted, 'Client Key')).digest();
    const signature = hmac(stored, signed);
    const key = Buffer.from(proof, 'base64').map((octet, i) => octet ^ (signature[i] ?? 0));
    if (!createHash(hash).update(key).digest().equals(stored))
      return Buffer.from('e=invalid-proof');
    return Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`);
  }
}
