// The least that hands a message over by SMTP: for tests of what receives, so that it shares no fault
// with the client. Lines go out one after the other, each after the reply to the one before.
import { connect, type Socket } from 'node:net';

/** What to hand over; addresses and parameters go out as given. */
export interface RawMail {
  readonly port: number;
  readonly from?: string;
  readonly to?: readonly string[];
  /** The content with CRLF line ends; dots are stuffed here. */
  readonly content: string | Uint8Array;
  /** Command lines between EHLO and MAIL. */
  readonly before?: readonly string[];
  /** What follows the address of MAIL FROM. */
  readonly mailParameters?: string;
}

/** A dialogue line by line. */
export class RawSmtp {
  readonly socket: Socket;
  #text = '';
  #closed = false;
  #waiting: ((reply: string) => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#give();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#give();
    });
  }

  /** Connects and reads the greeting. */
  static async open(port: number): Promise<RawSmtp> {
    const smtp = new RawSmtp(connect(port, '127.0.0.1'));
    await smtp.reply();
    return smtp;
  }

  /** Sends one line and gives the reply to it. */
  command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** The next reply, all its lines; `000 closed` when the server has gone. */
  reply(): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#give();
    });
  }

  #give(): void {
    const waiting = this.#waiting;
    const end = /^\d{3}(?: .*)?\r\n/m.exec(this.#text);
    if (!waiting || !(end || this.#closed)) return;
    this.#waiting = undefined;
    const until = end ? end.index + end[0].length : this.#text.length;
    const reply = this.#text.slice(0, until);
    this.#text = this.#text.slice(until);
    waiting(end ? reply : '000 closed\r\n');
  }
}

/** Hands one message over; gives the reply to the final dot. */
export async function sendRaw(mail: RawMail): Promise<string> {
  const smtp = await RawSmtp.open(mail.port);
  const { from = 'sender@example.com', to = ['rcpt@example.com'], mailParameters = '' } = mail;
  const lines = [
    'EHLO client.example',
    ...(mail.before ?? []),
    `MAIL FROM:<${from}>${mailParameters}`,
    ...to.map((address) => `RCPT TO:<${address}>`),
    'DATA',
  ];
  for (const line of lines) {
    const reply = await smtp.command(line);
    if (!/^[23]/.test(reply)) {
      smtp.socket.destroy();
      return reply;
    }
  }
  const bytes = Buffer.from(mail.content as string);
  const stuffed = bytes.toString('latin1').replace(/^\./gm, '..');
  smtp.socket.write(stuffed.endsWith('\r\n') ? stuffed : `${stuffed}\r\n`, 'latin1');
  const reply = await smtp.command('.');
  smtp.socket.end('QUIT\r\n');
  return reply;
}
