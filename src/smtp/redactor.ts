// Takes secrets out of what a server says: some repeat the login in their replies.
import type { Credentials } from '../auth/index.ts';
import type { SmtpReply } from '../base/index.ts';
import { utf8Bytes } from '../base/internal.ts';
import { encodeBase64 } from '../codec/index.ts';

const MASK = '***';
// Shorter strings occur in any text; masking them would only show where they are.
const SHORTEST = 4;

/** Knows the secrets of one connection, as they are and in base64. */
export class Redactor {
  #always: readonly string[];
  #inAuth: readonly string[];

  constructor(credentials: Credentials | undefined) {
    const user = credentials?.username ?? '';
    const secret = credentials?.password ?? '';
    this.#always = worthMasking([
      secret,
      base64(secret),
      base64(user),
      base64(`\0${user}\0${secret}`),
    ]);
    // The user name is also the address of many a message: only the login is nobody's business.
    this.#inAuth = worthMasking([...this.#always, user]);
  }

  /** Secrets that came up later: a token, a line of the login. */
  learn(secrets: readonly string[]): void {
    const forms = secrets.flatMap((secret) => [secret, base64(secret)]);
    this.#always = worthMasking([...this.#always, ...forms]);
    this.#inAuth = worthMasking([...this.#inAuth, ...forms]);
  }

  /** Text of the server's that did not come as the text of a reply, such as what a challenge holds. */
  cleanText(text: string): string {
    return mask(text, this.#inAuth);
  }

  /** The reply without secrets; the reply itself when it has none. */
  clean(reply: SmtpReply, inAuth: boolean): SmtpReply {
    // RFC 4954 section 4: the text of 334 is part of the exchange.
    if (inAuth && reply.code === 334) return { ...reply, lines: reply.lines.map(() => MASK) };
    const secrets = inAuth ? this.#inAuth : this.#always;
    const isClean = !secrets.some((secret) => reply.lines.some((line) => line.includes(secret)));
    if (isClean) return reply;
    return {
      ...reply,
      lines: reply.lines.map((line) => mask(line, secrets)),
    };
  }
}

function mask(line: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), line);
}

function worthMasking(secrets: readonly string[]): string[] {
  // The longest first: one may be part of another.
  return secrets.filter((s) => s.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function base64(text: string): string {
  return encodeBase64(utf8Bytes(text));
}
