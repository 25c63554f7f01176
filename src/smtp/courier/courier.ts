// The messages of one connection, from the first command to the last reply: what is said, when, and what it came to.
// With PIPELINING a message costs one round trip: its commands leave behind the content of the one before (RFC 2920
// section 3.1: content may begin a group), so that only its own content and the reply to it take time.
import { PosthornError, type Stage } from '../../base/index.ts';
import { abortedError, timeoutError } from '../../net/internal.ts';
import { command } from '../command.ts';
import { Delivery, type DeliveryLink, noMoreMails } from '../delivery.ts';
import type { Dialogue, Failure, Hearer } from '../dialogue.ts';
import { closingError, recipientsRefused, unexpectedReply } from '../failure.ts';
import type { TimeoutsMs } from '../options.ts';
import type { Answer } from '../session.ts';
import type { Flight, FlightReport } from './flight.ts';
import type { Inline } from './inline-content.ts';
import type { Manners } from './manners.ts';
import { Outbound } from './outbound.ts';
import type { CourierEvents, Parcel } from './parcel.ts';
import { endsOf, needsReset, newTrip, sendsAhead, type Trip } from './trip.ts';
import { Watch } from './watch.ts';
import { writeContent } from './write-content.ts';

// How much may be on its way before a reply is awaited, with content sent ahead: enough for a long way and small
// messages, and bounded in octets whatever their size.
const WINDOW_BYTES = 1_048_576;
const WINDOW_MESSAGES = 128;
const RESET = command('RSET');
// How long a server that is told to forget a transaction may take.
const RESET_MS = 2_000;

/** The connection as its courier sees it. */
export interface CourierLink extends DeliveryLink {
  readonly dialogue: Dialogue;
  readonly timeoutsMs: Required<TimeoutsMs>;
  readonly manners: Manners;
  /** Whether commands may be sent in groups. */
  readonly isPipelined: boolean;
  /** How many messages the server still takes over this connection. */
  mailsLeft(): number;
  /** To be called before each MAIL. */
  countMail(): void;
}

/** Carries messages over one connection, several at a time where the server allows it. */
export class Courier implements Hearer {
  readonly #link: CourierLink;
  readonly #dialogue: Dialogue;
  readonly #events: CourierEvents;
  readonly #watch: Watch;
  readonly #out: Outbound;
  // Told to the server, in the order in which its replies come.
  readonly #trips: Trip[] = [];
  readonly #waiting: Trip[] = [];
  #served = 0;
  #bytes = 0;
  #resets = 0;
  // Its next step is due; not before all that has arrived is read: what comes before its time is no answer.
  #ready: Trip | undefined;
  #isScheduled = false;
  #hasNews = false;
  #hasHeard = false;
  #onSettled: (() => void)[] = [];
  #watched: object | undefined;
  #isFinalWatched = false;

  constructor(link: CourierLink, events: CourierEvents) {
    this.#link = link;
    this.#dialogue = link.dialogue;
    this.#events = events;
    this.#out = new Outbound(link.dialogue);
    this.#watch = new Watch(() => this.#expire());
    this.#dialogue.attach(this);
  }

  /** How many messages it has, told to the server or not yet. */
  get messages(): number {
    return this.#trips.length + this.#waiting.length;
  }

  /** How much it has to do: messages, and a server that has yet to forget one. */
  get load(): number {
    return this.messages + this.#resets;
  }

  /** Whether it takes one more now. */
  get hasRoom(): boolean {
    if (this.#dialogue.state === 'closed' || this.#link.mailsLeft() <= this.#waiting.length)
      return false;
    const { load } = this;
    if (load === 0) return true;
    if (!this.#link.isPipelined) return false;
    const last = this.#waiting.at(-1) ?? this.#trips.at(-1);
    // RSET is on its way.
    if (!last) return true;
    if (sendsAhead(last)) {
      return this.#bytes < WINDOW_BYTES && load < WINDOW_MESSAGES && this.#dialogue.isDrained;
    }
    return this.messages === 1 && last.flight.plan.manner.isPipelined && last.flight.mayBeFollowed;
  }

  /** Whether a message can follow those before it, which are all settled; the server may have to forget one first. */
  get mayFollow(): boolean {
    return this.messages === 0 && this.#link.mailsLeft() > 0;
  }

  /** Takes a message. What is wrong with it is said at once, what comes of it later. */
  post(parcel: Parcel): void {
    const { failure } = this.#dialogue;
    if (failure) {
      const error = failure(this.#dialogue.context('mail'));
      if (!parcel.returned(error)) parcel.failed(error);
      return;
    }
    const { signal } = parcel.options;
    try {
      if (signal?.aborted) throw abortedError('mail', signal, this.#dialogue.context('mail'));
      const delivery = new Delivery(parcel, this.#link);
      const flight = delivery.next();
      if (flight) this.#waiting.push(this.#tripOf(delivery, flight));
    } catch (error) {
      parcel.failed(error);
      this.#hasNews = true;
    }
    this.#schedule();
  }

  /** Waits until the server has forgotten a message that failed. Never throws. */
  async settled(): Promise<void> {
    if (this.#resets === 0) return;
    await new Promise<void>((resolve) => {
      this.#onSettled.push(resolve);
    });
  }

  /** Whether it has no message, and no server to wait for. */
  get isIdle(): boolean {
    return this.load === 0;
  }

  /** What errors of the conversation name as the step that was under way. */
  get stage(): Stage {
    return this.#trips[0]?.flight.stage ?? 'idle';
  }

  /** An answer has come. */
  heard(answer: Answer): void {
    if (this.#dialogue.failure) return;
    this.#hasHeard = true;
    const { verb, verdict, reply } = answer;
    const [trip] = this.#trips;
    if (verdict === 'closing') this.#dialogue.end((known) => closingError(reply, known));
    else if (verb === 'RSET' && verdict !== 'positive') this.#dialogue.close();
    else if (verb === 'RSET' && this.#resets > 0) this.#heardReset();
    else if (verdict === 'violation' && verb) {
      this.#dialogue.end((known) => unexpectedReply(verb, reply, known));
    } else if (trip) {
      trip.flight.heard(answer);
      this.#proceed(trip);
    }
  }

  /** All that has arrived has been heard. */
  quiet(): void {
    this.#turn();
  }

  /** What was written has left. */
  drained(): void {
    this.#hasNews = true;
    this.#schedule();
  }

  /** The conversation is over. */
  over(failure: Failure): void {
    this.#watch.end();
    this.#resets = 0;
    this.#tellSettled();
    const trips = [...this.#trips.splice(0), ...this.#waiting.splice(0)];
    const ends = endsOf(trips, this.#served, (stage) => failure(this.#dialogue.context(stage)));
    const { manners } = this.#link;
    if (ends.some(({ isConfused }) => isConfused)) manners.lostStep();
    if (trips[1]?.flight.hasBegun && ends[1]?.error.code === 'CONNECTION_CLOSED') manners.wasLost();
    // The last is given back first: each goes before those that came later.
    for (const { trip, error, isReturned } of ends.reverse()) {
      // The writer fails by itself, and tells.
      if (trip.isWriting || (isReturned && this.#giveBack(trip, error))) continue;
      this.#settle(
        trip,
        trip.flight.lost(error, (stage) => this.#dialogue.context(stage)),
      );
    }
    this.#events.gone(ends.some(({ error }) => error.reply?.code === 421));
  }

  #tripOf(delivery: Delivery, flight: Flight): Trip {
    const trip = newTrip(delivery, flight);
    this.#bytes += trip.inline?.size ?? 0;
    const { signal } = delivery.parcel.options;
    if (signal) {
      // The caller may abort while being told of the very reply: it counts all the same.
      trip.onAbort = () => queueMicrotask(() => this.#abort(trip, signal));
      signal.addEventListener('abort', trip.onAbort);
    }
    return trip;
  }

  // Messages that come in one turn of the program leave in one write.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = true;
    if (this.#dialogue.state === 'closed') this.#ready = undefined;
    this.#goOn();
    this.#begin();
    if (this.#hasNews) {
      this.#hasNews = false;
      this.#events.room();
      this.#begin();
    }
    this.#isScheduled = false;
    this.#out.flushSoon();
    this.#setWatch();
  }

  #begin(): void {
    for (let trip = this.#waiting[0]; trip && this.#mayBegin(trip); trip = this.#waiting[0]) {
      this.#waiting.shift();
      if (this.#link.mailsLeft() <= 0) {
        const error = noMoreMails(this.#dialogue.context('mail'));
        if (trip.delivery.hasAccepted || !this.#giveBack(trip, error)) this.#settle(trip, error);
        continue;
      }
      this.#link.countMail();
      const before = this.#trips.at(-1);
      trip.isRider = before !== undefined || this.#resets > 0;
      trip.isReset = before !== undefined && needsReset(before, trip);
      this.#trips.push(trip);
      if (trip.isReset) {
        trip.flight.resetTold();
        this.#out.command('RSET', RESET);
      }
      this.#tell(trip);
      if (sendsAhead(trip) && trip.inline) this.#handOverInline(trip, trip.inline);
    }
  }

  #mayBegin({ flight }: Trip): boolean {
    if (this.#dialogue.state === 'closed') return false;
    const last = this.#trips.at(-1);
    if (!flight.plan.manner.isPipelined) return last === undefined && this.#resets === 0;
    return last === undefined || last.flight.mayBeFollowed;
  }

  #tell({ flight }: Trip): void {
    for (const { verb, command: line } of flight.next()) this.#out.command(verb, line);
  }

  #proceed(trip: Trip): void {
    // What is due then is for the writer to do.
    if (trip.isWriting) return;
    const { due } = trip.flight;
    if (due === 'nothing') this.#finish(trip);
    else if (due !== 'replies') this.#ready = trip;
  }

  #goOn(): void {
    const trip = this.#ready;
    this.#ready = undefined;
    if (!trip) return;
    const { flight } = trip;
    const { due } = flight;
    if (due === 'dot') {
      flight.dotted();
      this.#out.content(['.\r\n'], 1);
    } else if (due === 'end') this.#dialogue.close();
    else if (trip.isAbandoned) this.#leave(trip);
    else if (due === 'command') this.#tell(trip);
    else if (trip.inline) this.#handOverInline(trip, trip.inline);
    else void this.#write(trip);
  }

  // It is its turn, and nobody wants it any more. After DATA only the dot or the end would help.
  #leave(trip: Trip): void {
    const { flight } = trip;
    if (flight.due === 'content' && flight.plan.manner.framing === 'data') {
      this.#dialogue.close();
      return;
    }
    flight.stopped();
    this.#finish(trip);
  }

  #handOverInline({ flight, delivery }: Trip, { pieces, size }: Inline): void {
    if (flight.plan.manner.framing === 'bdat') this.#out.chunk(pieces, size, flight.replies);
    else this.#out.content(pieces, flight.replies);
    flight.handedOver(size);
    delivery.passed(size);
    this.#hasNews = true;
  }

  async #write(trip: Trip): Promise<void> {
    trip.isWriting = true;
    this.#out.flush();
    await writeContent(trip, this.#link);
    this.#written(trip);
  }

  #written(trip: Trip): void {
    trip.isWriting = false;
    this.#hasNews = true;
    const { signal } = trip.delivery.parcel.options;
    if (this.#trips[0] === trip) this.#proceed(trip);
    else {
      // The conversation has ended meanwhile.
      const context = (stage: Stage) => this.#dialogue.context(stage);
      const error = this.#dialogue.failure?.(context(trip.flight.stage));
      this.#settle(trip, error ? trip.flight.lost(error, context) : trip.flight.outcome(context));
    }
    // It has been written to its end, and the writer heard nothing of this.
    if (signal?.aborted) this.#abort(trip, signal);
    queueMicrotask(() => {
      this.#turn();
      // What follows leaves with the end of it.
      this.#out.flush();
    });
  }

  #finish(trip: Trip): void {
    this.#trips.shift();
    this.#served += 1;
    const { flight } = trip;
    const { manners } = this.#link;
    const [next] = this.#trips;
    if (next === undefined) {
      if (flight.isLeftOpen) this.#forget();
    } else {
      manners.keptStep();
      // Its commands are on their way already, and may meet a transaction that is open still.
      if (flight.isLeftOpen && !next.isReset) next.flight.followsOpen();
    }
    if (flight.isConfused) manners.lostStep();
    if (flight.isChunkless) manners.lostChunk();
    const outcome = flight.outcome((stage) => this.#dialogue.context(stage));
    // The octets of a chunk that is none are taken for commands.
    if (flight.isChunkless || flight.isContradictory) this.#dialogue.close();
    if (flight.isBlocked && this.#tryAgain(trip)) return;
    const isMisheard = flight.isConfused || flight.isChunkless;
    const error = isMisheard ? this.#refusalOf(outcome) : undefined;
    if (error && this.#giveBack(trip, error)) return;
    this.#settle(trip, outcome);
  }

  // Why nobody has the message; `undefined` when somebody does.
  #refusalOf(outcome: FlightReport | PosthornError): PosthornError | undefined {
    if (outcome instanceof PosthornError) return outcome;
    const { accepted, rejected } = outcome;
    if (accepted.length > 0) return undefined;
    return recipientsRefused(rejected, rejected.length, false, this.#dialogue.context('rcpt'));
  }

  #tryAgain(trip: Trip): boolean {
    if (trip.isAbandoned || this.#dialogue.state === 'closed') return false;
    const flight = trip.delivery.again();
    if (!flight) return false;
    this.#release(trip);
    this.#waiting.unshift(this.#tripOf(trip.delivery, flight));
    return true;
  }

  #settle(trip: Trip, outcome: FlightReport | PosthornError): void {
    this.#release(trip);
    if (trip.isAbandoned) return;
    const { delivery } = trip;
    try {
      delivery.add(outcome);
      const next = this.#dialogue.state === 'closed' ? undefined : delivery.next();
      if (next) this.#waiting.unshift(this.#tripOf(delivery, next));
      else delivery.parcel.delivered(delivery.report());
    } catch (error) {
      delivery.parcel.failed(error);
    }
  }

  #release(trip: Trip): void {
    this.#bytes -= trip.inline?.size ?? 0;
    if (trip.onAbort)
      trip.delivery.parcel.options.signal?.removeEventListener('abort', trip.onAbort);
    trip.onAbort = undefined;
    this.#hasNews = true;
  }

  // Makes the connection fit for the next message, whose commands need not wait for it. After a MAIL that was refused
  // too: some servers remember it and refuse the next.
  #forget(): void {
    if (this.#dialogue.state === 'closed') return;
    this.#resets += 1;
    this.#out.command('RSET', RESET);
  }

  #heardReset(): void {
    this.#resets -= 1;
    this.#hasNews = true;
    if (this.#resets === 0) this.#tellSettled();
  }

  #tellSettled(): void {
    for (const tell of this.#onSettled.splice(0)) tell();
  }

  #giveBack(trip: Trip, error: PosthornError): boolean {
    const { parcel } = trip.delivery;
    // Nobody would hear of it on another connection that this one has been told to stop.
    if (trip.isAbandoned || parcel.options.signal?.aborted || !parcel.returned(error)) return false;
    this.#release(trip);
    return true;
  }

  #abort(trip: Trip, signal: AbortSignal): void {
    // The writer hears the signal itself; what is settled stays so.
    if (trip.isWriting || trip.isAbandoned || !trip.onAbort) return;
    const { flight, delivery } = trip;
    delivery.parcel.failed(
      abortedError(flight.stage, signal, this.#dialogue.context(flight.stage)),
    );
    trip.isAbandoned = true;
    const at = this.#waiting.indexOf(trip);
    if (at !== -1) {
      this.#waiting.splice(at, 1);
      this.#release(trip);
      this.#schedule();
      return;
    }
    // Others must not suffer: one in front of it has its content at the server. It ends when its turn comes.
    if (this.#trips[0] === trip && (this.messages === 1 || !flight.isHandedOver))
      this.#dialogue.close();
  }

  // The clock runs for the reply that is due next. It begins anew with each reply, and when another one is due.
  #setWatch(): void {
    const [head] = this.#trips;
    const subject = head ?? (this.#resets > 0 ? this.#dialogue : undefined);
    if (subject === undefined || head?.isWriting) {
      this.#watched = undefined;
      this.#watch.stop();
      return;
    }
    const isFinal = head?.flight.isHandedOver === true;
    if (!this.#hasHeard && subject === this.#watched && isFinal === this.#isFinalWatched) return;
    this.#hasHeard = false;
    this.#watched = subject;
    this.#isFinalWatched = isFinal;
    const { command: commandMs, finalReply } = this.#link.timeoutsMs;
    this.#watch.start(head ? (isFinal ? finalReply : commandMs) : Math.min(RESET_MS, commandMs));
  }

  #expire(): void {
    const [head] = this.#trips;
    if (!head) {
      this.#dialogue.close();
      return;
    }
    const option = head.flight.isHandedOver ? 'finalReply' : 'command';
    const ms = this.#link.timeoutsMs[option];
    this.#dialogue.abandon((known) =>
      timeoutError(known.stage ?? 'idle', ms, `timeoutsMs.${option}`, known),
    );
  }
}
