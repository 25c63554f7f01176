// Logging in: which mechanism is tried, what a refusal means for the next one, and how it is told.
import {
  authenticationHint,
  type ChannelBindings,
  type SaslMechanism,
  type SaslMechanismFacts,
} from '../auth/index.ts';
import {
  type Account,
  type AuthLink,
  fetchToken,
  isAboutMechanism,
  kindOf,
  usableMechanisms,
} from '../auth/internal.ts';
import { AuthenticationError, OptionError, PosthornError, type SmtpReply } from '../base/index.ts';
import { emit } from '../base/internal.ts';
import type { Deadline } from '../net/internal.ts';
import { runExchange } from './auth-exchange.ts';
import type { SmtpCapabilities } from './capabilities.ts';
import type { Dialogue } from './dialogue.ts';
import { isRetryable, peerOf, replyText } from './failure.ts';
import type { ConnectionSettings } from './options.ts';

/** Logs in with the best mechanism; throws `AuthenticationError` when that may not or does not work. */
export async function login(
  dialogue: Dialogue,
  capabilities: SmtpCapabilities,
  settings: ConnectionSettings,
  link: AuthLink,
  deadline: Deadline,
): Promise<void> {
  const { credentials, timeoutsMs, onEvent } = settings;
  if (!credentials) return;
  const startedAt = performance.now();
  const bounded = deadline.within(timeoutsMs.auth, 'timeoutsMs.auth');
  const attempt = new Login(dialogue, settings, credentials, capabilities.auth, link, bounded);
  const mechanism = await attempt.run();
  const durationMs = performance.now() - startedAt;
  emit(onEvent, { type: 'auth', at: new Date(), connectionId: dialogue.id, mechanism, durationMs });
}

/** What came of one mechanism. */
type Outcome = 'accepted' | 'next' | 'again' | { readonly error: AuthenticationError };

class Login {
  readonly #dialogue: Dialogue;
  readonly #settings: ConnectionSettings;
  readonly #account: Account;
  readonly #link: AuthLink;
  readonly #deadline: Deadline;
  #offered: readonly string[];
  #bindings: ChannelBindings | undefined;
  #token = '';
  #isTokenFresh = false;
  #refusal: AuthenticationError | undefined;

  constructor(
    dialogue: Dialogue,
    settings: ConnectionSettings,
    account: Account,
    offered: readonly string[],
    link: AuthLink,
    deadline: Deadline,
  ) {
    this.#dialogue = dialogue;
    this.#settings = settings;
    this.#account = account;
    this.#offered = offered;
    this.#link = link;
    this.#bindings = link.channelBindings;
    this.#deadline = deadline;
  }

  /** Tries what may be tried; the name of the mechanism that worked. */
  async run(): Promise<string> {
    const allowed = this.#account.mechanisms;
    const { dangerouslyAllowPlaintextAuth: policy } = this.#settings;
    const question = { offered: this.#offered, allowed, link: this.#link, policy };
    let unusable: unknown;
    for (const kind of usableMechanisms(question, this.#dialogue.context('auth'))) {
      for (let outcome: Outcome = 'again'; outcome === 'again'; ) {
        let mechanism: SaslMechanism | undefined;
        try {
          mechanism = await this.#begin(kind);
        } catch (error) {
          if (!(error instanceof OptionError)) throw error;
          unusable ??= error;
        }
        outcome = mechanism ? await this.#exchange(kind, mechanism) : 'next';
        if (outcome === 'accepted') return kind.name;
        if (typeof outcome === 'object') throw outcome.error;
      }
      // What the server does not do after all, it does not offer: SCRAM tells it so (RFC 5802 section 6).
      this.#offered = this.#offered.filter((name) => name !== kind.name);
    }
    throw this.#refusal ?? unusable ?? this.#noneCanBegin();
  }

  async #begin(kind: SaslMechanismFacts): Promise<SaslMechanism | undefined> {
    if (kind.needs === 'token' && this.#token === '') await this.#fetchToken(false);
    const { host = '', port = 0 } = this.#dialogue.context('auth');
    const { username, password } = this.#account;
    return kindOf(kind)?.create({
      username,
      password,
      token: kind.needs === 'token' ? this.#token : '',
      service: this.#settings.protocol,
      host,
      port,
      offered: this.#offered,
      channelBindings: this.#bindings,
    });
  }

  async #exchange(kind: SaslMechanismFacts, mechanism: SaslMechanism): Promise<Outcome> {
    let refusal: SmtpReply | undefined;
    try {
      refusal = await runExchange(this.#dialogue, mechanism, this.#deadline);
    } catch (error) {
      // A server that closes after a refusal has said what is wrong in the refusal.
      const isGone = error instanceof PosthornError && error.code === 'CONNECTION_CLOSED';
      throw isGone && this.#refusal ? this.#refusal : error;
    }
    if (!refusal) return 'accepted';
    const error = this.#refused(mechanism, refusal);
    this.#refusal ??= error;
    if (isAboutMechanism(refusal)) return this.#retry('next', `${kind.name} is not for this login`);
    if (mechanism.refusal?.kind === 'binding' && this.#dropBinding()) {
      return this.#retry('again', 'the server does not know this type of channel binding');
    }
    if (kind.needs === 'token' && (await this.#mayTryFreshToken(mechanism, refusal))) {
      return this.#retry('again', 'the server refused the token: a fresh one is tried');
    }
    return { error };
  }

  #retry(outcome: 'next' | 'again', reason: string): Outcome {
    const { onEvent } = this.#settings;
    emit(onEvent, { type: 'retry', at: new Date(), connectionId: this.#dialogue.id, reason });
    return outcome;
  }

  // The server may not like this token although it is not expired by our clock: one more, and only one.
  async #mayTryFreshToken(mechanism: SaslMechanism, refusal: SmtpReply): Promise<boolean> {
    if (this.#isTokenFresh || refusal.code < 500 || mechanism.refusal?.kind === 'other')
      return false;
    const refused = this.#token;
    await this.#fetchToken(true);
    return this.#token !== refused;
  }

  async #fetchToken(forceRefresh: boolean): Promise<void> {
    const { tokenProvider } = this.#account;
    if (!tokenProvider) return;
    this.#isTokenFresh = forceRefresh;
    const { signal } = this.#deadline;
    const work = fetchToken(tokenProvider, { forceRefresh, ...(signal && { signal }) });
    const result = await this.#dialogue.during(work, 'auth', this.#deadline);
    if (result.status === 'rejected') throw result.reason;
    this.#token = result.value.token;
    this.#dialogue.mask([this.#token]);
  }

  // Takes away the best binding, so that the next try uses another; `false` when there is none left.
  #dropBinding(): boolean {
    const all = this.#bindings;
    if (!all) return false;
    const types = (['tls-exporter', 'tls-unique', 'tls-server-end-point'] as const).filter(all);
    const rest = new Set(types.slice(1));
    this.#bindings = (type) => (rest.has(type) ? all(type) : undefined);
    return rest.size > 0;
  }

  #refused({ name, refusal }: SaslMechanism, reply: SmtpReply): AuthenticationError {
    const context = this.#dialogue.context('auth');
    const hint = authenticationHint(reply, { host: context.host, mechanism: name });
    const said = refusal ? ` (${this.#dialogue.masked(refusal.reason)})` : '';
    return new AuthenticationError(
      'AUTH_FAILED',
      `${peerOf(context)} refused the login by AUTH ${name} with '${replyText(reply)}'${said}${hint === undefined ? '' : `. ${hint}`}`,
      {
        ...context,
        retryable: isRetryable(reply),
        reply,
        mechanism: name,
        ...(hint === undefined ? {} : { hint }),
      },
    );
  }

  #noneCanBegin(): AuthenticationError {
    return new AuthenticationError(
      'AUTH_NOT_OFFERED',
      "None of the mechanisms that the server offers can be used over this connection; allow others in 'authMechanisms'",
      this.#dialogue.context('auth'),
    );
  }
}
