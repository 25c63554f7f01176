import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/delivery/outbox/sqlite/open-sqlite-store.ts';
import { storeSuite } from '../support/store-suite.ts';

storeSuite('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-outbox-'));
  return {
    open: () => openSqliteStore(`sqlite:${join(folder, 'outbox.db')}`),
    remove: () => rm(folder, { recursive: true }),
  };
});
