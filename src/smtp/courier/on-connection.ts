// The courier of a connection: how it may speak to this server, and what it counts.
import type { SmtpCapabilities } from '../capabilities.ts';
import type { Dialogue } from '../dialogue.ts';
import type { WireContent } from '../envelope.ts';
import type { ServerInfo } from '../handshake.ts';
import type { ConnectionSettings } from '../options.ts';
import { Courier } from './courier.ts';
import type { Manner } from './flight.ts';
import type { CourierEvents } from './parcel.ts';

/** What the connection knows of itself; it may learn more. */
export interface Carrier {
  readonly dialogue: Dialogue;
  readonly settings: ConnectionSettings;
  readonly capabilities: SmtpCapabilities;
  readonly server: ServerInfo;
}

/** The courier, which tells `events`. */
export function courierOn(carrier: Carrier, events: CourierEvents): Courier {
  const { dialogue, settings } = carrier;
  const { timeoutsMs, manners, tls, protocol } = settings;
  let mails = 0;
  return new Courier(
    {
      dialogue,
      timeoutsMs,
      manners,
      isLmtp: protocol === 'lmtp',
      get capabilities() {
        return carrier.capabilities;
      },
      get isVerified() {
        return carrier.server.security !== 'none' && tls.rejectUnauthorized !== false;
      },
      context: (stage) => dialogue.context(stage),
      get isPipelined() {
        return isPipelined(carrier);
      },
      manner: (content, needsAll) => mannerFor(carrier, content, needsAll),
      // RFC 9422 section 4.1.
      mailsLeft: () => (carrier.capabilities.limits.mailMax ?? Infinity) - mails,
      countMail: () => {
        mails += 1;
      },
    },
    events,
  );
}

function isPipelined({ capabilities, settings }: Carrier): boolean {
  return capabilities.pipelining && settings.pipelining !== 'off' && !settings.manners.isPlain;
}

function mannerFor(carrier: Carrier, { isCanonical }: WireContent, needsAll: boolean): Manner {
  const { capabilities, settings } = carrier;
  const { manners, chunking, protocol } = settings;
  const inGroups = isPipelined(carrier);
  // A chunk has a size: line ends are not made right on its way. Without groups of commands it has no advantage.
  const isOffered = capabilities.chunking && chunking !== 'off' && !manners.isChunkless;
  const isChunked = inGroups && isOffered && isCanonical === true;
  return {
    isPipelined: inGroups,
    framing: isChunked ? 'bdat' : 'data',
    // Dovecot's submission service (2.3) panics on RCPT behind content that it has yet to pass on; RSET makes it wait.
    // It is told by BURL (RFC 4468), which hardly anybody else offers.
    isSeparated: capabilities.raw.has('BURL') || manners.isSeparated,
    // Over LMTP the replies to the envelope tell how many there will be to the content.
    isEager: isChunked && chunking === 'eager' && !needsAll && protocol !== 'lmtp',
  };
}
