// What `posthorn outbox work` tells: on a terminal a line that is kept up to date, below what went wrong; with --json or
// in a pipe an object for each event.
import { printable } from '../../base/index.ts';
import type { Outbox, OutboxEvent, OutboxWorker } from '../../delivery/index.ts';
import type { CliIo } from '../io.ts';
import { paintFor } from '../paint.ts';
import { formatNumber, formatTimeLeft, jsonLine } from '../text.ts';
import type { WorkFlags } from './flags.ts';
import { momentText } from './looks.ts';

/** Where a worker's doings are told. */
export interface WorkView {
  /** Work begins. */
  begin(outbox: Outbox, worker: OutboxWorker): void;
  /** Something happened. */
  tell(event: OutboxEvent): void;
  /** Ctrl-C was pressed. */
  ending(): void;
  /** The last word. */
  end(): Promise<void>;
  /** Takes the line away. */
  close(): void;
}

const EVERY_MS = 500;
// Carriage return and ECMA-48 section 8.3.41 (EL): erase to the end of the line.
const ERASE_LINE = '\r\u001b[K';

/** The view for this output. */
export function workView(flags: WorkFlags, io: CliIo): WorkView {
  return flags.json || !io.stdout.isTTY ? lineView(io) : new TerminalView(io, flags);
}

/** A line of JSON for each event. */
function lineView(io: CliIo): WorkView {
  return {
    begin: () => undefined,
    tell: (event) => void io.stdout.write(jsonLine(plain(event))),
    ending: () => undefined,
    end: () => Promise.resolve(),
    close: () => undefined,
  };
}

// The report of a bounce is told by its recipients.
function plain(event: OutboxEvent): object {
  if (!('report' in event)) return event;
  const { report: _report, ...rest } = event;
  return rest;
}

class TerminalView implements WorkView {
  readonly #io: CliIo;
  readonly #isVerbose: boolean;
  #outbox: Outbox | undefined;
  #worker: OutboxWorker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #line = '';
  #done = 0;
  #doneAt = 0;

  constructor(io: CliIo, { verbose }: WorkFlags) {
    this.#io = io;
    this.#isVerbose = verbose ?? false;
  }

  begin(outbox: Outbox, worker: OutboxWorker): void {
    this.#outbox = outbox;
    this.#worker = worker;
    this.#doneAt = performance.now();
    this.#print(`Working as ${printable(worker.name)}; Ctrl-C ends after what is under way.`);
    this.#timer = setInterval(() => void this.#refresh(), EVERY_MS);
  }

  tell(event: OutboxEvent): void {
    const text = this.#textOf(event);
    if (text !== undefined) this.#print(`${momentText(event.at).slice(11, 19)}  ${text}`);
  }

  ending(): void {
    this.#print('Ending after what is under way; Ctrl-C again ends at once.');
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refresh();
    const line = this.#line;
    this.#line = '';
    void this.#io.stdout.write(`${ERASE_LINE}${line}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#line !== '') void this.#io.stdout.write(ERASE_LINE);
    this.#line = '';
  }

  #print(text: string): void {
    void this.#io.stdout.write(`${ERASE_LINE}${text}\n${this.#line}`);
  }

  async #refresh(): Promise<void> {
    if (this.#isAsking || !this.#outbox || !this.#worker) return;
    this.#isAsking = true;
    try {
      const { queued, sending, deferred, lagMs } = await this.#outbox.stats();
      const { stats } = this.#worker;
      const now = performance.now();
      const perSecond = ((stats.attempts - this.#done) / (now - this.#doneAt)) * 1000;
      this.#done = stats.attempts;
      this.#doneAt = now;
      const paint = paintFor(this.#io.stdout, this.#io.env);
      this.#line = [
        paint.cyan(`${formatNumber(queued)} queued`),
        `${formatNumber(sending)} sending`,
        paint.yellow(`${formatNumber(deferred)} deferred`),
        paint.green(`${formatNumber(stats.sent)} sent`),
        ...(stats.failed > 0 ? [paint.red(`${formatNumber(stats.failed)} failed`)] : []),
        ...(stats.unknown > 0 ? [paint.red(`${formatNumber(stats.unknown)} unknown`)] : []),
        `${formatNumber(perSecond, perSecond < 10 ? 1 : 0)}/s`,
        ...(lagMs > 1000 ? [paint.dim(`lag ${formatTimeLeft(lagMs)}`)] : []),
        ...(stats.paused === undefined ? [] : [paint.red('paused')]),
      ].join('  ');
      void this.#io.stdout.write(`${ERASE_LINE}${this.#line}`);
    } catch {
      // The worker tells by itself when the store fails.
    } finally {
      this.#isAsking = false;
    }
  }

  #textOf(event: OutboxEvent): string | undefined {
    const paint = paintFor(this.#io.stdout, this.#io.env);
    switch (event.type) {
      case 'sent':
        return this.#isVerbose ? `${paint.green('sent')}  ${who(event.recipients)}` : undefined;
      case 'deferred':
        return `${paint.yellow('deferred')}  ${who(event.recipients)}, again ${momentText(event.retryAt)}${why(event.error)}`;
      case 'failed':
      case 'expired':
      case 'unknown':
        return `${paint.red(event.type)}  ${who(event.recipients)}${why(event.error)}`;
      case 'paused':
        return `${paint.red('paused')}${why(event.error)}`;
      case 'circuit':
        return `${paint.yellow(`circuit ${event.state}`)}${why(event.error)}`;
      case 'store-failed':
      case 'damaged':
        return `${paint.red(event.type)}${why(event.error)}`;
      case 'resumed':
      case 'lease-lost':
      case 'clock-jump':
        return paint.yellow(event.type);
      default:
        return undefined;
    }
  }
}

const who = (recipients: readonly string[]): string => printable(recipients.join(', '), 200);

const why = (error: { readonly message: string } | undefined): string =>
  error === undefined ? '' : `: ${printable(error.message, 300)}`;
