// One queue, in a process of its own: how many messages or jobs of 1 KB a second are put in one after the other, put in by
// 100 callers at once, and handed out, sent to nowhere and completed. Arguments: which queue, its URL, how many.
import { Buffer } from 'node:buffer';

const [who, url, given] = process.argv.slice(2);
const total = Number(given);
const CALLERS = 100;
const IN_HAND = 50;

const raw = Buffer.from(
  `From: ann@example.com\r\nTo: bob@example.org\r\nSubject: A job\r\nMessage-ID: <1@example.com>\r\n\r\n${'posthorn '.repeat(100)}\r\n`,
);

/** @returns {Promise<{ put(): Promise<unknown>, drain(count: number): Promise<void>, close(): Promise<void> }>} */
async function ours() {
  const { Outbox } = await import('../dist/delivery.js');
  const { MailMessage } = await import('../dist/index.js');
  const message = MailMessage.parse(raw);
  const outbox = await Outbox.open(url);
  const reply = { code: 250, enhanced: '2.0.0', lines: ['nowhere'] };
  return {
    put: () => outbox.enqueue(message),
    async drain(count) {
      let left = count;
      let done;
      const over = new Promise((resolve) => {
        done = resolve;
      });
      const nowhere = {
        name: 'nowhere',
        callsBeforeFinal: true,
        async send(_message, options) {
          const to = [options.envelope.to].flat();
          await options.beforeFinal?.({ recipients: to, accepted: [] });
          return {
            ...{ messageId: '', envelope: { from: '', to }, accepted: to, rejected: [] },
            ...{ unsettled: [], reply, size: raw.length, startedAt: new Date(), durationMs: 0 },
            server: { host: 'nowhere', port: 0, security: 'none' },
          };
        },
        async close() {},
      };
      const worker = outbox.work(nowhere, { concurrency: IN_HAND });
      const timer = setInterval(async () => {
        left = count - worker.stats.sent;
        if (left <= 0) done();
      }, 2);
      await over;
      clearInterval(timer);
      await worker.close();
    },
    close: () => outbox.close(),
  };
}

async function bullmq() {
  const { Queue, Worker } = await import('bullmq');
  const { Redis } = await import('ioredis');
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const options = { connection, prefix: 'bench' };
  const queue = new Queue('bare', { ...options, defaultJobOptions: { removeOnComplete: true } });
  const data = { raw: raw.toString() };
  return {
    put: () => queue.add('send', data),
    async drain(count) {
      let left = count;
      const worker = new Worker('bare', async () => undefined, {
        ...options,
        concurrency: IN_HAND,
      });
      await new Promise((resolve) => {
        worker.on('completed', () => {
          left -= 1;
          if (left === 0) resolve();
        });
      });
      await worker.close();
    },
    async close() {
      await queue.close();
      connection.disconnect();
    },
  };
}

async function pgBoss() {
  const { default: PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ connectionString: url, schema: 'bare', supervise: false, max: 10 });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue('send');
  const data = { raw: raw.toString() };
  return {
    put: () => boss.send('send', data),
    async drain(count) {
      for (let left = count; left > 0; ) {
        const jobs = await boss.fetch('send', { batchSize: IN_HAND });
        await Promise.all(jobs.map(({ id }) => boss.complete('send', id)));
        left -= jobs.length;
      }
    },
    close: () => boss.stop({ graceful: false }),
  };
}

const queue = (await { bullmq, 'pg-boss': pgBoss }[who]?.()) ?? (await ours());
const rate = async (count, work) => {
  const begin = performance.now();
  await work();
  return count / ((performance.now() - begin) / 1000);
};
const few = Math.max(1, Math.floor(total / 5));
const single = await rate(few, async () => {
  for (let n = 0; n < few; n += 1) await queue.put();
});
const many = await rate(total, async () => {
  let left = total;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await queue.put();
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
});
const drained = await rate(few + total, () => queue.drain(few + total));
await queue.close();
process.stdout.write(JSON.stringify({ single, many, drained }), () => process.exit(0));
