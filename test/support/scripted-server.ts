// A server that says what a script tells it, well or badly: for tests of everything that speaks SMTP as a client.
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { Link } from './scripted-link.ts';

/**
 * What a server does when its turn comes: text is written with CRLF line ends; a function does as it likes, and what text
 * it returns is written, too.
 */
export type Answer = string | ((link: Link) => unknown);

/**
 * What can be answered; `content` is the answer to the final dot, `midContent` comes before it; `BDAT` is answered when
 * the chunk's octets have come.
 */
export type Turn =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'LHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'midContent'
  | 'content'
  | 'BDAT'
  | 'RSET'
  | 'NOOP'
  | 'VRFY'
  | 'EXPN'
  | 'HELP'
  | 'ETRN'
  | 'QUIT';

/** Answers by turn; a list answers the first, second, … time on one connection, its last entry from then on. */
export type Script = { readonly [turn in Turn]?: Answer | readonly Answer[] };

/** How the server's text reaches the client: whole, line by line, byte by byte, or each reply cut at one byte. */
export type Cut = 'whole' | 'line' | 'byte' | number;

export interface ScriptedServerOptions {
  /** TLS from the first byte, after STARTTLS, or not at all. Default: none. */
  readonly tls?: 'implicit' | 'starttls';
  /** Which certificate of test/fixtures/tls is shown. Default: 'server'. */
  readonly certificate?: 'server' | 'wrong-name' | 'common-name-only' | 'expired';
  /** Whether the client must show a certificate of the test authority. Default: false. */
  readonly wantsClientCertificate?: boolean;
  /** Whether all connections share one TLS context, so that sessions can be resumed. Default: false. */
  readonly sharedContext?: boolean;
  /** Default: 'whole'. */
  readonly cut?: Cut;
  /** Path of a Unix socket to listen on instead of TCP. */
  readonly socketPath?: string;
  /** Octets of content after which `midContent` is answered. Default: 1. */
  readonly midContentAfter?: number;
}

/** One message as the server got it: the bytes between 354 and the final dot, dots still doubled; or those of its chunks. */
export interface ScriptedMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Every command line in the order of arrival, all connections together. */
  readonly lines: string[];
  /** Every message whose final dot arrived. */
  readonly messages: ScriptedMessage[];
  /** Everything that arrived unencrypted, as latin1 text. */
  clear(): string;
  /** How many connections were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** A certificate of the test authority with its key, to log in with. */
export const clientCertificate: { readonly cert: string; readonly key: string } = {
  cert: fixture('server.pem').toString(),
  key: fixture('server.key.pem').toString(),
};

/** The authority that issued the servers' certificates, for `tls: { ca }`. */
export const testAuthority: string = fixture('ca.pem').toString();

const COMMANDS = [
  'EHLO',
  'HELO',
  'LHLO',
  'STARTTLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'BDAT',
  'RSET',
  'NOOP',
  'VRFY',
  'EXPN',
  'HELP',
  'ETRN',
  'QUIT',
] as const;

const POLITE: Script = {
  greeting: '220 test.example.com ESMTP',
  HELO: '250 test.example.com',
  STARTTLS: '220 2.0.0 Go ahead',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 End with a dot',
  content: '250 2.0.0 Ok: queued as 4X1Y2Z',
  BDAT: '250 2.0.0 Ok: queued as 4X1Y2Z',
  RSET: '250 2.0.0 Ok',
  NOOP: '250 2.0.0 Ok',
  VRFY: '252 2.1.5 Cannot say',
  EXPN: '250-2.1.5 <ann@example.com>\n250 2.1.5 <bob@example.com>',
  HELP: '214 2.0.0 See RFC 5321',
  ETRN: '250 2.0.0 Queuing started',
  QUIT: '221 2.0.0 Bye',
};

const EXTENSIONS = [
  'SIZE 10485760',
  '8BITMIME',
  'SMTPUTF8',
  'ENHANCEDSTATUSCODES',
  'AUTH PLAIN LOGIN',
];

/** A reply to EHLO with these keywords. */
export function ehlo(...keywords: readonly string[]): string {
  const lines = ['test.example.com', ...keywords];
  return lines.map((text, i) => `250${i === lines.length - 1 ? ' ' : '-'}${text}`).join('\n');
}

/** Starts a server on 127.0.0.1; what the script leaves out is answered as a good server would. */
export async function scriptedServer(
  script: Script = {},
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const lines: string[] = [];
  const messages: ScriptedMessage[] = [];
  const clear: Buffer[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    new Conversation(socket, script, options, { lines, messages, clear }).start();
  });
  const { socketPath } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (socketPath === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(socketPath, resolve);
  });
  const address = server.address() as AddressInfo | string;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    host: '127.0.0.1',
    port: typeof address === 'string' ? 0 : address.port,
    lines,
    messages,
    clear: () => Buffer.concat(clear).toString('latin1'),
    connections: () => count,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Records {
  readonly lines: string[];
  readonly messages: ScriptedMessage[];
  readonly clear: Buffer[];
}

class Conversation {
  readonly #script: Script;
  readonly #options: ScriptedServerOptions;
  readonly #records: Records;
  readonly #turns = new Map<Turn, number>();
  readonly #transport: Socket;
  #link: Link;
  #encrypted = false;
  #unread = '';
  #content: string | undefined;
  // The chunks of the message so far, and the octets of the one that is coming.
  #chunks = '';
  #chunkLeft: number | undefined;
  #saidMidway = false;
  #from = '';
  #to: string[] = [];
  #inAuth = false;
  #isAnswering = false;

  constructor(socket: Socket, script: Script, options: ScriptedServerOptions, records: Records) {
    this.#script = script;
    this.#options = options;
    this.#records = records;
    this.#link = new Link(socket, socket, options.cut ?? 'whole');
    this.#transport = socket;
  }

  start(): void {
    if (this.#options.tls !== 'implicit') {
      this.#listen();
      this.#answering(this.#answer('greeting'));
      return;
    }
    this.#encrypt();
    this.#link.socket.once('secure', () => this.#answering(this.#answer('greeting')));
  }

  #listen(): void {
    const link = this.#link;
    link.socket.on('data', (chunk: Buffer) => {
      if (link !== this.#link) return;
      if (!this.#encrypted) this.#records.clear.push(chunk);
      this.#unread += chunk.toString('latin1');
      this.#read();
    });
  }

  // Line by line: what follows one belongs to whatever its answer starts, so it waits for that.
  #read(): void {
    while (!this.#isAnswering) {
      if (this.#chunkLeft !== undefined) {
        if (this.#unread.length < this.#chunkLeft) return;
        this.#readChunk(this.#chunkLeft);
        continue;
      }
      if (this.#content !== undefined) {
        this.#readContent();
        if (this.#content !== undefined) return;
        continue;
      }
      const end = this.#unread.indexOf('\r\n');
      if (end === -1) return;
      const line = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end + 2);
      this.#records.lines.push(line);
      this.#link.line = line;
      const word = line.split(' ', 1)[0]?.toUpperCase() ?? '';
      if (word === 'BDAT') {
        this.#chunkLeft = Number(line.split(' ')[1]);
        continue;
      }
      const turn = this.#inAuth ? 'AUTH' : COMMANDS.find((command) => command === word);
      this.#answering(turn ? this.#answer(turn) : this.#link.say('500 5.5.2 What?'));
    }
  }

  #answering(work: Promise<void>): void {
    this.#isAnswering = true;
    const done = (): void => {
      this.#isAnswering = false;
      this.#read();
    };
    work.then(done, done);
  }

  async #answer(turn: Turn): Promise<void> {
    const time = this.#turns.get(turn) ?? 0;
    this.#turns.set(turn, time + 1);
    const planned = this.#script[turn];
    const scripted =
      typeof planned === 'string' || typeof planned === 'function'
        ? planned
        : planned?.[Math.min(time, planned.length - 1)];
    const given = scripted ?? this.#politely(turn);
    const link = this.#link;
    link.turn = turn;
    link.meaning = '';
    const answer = typeof given === 'function' ? await given(link) : given;
    if (typeof answer === 'string') await link.say(answer);
    this.#goOn(turn, typeof answer === 'string' ? answer : link.meaning);
  }

  // What an answer means for what comes next.
  #goOn(turn: Turn, answer: string): void {
    const link = this.#link;
    if (turn === 'QUIT' && answer !== '') link.socket.end();
    this.#inAuth = turn === 'AUTH' && answer.startsWith('334');
    if (turn === 'MAIL' && answer.startsWith('2')) this.#from = pathOf(link.line);
    if (turn === 'MAIL') this.#to = [];
    if (turn === 'MAIL' || turn === 'RSET') this.#chunks = '';
    if (turn === 'RCPT' && answer.startsWith('2')) this.#to.push(pathOf(link.line));
    if (turn === 'DATA' && answer.startsWith('354')) {
      // The line end that the dot's rule counts from is that of DATA itself.
      this.#content = '\r\n';
      this.#saidMidway = false;
    }
    if (turn === 'STARTTLS' && answer.startsWith('220') && this.#options.tls) this.#encrypt();
  }

  #politely(turn: Turn): Answer {
    if (turn === 'EHLO' || turn === 'LHLO') {
      const canUpgrade = this.#options.tls === 'starttls' && !this.#encrypted;
      return ehlo(...EXTENSIONS, ...(canUpgrade ? ['STARTTLS'] : []));
    }
    if (turn === 'AUTH') {
      const time = this.#turns.get(turn) ?? 1;
      if (!this.#link.line.startsWith('AUTH LOGIN') && time === 1) return '235 2.7.0 Welcome';
      return ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6'][time - 1] ?? '235 2.7.0 Welcome';
    }
    return POLITE[turn] as string;
  }

  #readContent(): void {
    const seen = this.#content ?? '';
    const content = seen + this.#unread;
    this.#content = content;
    this.#unread = '';
    const after = this.#options.midContentAfter ?? 1;
    if (this.#script.midContent && !this.#saidMidway && content.length - 2 >= after) {
      this.#saidMidway = true;
      this.#answer('midContent').catch(() => undefined);
    }
    const end = content.indexOf('\r\n.\r\n', Math.max(0, seen.length - 5));
    if (end === -1) return;
    this.#unread = content.slice(end + 5);
    this.#content = undefined;
    const message = content.slice(2, end + 2);
    this.#records.messages.push({ from: this.#from, to: [...this.#to], content: message });
    this.#answering(this.#answer('content'));
  }

  #readChunk(size: number): void {
    this.#chunks += this.#unread.slice(0, size);
    this.#unread = this.#unread.slice(size);
    this.#chunkLeft = undefined;
    if (this.#link.line.endsWith(' LAST')) {
      const message = { from: this.#from, to: [...this.#to], content: this.#chunks };
      this.#records.messages.push(message);
      this.#chunks = '';
    }
    this.#answering(this.#answer('BDAT'));
  }

  #encrypt(): void {
    const name = this.#options.certificate ?? 'server';
    this.#link.socket.removeAllListeners('data');
    const socket = new TLSSocket(this.#link.socket, {
      isServer: true,
      requestCert: this.#options.wantsClientCertificate ?? false,
      rejectUnauthorized: this.#options.wantsClientCertificate ?? false,
      secureContext: this.#options.sharedContext ? sharedContext : contextOf(name),
    });
    socket.on('error', () => undefined);
    this.#encrypted = true;
    this.#unread = '';
    this.#link = new Link(socket, this.#transport, this.#options.cut ?? 'whole');
    this.#listen();
  }
}

function contextOf(name: string): SecureContext {
  return createSecureContext({
    key: fixture(`${name}.key.pem`),
    cert: fixture(`${name}.pem`),
    ca: testAuthority,
  });
}

const sharedContext = contextOf('server');

function pathOf(line: string): string {
  return /<(.*?)>/.exec(line)?.[1] ?? '';
}
