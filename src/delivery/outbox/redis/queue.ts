// The hand-out of messages: BullMQ finds the next one that is due, for one of many workers. A job says "look at this entry
// then", and nothing more: what has to be done is decided by the entry. There is one job for each entry that has something
// to do, with the entry's id; while a worker has the entry, its job is delayed until the lease runs out.
import { randomUUID } from 'node:crypto';
import type { Queue as BullQueue, Job, Worker } from 'bullmq';

const NAME = 'send';
// BullMQ: 1 is the most urgent; jobs without a priority come before all others, so that every job has one.
const MIDDLE = 10;
const MOST_AT_ONCE = 64;

/** A job that was taken, until it is given back. */
export interface Taken {
  readonly id: string;
  readonly job: Job;
  readonly token: string;
}

/** The jobs of an outbox. */
export class Queue {
  readonly #queue: BullQueue;
  readonly #makeWorker: () => Worker;
  #worker: Worker | undefined;

  constructor(queue: BullQueue, makeWorker: () => Worker) {
    this.#queue = queue;
    this.#makeWorker = makeWorker;
  }

  /** Makes a job; one that is there already stays as it is. `delayMs`: from now. */
  async add(id: string, priority: number, delayMs: number): Promise<void> {
    await this.#queue.add(
      NAME,
      {},
      { jobId: id, priority: MIDDLE - priority, delay: Math.max(0, Math.ceil(delayMs)) },
    );
  }

  /** Takes jobs that are due away from everybody else. */
  async take(limit: number): Promise<Taken[]> {
    if (!this.#worker) {
      this.#worker = this.#makeWorker();
      // A process that dies right after taking a job: after a few seconds it is taken by others.
      await this.#worker.startStalledCheckTimer();
    }
    const worker = this.#worker;
    const asked = Array.from({ length: Math.min(limit, MOST_AT_ONCE) }, async () => {
      const token = randomUUID();
      const job = (await worker.getNextJob(token, { block: false })) as Job | undefined;
      return job?.id === undefined ? undefined : { id: job.id, job, token };
    });
    return (await Promise.all(asked)).filter((taken) => taken !== undefined);
  }

  /** Gives a job back, to be looked at at `at` (milliseconds since 1970, by this machine's clock). */
  async giveBack({ job, token }: Taken, at: number): Promise<void> {
    await job.moveToDelayed(Math.ceil(at), token);
  }

  /** The entry of the job has nothing to do. */
  async drop({ job, token }: Taken): Promise<void> {
    await job.moveToCompleted('', token, false);
  }

  /** Moves the job of an entry to another time, or makes one. */
  async move(id: string, priority: number, delayMs: number): Promise<void> {
    const job = await this.#queue.getJob(id);
    // One that is no longer delayed is about to be looked at: whoever does so finds out when its time is.
    if (job) await job.changeDelay(Math.max(0, Math.ceil(delayMs))).catch(() => undefined);
    await this.add(id, priority, delayMs);
  }

  /** Takes the job of an entry away. */
  async remove(id: string): Promise<void> {
    await this.#queue.remove(id);
  }

  /** Lets go of its connections. */
  async close(): Promise<void> {
    await this.#worker?.close(true);
    await this.#queue.close();
  }
}
