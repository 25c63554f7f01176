// What the options of `posthorn outbox` become.
import type { SendFlags } from '../send/flags.ts';

/** Which outbox, and how what is told is told. */
export interface OutboxFlags {
  readonly outbox?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** The options of `posthorn outbox enqueue`. */
export interface EnqueueFlags
  extends OutboxFlags,
    Omit<SendFlags, 'server' | 'passwordFile' | 'tokenFile' | 'connections' | 'dryRun'> {
  readonly key?: string;
  readonly sendAt?: string;
  readonly expiresAt?: string;
  readonly urgency?: string;
  readonly atMostOnce?: boolean;
}

/** The options of `posthorn outbox work`. */
export interface WorkFlags extends OutboxFlags {
  readonly server?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly pickup?: string;
  readonly sendmail?: string | true;
  readonly concurrency?: number;
  readonly maxAge?: string;
  readonly name?: string;
  readonly untilIdle?: boolean;
  readonly atMostOnce?: boolean;
}

/** The options of `posthorn outbox list`. */
export interface ListFlags extends OutboxFlags {
  readonly state?: readonly string[];
  readonly limit?: number;
  readonly key?: string;
  readonly messageId?: string;
  readonly after?: string;
}

/** The options of `posthorn outbox show`. */
export interface ShowFlags extends OutboxFlags {
  readonly content?: boolean;
}

/** The options of `posthorn outbox stats`. */
export interface StatsFlags extends OutboxFlags {
  readonly watch?: boolean;
}
