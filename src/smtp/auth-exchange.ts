// One AUTH exchange (RFC 4954): frames what a mechanism says, line by line.
import type { SaslMechanism } from '../auth/index.ts';
import {
  AuthenticationError,
  type ErrorContext,
  limits,
  type PosthornError,
  ProtocolError,
  type SmtpReply,
} from '../base/index.ts';
import { encodeBase64 } from '../codec/index.ts';
import type { Deadline } from '../net/internal.ts';
import { authCommand, authResponse } from './command.ts';
import type { Dialogue } from './dialogue.ts';
import { inContext } from './failure.ts';

// RFC 4954 section 4 with RFC 5321 section 4.5.3.1.4: a longer initial response waits for the server's challenge.
const LONGEST_COMMAND = 510;

/**
 * Runs the exchange to its end: `undefined` when the server accepts, else its refusal. Throws what a mechanism throws,
 * and `ProtocolError` when there is no end to the server's challenges.
 */
export async function runExchange(
  dialogue: Dialogue,
  mechanism: SaslMechanism,
  deadline: Deadline,
): Promise<SmtpReply | undefined> {
  const { name } = mechanism;
  // What breaks the rules in an exchange can't be told from an attack: the error says where, the connection ends.
  const inExchange = async <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = (async () => await work())();
    const result = await dialogue.during(done, 'auth', deadline);
    if (result.status === 'fulfilled') return result.value;
    throw withContext(result.reason, dialogue.context('auth'));
  };
  const encoded = (message: Uint8Array): string => {
    const text = encodeBase64(message);
    dialogue.mask([text]);
    return text;
  };

  const initial = await inExchange(() => mechanism.start());
  let waiting = initial && encoded(initial);
  let first = authCommand(name, waiting);
  if (first.line.length > LONGEST_COMMAND) first = authCommand(name, undefined);
  else waiting = undefined;
  let answer = await dialogue.ask('AUTH', first, 'auth', deadline);
  for (let rounds = 1; answer.verdict === 'continue'; rounds++) {
    const { lines } = answer.reply;
    const response = await inExchange(async () => {
      if (rounds > limits.authRounds) throw endless(name);
      const text = waiting ?? encoded(await mechanism.next(challengeOf(lines, name)));
      waiting = undefined;
      return authResponse(text);
    });
    answer = await dialogue.ask('AUTH', response, 'auth', deadline);
  }
  if (answer.verdict === 'negative') return answer.reply;
  await inExchange(() => mechanism.finish?.());
  return undefined;
}

function withContext(error: unknown, context: ErrorContext): PosthornError {
  if (!(error instanceof AuthenticationError)) return inContext(error, context);
  const { code, message, mechanism } = error;
  return new AuthenticationError(code, message, { ...context, ...(mechanism && { mechanism }) });
}

// RFC 4954 section 4: base64 and nothing else, on one line. Some servers put a dash or words where nothing is to be said.
function challengeOf(lines: readonly string[], mechanism: string): Uint8Array {
  const text = lines.join('').trim();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')) return bytes;
  // LOGIN's prompts mean nothing; in every other mechanism the challenge is what the answer is made from.
  if (mechanism === 'LOGIN') return new Uint8Array(0);
  throw new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The server's challenge in AUTH ${mechanism} is not base64`,
  );
}

function endless(mechanism: string): ProtocolError {
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The server goes on asking after ${limits.authRounds} rounds of AUTH ${mechanism}`,
  );
}
