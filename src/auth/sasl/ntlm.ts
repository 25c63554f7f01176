// NTLMv2 (MS-NLMP with MS-SMTPNTLM's framing): for old Exchange servers that have nothing better.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { ProtocolError } from '../../base/index.ts';
import type { Credentials, SaslMechanism } from './mechanism.ts';
import { readChallenge } from './ntlm-challenge.ts';
import { authenticateMessage, negotiateMessage, ntlmAccountOf } from './ntlm-messages.ts';
import { ntlmV2Response, windowsTime } from './ntlm-response.ts';

/** What NTLM is made with. */
export interface NtlmOptions extends Credentials {
  /** The client's half of the proof; for tests only. Default: 8 random octets. */
  readonly clientChallenge?: Uint8Array | undefined;
}

/** NTLM, version 2 of the response only. The server proves nothing. `username` may be `DOMAIN\user` or `user@domain`. */
export class NtlmMechanism implements SaslMechanism {
  readonly name = 'NTLM';
  readonly #options: NtlmOptions;
  #isAnswered = false;

  constructor(options: NtlmOptions) {
    this.#options = options;
  }

  start(): Uint8Array {
    return negotiateMessage();
  }

  next(challenge: Uint8Array): Uint8Array {
    if (this.#isAnswered) {
      throw new ProtocolError('PROTOCOL_VIOLATION', 'The server asks for more than AUTH NTLM has');
    }
    this.#isAnswered = true;
    const { username, password, clientChallenge = randomBytes(8) } = this.#options;
    const server = readChallenge(challenge);
    const account = ntlmAccountOf(username);
    const response = ntlmV2Response({
      ...account,
      password,
      serverChallenge: server.challenge,
      clientChallenge,
      targetInfo: server.targetInfo,
      // The server's own clock, when it says what it is: then ours may be wrong.
      time: server.time ?? windowsTime(Date.now()),
      isTimeFromServer: server.time !== undefined,
    });
    return authenticateMessage(account, response, server.flags, {
      negotiate: negotiateMessage(),
      challenge: Buffer.from(challenge),
    });
  }
}
