// The AUTH exchange (RFC 4954): frames what a mechanism says, and explains a refusal.
import { authenticationHint } from '../auth/index.ts';
import { type AuthLink, selectMechanism } from '../auth/internal.ts';
import {
  AuthenticationError,
  type ErrorContext,
  limits,
  ProtocolError,
  type SmtpReply,
} from '../base/index.ts';
import { emit } from '../base/internal.ts';
import { decodeBase64, encodeBase64 } from '../codec/index.ts';
import type { Deadline } from '../net/internal.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import { authCommand, authResponse, type CommandLine } from './command.ts';
import type { Dialogue } from './dialogue.ts';
import { inContext, isRetryable, peerOf, replyText } from './failure.ts';
import type { ConnectionSettings } from './options.ts';

// RFC 4954 section 4 with RFC 5321 section 4.5.3.1.4: a longer initial response waits for the server's challenge.
const LONGEST_COMMAND = 510;

/** Logs in with the best mechanism; throws `AuthenticationError` when that may not or does not work. */
export async function login(
  dialogue: Dialogue,
  capabilities: SmtpCapabilities,
  settings: ConnectionSettings,
  link: AuthLink,
  deadline: Deadline,
): Promise<void> {
  const { credentials, timeoutsMs } = settings;
  if (!credentials) return;
  const startedAt = performance.now();
  const choice = {
    offered: capabilities.auth,
    allowed: settings.authMechanisms,
    credentials,
    link,
    policy: settings.dangerouslyAllowPlaintextAuth,
  };
  const mechanism = selectMechanism(choice, dialogue.context('auth'));
  const { name } = mechanism;
  const bounded = deadline.within(timeoutsMs.auth, 'timeoutsMs.auth');
  const initial = await mechanism.start();
  let waiting = initial === undefined ? undefined : encodeBase64(initial);
  let first = authCommand(name, waiting);
  if (first.line.length > LONGEST_COMMAND) first = authCommand(name, undefined);
  else waiting = undefined;
  let answer = await dialogue.ask('AUTH', first, 'auth', bounded);
  for (let rounds = 1; answer.verdict === 'continue'; rounds++) {
    let response: CommandLine;
    try {
      if (rounds > limits.authRounds) throw endless(name);
      waiting ??= encodeBase64(await mechanism.next(decodeBase64(answer.reply.lines.join(''))));
      response = authResponse(waiting);
      waiting = undefined;
    } catch (error) {
      throw inContext(error, dialogue.context('auth'));
    }
    answer = await dialogue.ask('AUTH', response, 'auth', bounded);
  }
  if (answer.verdict === 'negative') {
    throw refused(name, answer.reply, dialogue.context('auth'));
  }
  const durationMs = performance.now() - startedAt;
  const { onEvent } = settings;
  emit(onEvent, {
    type: 'auth',
    at: new Date(),
    connectionId: dialogue.id,
    mechanism: name,
    durationMs,
  });
}

function endless(mechanism: string): ProtocolError {
  return new ProtocolError(
    'PROTOCOL_VIOLATION',
    `The server goes on asking after ${limits.authRounds} rounds of AUTH ${mechanism}`,
  );
}

function refused(mechanism: string, reply: SmtpReply, context: ErrorContext): AuthenticationError {
  const hint = authenticationHint(reply);
  return new AuthenticationError(
    'AUTH_FAILED',
    `${peerOf(context)} refused the login by AUTH ${mechanism} with '${replyText(reply)}'${hint === undefined ? '' : `. ${hint}`}`,
    {
      ...context,
      retryable: isRetryable(reply),
      reply,
      mechanism,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}
