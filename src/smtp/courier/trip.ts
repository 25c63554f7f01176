// One transaction with the message it is of: what stands between it and those before it, and what becomes of it when
// the connection ends.
import { type PosthornError, ProtocolError, type Stage, TimeoutError } from '../../base/index.ts';
import type { Delivery } from '../delivery.ts';
import type { Flight } from './flight.ts';
import { type Inline, inlineContent } from './inline-content.ts';

/** One transaction on its way. */
export interface Trip {
  readonly delivery: Delivery;
  readonly flight: Flight;
  /** The content, when it leaves in one write. */
  readonly inline: Inline | undefined;
  /** Its commands left behind something that was not settled. */
  isRider: boolean;
  /** RSET leaves before its commands. */
  isReset: boolean;
  /** Content is being written piece by piece; the writer hears of what goes wrong. */
  isWriting: boolean;
  /** The caller's signal has ended it, and the caller knows. */
  isAbandoned: boolean;
  onAbort: (() => void) | undefined;
}

/** A transaction that has yet to begin. */
export function newTrip(delivery: Delivery, flight: Flight): Trip {
  return {
    delivery,
    flight,
    // Whoever has to be asked before the last octet is asked by the writer.
    inline: delivery.parcel.options.beforeFinal
      ? undefined
      : inlineContent(delivery.parcel.content, flight.plan.manner.framing),
    isRider: false,
    isReset: false,
    isWriting: false,
    isAbandoned: false,
    onAbort: undefined,
  };
}

/** Whether the content leaves with the envelope. */
export function sendsAhead({ flight, inline }: Trip): boolean {
  return flight.plan.manner.isEager && inline !== undefined;
}

/**
 * Whether RSET has to stand between the two: it costs no round trip. RFC 3030 section 2: a chunk that failed does not end
 * its transaction. What follows would go to its recipients, or from its sender, when its content does not wait for the
 * reply to MAIL; when it does, that reply tells.
 */
export function needsReset(before: Trip, trip: Trip): boolean {
  const { manner } = trip.flight.plan;
  if (manner.isSeparated) return true;
  if (before.flight.plan.manner.framing === 'data') return false;
  return sendsAhead(before) || sendsAhead(trip) || manner.framing === 'data';
}

/** How the connection ended for a trip. */
export interface TripEnd {
  readonly trip: Trip;
  readonly error: PosthornError;
  /** Whether another connection may have it. */
  readonly isReturned: boolean;
  /** Whether the server seems to have lost step with commands in groups. */
  readonly isConfused: boolean;
}

/** How the connection ended for each, first in line first; `served` is how many were before them. */
export function endsOf(
  trips: readonly Trip[],
  served: number,
  failure: (stage: Stage) => PosthornError,
): TripEnd[] {
  return trips.map((trip, index) => {
    const error = failure(trip.flight.stage);
    // The writer fails by itself.
    const fate = trip.isWriting ? 'tell' : fateOf(trip, { index, served, error });
    return { trip, error, isReturned: fate !== 'tell', isConfused: fate === 'retry-plainly' };
  });
}

interface End {
  readonly index: number;
  readonly served: number;
  readonly error: PosthornError;
}

// What has not been handed over can be given to another connection without harm. It is, where the end says nothing of
// the message: it waited behind another, the connection had gone stale, or the server can't follow groups.
function fateOf(trip: Trip, end: End): 'tell' | 'retry' | 'retry-plainly' {
  const { flight, delivery, isRider } = trip;
  const { index, served, error } = end;
  if (delivery.hasAccepted) return 'tell';
  if (flight.isConfused) return 'retry-plainly';
  if (flight.isBlocked) return 'retry';
  if (flight.isRefused) return 'tell';
  const isDismissed = error.reply?.code === 421;
  // RFC 5321 section 3.8: after 421 nothing is taken any more, so that those behind the one it was said to are safe.
  if (flight.isHandedOver) return index > 0 && isDismissed ? 'retry' : 'tell';
  if (index > 0 || !flight.hasBegun) return 'retry';
  const isGone = error.code === 'CONNECTION_CLOSED';
  if (!flight.isAnswered) {
    if ((isGone || isDismissed) && served > 0) return 'retry';
    if (isRider && error.code === 'CLIENT_CLOSED') return 'retry';
  }
  const isLost =
    isGone ||
    error instanceof ProtocolError ||
    (error instanceof TimeoutError && (flight.isAnswered || isRider));
  if (!flight.plan.manner.isPipelined || !isLost || flight.due !== 'replies') return 'tell';
  return 'retry-plainly';
}
