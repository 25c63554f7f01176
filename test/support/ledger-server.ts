// A server in memory that keeps a ledger: every message it has accepted, whether or not anybody was told. It follows
// RFC 5321, 2920, 3030 and 2033, and misbehaves where a plan says so: the witness against which a client's words about
// its messages are checked.
import { type Duplex, duplexPair } from 'node:stream';

/** What is misdone in place of a reply. */
export type Deed =
  | { readonly kind: 'say'; readonly reply: string }
  /** Said, and the command is not carried out. */
  | { readonly kind: 'close'; readonly words?: string }
  | { readonly kind: 'silence' }
  /** What has arrived behind the command is thrown away. */
  | { readonly kind: 'flush' }
  /** Carried out, and nobody is told. */
  | { readonly kind: 'swallow-and-close' };

export interface LedgerOptions {
  readonly keywords: readonly string[];
  readonly isLmtp?: boolean;
  /** What a connection, counted from 1, does at its n-th command, counted from 0; content counts as one. */
  readonly deed?: (connection: number, step: number, verb: string) => Deed | undefined;
  /** The octets of replies after which the first connection ends, and of what it reads. */
  readonly cut?: { readonly said?: number; readonly read?: number };
  /** Whether a BDAT that fails ends its transaction: RFC 3030 leaves it open. */
  readonly forgetsRefusedChunk?: boolean;
  /** Whether DATA without a recipient is answered with 354. */
  readonly isTrusting?: boolean;
  /** Whether replies are held back until nothing more can come: each time they leave is one round trip. */
  readonly isSlow?: boolean;
}

/** One message in the ledger. */
export interface Entry {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
}

export class LedgerServer {
  readonly accepted: Entry[] = [];
  readonly lines: string[] = [];
  /** What arrived between two of the server's answers, all connections together. */
  readonly flights: string[] = [];
  connections = 0;
  readonly options: LedgerOptions;
  readonly #open = new Set<Duplex>();

  constructor(options: LedgerOptions) {
    this.options = options;
  }

  /** To be given to a client as `connect`. */
  readonly connect = (): Duplex => {
    const [near, far] = duplexPair();
    this.connections += 1;
    this.#open.add(far);
    far.once('close', () => {
      this.#open.delete(far);
      // What was said before has been heard by then.
      setImmediate(() => near.destroy());
    });
    near.once('close', () => setImmediate(() => far.destroy()));
    new Talk(this, far, this.connections);
    return near;
  };

  /** The far ends of those that are open. */
  get streams(): Iterable<Duplex> {
    return this.#open;
  }

  /** How many connections are open. */
  get openConnections(): number {
    return this.#open.size;
  }
}

class Talk {
  readonly #server: LedgerServer;
  readonly #stream: Duplex;
  readonly #number: number;
  #unread = Buffer.alloc(0);
  #isOver = false;
  #isQuiet = false;
  #isTaking = false;
  #isCut = false;
  #step = 0;
  #said = 0;
  #readBytes = 0;
  #held = '';
  #flight = '';
  #timer: NodeJS.Timeout | undefined;
  // The transaction.
  #from: string | undefined;
  #to: string[] = [];
  #content = '';
  #isInData = false;
  #chunk: { readonly size: number; readonly isLast: boolean } | undefined;
  #isChunkRefused = false;

  constructor(server: LedgerServer, stream: Duplex, number: number) {
    this.#server = server;
    this.#stream = stream;
    this.#number = number;
    stream.on('error', () => undefined);
    stream.on('data', (bytes: Buffer) => this.#read(bytes));
    stream.on('end', () => this.#end());
    this.#say('220 ledger');
  }

  get #cut(): NonNullable<LedgerOptions['cut']> {
    return (this.#number === 1 && this.#server.options.cut) || {};
  }

  #read(bytes: Buffer): void {
    if (this.#isOver) return;
    const left = (this.#cut.read ?? Infinity) - this.#readBytes;
    this.#readBytes += bytes.length;
    const isCut = bytes.length >= left;
    this.#isCut ||= isCut;
    this.#unread = Buffer.concat([this.#unread, isCut ? bytes.subarray(0, left) : bytes]);
    this.#flight += bytes.toString('latin1');
    // The client's answer to a reply may come before the reply's own command is done with.
    if (this.#isTaking) return;
    this.#isTaking = true;
    while (!this.#isOver && this.#take());
    this.#isTaking = false;
    if (this.#isCut) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    // What it read it carries out, also when nobody is left to be told.
    this.#stream.destroy();
  }

  #say(text: string): void {
    if (this.#isQuiet || this.#stream.destroyed) return;
    const bytes = `${text.replaceAll('\n', '\r\n')}\r\n`;
    const left = (this.#cut.said ?? Infinity) - this.#said;
    this.#said += bytes.length;
    if (this.#server.options.isSlow) {
      this.#held += bytes;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#letGo(), 4);
    } else if (bytes.length < left) this.#stream.write(bytes);
    else {
      this.#stream.write(bytes.slice(0, left));
      this.#isQuiet = true;
      // Whole what it read so far, then gone.
      setImmediate(() => this.#end());
    }
  }

  #letGo(): void {
    this.#server.flights.push(this.#flight);
    this.#flight = '';
    const held = this.#held;
    this.#held = '';
    // The client may answer before this returns.
    this.#stream.write(held);
  }

  // One command, one message or one chunk; false when more has to come.
  #take(): boolean {
    if (this.#isInData) return this.#takeData();
    if (this.#chunk) return this.#takeChunk(this.#chunk);
    const end = this.#unread.indexOf('\r\n');
    if (end === -1) return false;
    const line = this.#unread.subarray(0, end).toString();
    this.#unread = this.#unread.subarray(end + 2);
    this.#server.lines.push(line);
    const verb = line.split(' ', 1)[0]?.toUpperCase() ?? '';
    if (verb === 'BDAT') {
      const [, size, last] = line.split(' ');
      this.#chunk = { size: Number(size), isLast: last === 'LAST' };
    } else this.#act(verb, () => this.#obey(verb, line));
    return true;
  }

  #takeData(): boolean {
    const end = this.#unread.indexOf('\r\n.\r\n');
    const isEmpty = this.#unread.subarray(0, 3).toString() === '.\r\n';
    if (end === -1 && !isEmpty) return false;
    const content = isEmpty ? '' : `${this.#unread.subarray(0, end).toString('latin1')}\r\n`;
    this.#unread = this.#unread.subarray(isEmpty ? 3 : end + 5);
    this.#isInData = false;
    this.#content = content.replaceAll(/^\./gm, '');
    this.#act('content', () => (this.#to.length === 0 ? ['554 nobody'] : this.#accept()));
    this.#forget();
    return true;
  }

  #takeChunk({ size, isLast }: { readonly size: number; readonly isLast: boolean }): boolean {
    if (this.#unread.length < size) return false;
    const octets = this.#unread.subarray(0, size).toString('latin1');
    this.#unread = this.#unread.subarray(size);
    this.#chunk = undefined;
    const isTaken = this.#act(isLast ? 'BDAT LAST' : 'BDAT', () => {
      if (this.#to.length === 0 || this.#isChunkRefused) return ['503 nobody'];
      this.#content += octets;
      return isLast ? this.#accept() : ['250 ok'];
    });
    if (!isTaken) this.#isChunkRefused = true;
    if (isLast && (isTaken || this.#server.options.forgetsRefusedChunk)) this.#forget();
    return true;
  }

  // Whether it went as it should.
  #act(verb: string, work: () => readonly string[]): boolean {
    const deed = this.#server.options.deed?.(this.#number, this.#step++, verb);
    if (!deed) {
      const replies = work();
      for (const reply of replies) this.#say(reply);
      return replies.some((reply) => reply.startsWith('2'));
    }
    if (deed.kind === 'swallow-and-close') work();
    if (deed.kind === 'flush') {
      for (const reply of work()) this.#say(reply);
      this.#unread = Buffer.alloc(0);
      return true;
    }
    if (deed.kind === 'say') this.#say(deed.reply);
    if (deed.kind === 'silence') this.#isQuiet = true;
    if (deed.kind === 'close' && deed.words) this.#say(deed.words);
    if (deed.kind === 'close' || deed.kind === 'swallow-and-close') {
      this.#isOver = true;
      setImmediate(() => this.#stream.destroy());
    }
    if (verb === 'DATA' && deed.kind === 'say' && deed.reply.startsWith('354')) {
      this.#isInData = true;
    }
    return false;
  }

  #obey(verb: string, line: string): readonly string[] {
    const { keywords, isTrusting } = this.#server.options;
    if (verb === 'EHLO' || verb === 'LHLO') {
      const all = ['ledger', ...keywords];
      return [all.map((word, i) => `250${i < all.length - 1 ? '-' : ' '}${word}`).join('\n')];
    }
    if (verb === 'RSET') {
      this.#forget();
      return ['250 ok'];
    }
    if (verb === 'QUIT') {
      // Said by then, held back or not.
      setTimeout(() => this.#stream.end(), this.#server.options.isSlow ? 10 : 0);
      return ['221 bye'];
    }
    if (verb === 'MAIL') {
      if (this.#from !== undefined) return ['503 nested'];
      this.#from = path(line);
      return ['250 ok'];
    }
    if (verb === 'RCPT') {
      if (this.#from === undefined) return ['503 no MAIL'];
      this.#to.push(path(line));
      return ['250 ok'];
    }
    if (verb !== 'DATA') return ['500 what?'];
    if (this.#to.length === 0 && !isTrusting) return ['503 nobody'];
    this.#isInData = true;
    return ['354 go'];
  }

  #accept(): readonly string[] {
    const entry = { from: this.#from ?? '', to: [...this.#to], content: this.#content };
    this.#server.accepted.push(entry);
    return this.#server.options.isLmtp ? this.#to.map(() => '250 ok') : ['250 ok'];
  }

  #forget(): void {
    this.#from = undefined;
    this.#to = [];
    this.#content = '';
    this.#isChunkRefused = false;
  }
}

function path(line: string): string {
  return /<(.*?)>/.exec(line)?.[1] ?? '';
}
