// Opening an outbox in Redis: the packages, the connections, and whether the server keeps what it is told.
import type { Redis as RedisClient } from 'ioredis';
import { OptionError, OutboxError, printable } from '../../../base/index.ts';
import { optionalPackage } from '../optional-package.ts';
import { storeFailure } from './failure.ts';
import { Queue } from './queue.ts';
import { RedisStore } from './redis-store.ts';
import { scripts } from './scripts.data.ts';

const PURPOSE = 'An outbox in Redis';
const DEFAULT_PREFIX = 'posthorn';
const CONNECT_MS = 10_000;
const EVENTS_KEPT = 100;
const HELD_MS = 5000;

/** Opens the outbox of `redis://user:password@host:6379/0?prefix=posthorn&durability=any`. */
export async function openRedisStore(url: string): Promise<RedisStore> {
  const { address, prefix, isAnyDurability } = readUrl(url);
  const { Redis } = await optionalPackage('ioredis', PURPOSE, async () => await import('ioredis'));
  const bullmq = await optionalPackage('bullmq', PURPOSE, async () => await import('bullmq'));
  const open: RedisClient[] = [];
  const connect = async (options: { readonly maxRetriesPerRequest: number | null }) => {
    const redis = new Redis(address, { ...options, lazyConnect: true, connectTimeout: CONNECT_MS });
    // Whoever waits for an answer hears of the trouble; that a connection can't be made is told here only.
    let trouble: Error | undefined;
    redis.on('error', (error: Error) => {
      trouble = error;
    });
    open.push(redis);
    await redis.connect().catch((error: unknown) => {
      throw trouble ?? error;
    });
    return redis;
  };
  try {
    const redis = await connect({ maxRetriesPerRequest: 3 });
    if (!isAnyDurability) await mustKeep(redis);
    for (const [name, lua] of Object.entries(scripts)) {
      redis.defineCommand(name, { numberOfKeys: 1, lua });
    }
    const subscriber = await connect({ maxRetriesPerRequest: null });
    const forJobs = await connect({ maxRetriesPerRequest: null });
    const slot = `{${prefix}}`;
    const jobs = new bullmq.Queue('outbox', {
      connection: forJobs,
      prefix: slot,
      streams: { events: { maxLen: EVENTS_KEPT } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    jobs.on('error', () => undefined);
    const queue = new Queue(jobs, () => {
      const worker = new bullmq.Worker('outbox', null, {
        connection: forJobs,
        prefix: slot,
        autorun: false,
        // A job is held for the moment between being taken and being given back; what it is about has a lease of its own.
        lockDuration: HELD_MS,
        stalledInterval: HELD_MS,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
      });
      worker.on('error', () => undefined);
      return worker;
    });
    const store = new RedisStore({
      redis,
      subscriber,
      queue,
      prefix: `${slot}:entries:`,
      own: forJobs,
    });
    await store.setClock();
    return store;
  } catch (error) {
    for (const redis of open) redis.disconnect();
    throw storeFailure(error);
  }
}

/** Refuses a server that forgets: what is enqueued has to be on its disk. */
async function mustKeep(redis: RedisClient): Promise<void> {
  const settings = await settingsOf(redis);
  // Where it is not told (as managed servers do), it is the operator's to know.
  if (!settings) return;
  const { appendonly, appendfsync, policy } = settings;
  const faults = [
    ...(appendonly === 'yes' ? [] : ["'appendonly' is not 'yes'"]),
    ...(appendfsync === 'always' ? [] : [`'appendfsync' is '${printable(appendfsync)}'`]),
    ...(policy === 'noeviction' ? [] : [`'maxmemory-policy' is '${printable(policy)}'`]),
  ];
  if (faults.length === 0) return;
  throw new OutboxError(
    'OUTBOX_STORE_FAILED',
    `This Redis may lose messages that it said it has: ${faults.join(', ')}. Set appendonly yes, appendfsync always and ` +
      "maxmemory-policy noeviction, or add '?durability=any' to the URL to accept that",
  );
}

async function settingsOf(
  redis: RedisClient,
): Promise<{ appendonly: string; appendfsync: string; policy: string } | undefined> {
  try {
    const [appendonly, appendfsync, policy] = await Promise.all(
      ['appendonly', 'appendfsync', 'maxmemory-policy'].map(async (name) => {
        const answer = (await redis.config('GET', name)) as string[];
        return answer[1];
      }),
    );
    if (appendonly === undefined || appendfsync === undefined || policy === undefined) {
      return undefined;
    }
    return { appendonly, appendfsync, policy };
  } catch {
    return undefined;
  }
}

function readUrl(given: string): {
  readonly address: string;
  readonly prefix: string;
  readonly isAnyDurability: boolean;
} {
  if (!URL.canParse(given)) {
    // The URL may hold a password: it is not repeated.
    throw new OptionError(
      'url',
      "The outbox's URL must have the form 'redis://user:password@host:6379/0'",
    );
  }
  const url = new URL(given);
  const prefix = url.searchParams.get('prefix') ?? DEFAULT_PREFIX;
  const durability = url.searchParams.get('durability') ?? 'disk';
  url.searchParams.delete('prefix');
  url.searchParams.delete('durability');
  if (!/^[\w.-]{1,60}$/.test(prefix)) {
    throw new OptionError(
      'url',
      `The prefix '${printable(prefix, 80)}' must be letters, digits, '_', '.' and '-', 60 at most`,
    );
  }
  if (durability !== 'disk' && durability !== 'any') {
    throw new OptionError('url', "'durability' in the URL must be 'disk' or 'any'");
  }
  return { address: url.href, prefix, isAnyDurability: durability === 'any' };
}
