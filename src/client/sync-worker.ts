// The thread that sends for sendSync while the one that called it waits. Started by send-sync.ts, imported by nobody.
import { workerData } from 'node:worker_threads';
import { MailMessage } from '../message/index.ts';
import { SmtpClient } from './smtp-client.ts';
import { packErrors, type SyncContent, type SyncJob, type SyncNews } from './sync-protocol.ts';
import type { SendReceipt } from './transport.ts';

const { content, server, port, bell } = workerData as SyncJob;

function tell(news: SyncNews): void {
  port.postMessage(packErrors(news));
  Atomics.add(bell, 0, 1);
  Atomics.notify(bell, 0);
}

async function deliver(client: SmtpClient, what: SyncContent): Promise<SendReceipt> {
  const onProgress = (value: Extract<SyncNews, { kind: 'progress' }>['value']): void =>
    tell({ kind: 'progress', value });
  if (what.kind === 'fields') {
    return await client.send(what.fields, { ...what.options, onProgress });
  }
  if (!server.tnef) return await client.sendRaw(what.bytes, { ...what.options, onProgress });
  const { from, to, dsn, ...options } = what.options;
  const envelope = { from, to, dsn };
  return await client.send(MailMessage.parse(what.bytes), { ...options, envelope, onProgress });
}

try {
  const client = new SmtpClient({ ...server, onEvent: (value) => tell({ kind: 'event', value }) });
  try {
    const value = await deliver(client, content);
    await client.close();
    tell({ kind: 'receipt', value });
  } finally {
    await client.close();
  }
} catch (value) {
  tell({ kind: 'error', value });
}
