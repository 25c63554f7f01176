// A process of its own that enqueues or works, to be killed: bundled by `startProcess`, never imported.
import { SmtpClient } from '../../../src/client/index.ts';
import { Outbox } from '../../../src/delivery/index.ts';
import type { Task } from './processes.ts';

const task = JSON.parse(process.argv[2] ?? '') as Task;
const write = (line: string): void => void process.stdout.write(`${line}\n`);

let isReady = false;

const outbox = await Outbox.open(task.url, {
  delivery: task.delivery,
  onEvent: ({ type }) => {
    // From then on it is worth killing.
    if (type === 'attempt' && !isReady) {
      isReady = true;
      write('ready');
    }
    if (type === 'lease-lost') write(type);
  },
});
if (task.do === 'enqueue') {
  write('ready');
  for (let n = 0; ; n += 1) {
    const { id } = await outbox.enqueue({
      from: 'ann@example.com',
      to: ['bob@example.org', 'eve@example.org'],
      subject: `${task.label} ${n}`,
      text: 'Hi',
    });
    // Told to nobody who was not promised it before.
    write(id);
  }
}
const client = new SmtpClient({ host: '127.0.0.1', port: task.port, security: 'none' });
outbox.work(client, {
  leaseMs: task.leaseMs ?? 500,
  concurrency: task.concurrency ?? 5,
  retry: { schedule: [20], jitter: 0 },
  circuit: { failures: 1000 },
});
