// Which store a URL stands for. Each is loaded when it is first asked for.
import { OptionError } from '../../base/index.ts';
import type { OutboxStore } from './store.ts';

/** Opens the store of a URL. Throws an `OptionError` when there is none for it. */
export async function openStore(given: string | URL): Promise<OutboxStore> {
  const url = String(given);
  const scheme = url.slice(0, url.indexOf(':') + 1).toLowerCase();
  if (scheme === 'sqlite:') {
    const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts');
    return await openSqliteStore(url);
  }
  if (scheme === 'postgres:' || scheme === 'postgresql:') {
    const { openPostgresStore } = await import('./postgres/open-postgres-store.ts');
    return await openPostgresStore(url);
  }
  if (scheme === 'redis:' || scheme === 'rediss:') {
    const { openRedisStore } = await import('./redis/open-redis-store.ts');
    return await openRedisStore(url);
  }
  throw new OptionError(
    'url',
    "Outbox.open takes 'sqlite:outbox.db', 'postgres://user@host/database' or 'redis://host'",
  );
}
