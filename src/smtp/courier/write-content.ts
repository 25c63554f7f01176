// Content that leaves piece by piece, in the form that its transaction has for it.
import type { PosthornError } from '../../base/index.ts';
import { Deadline } from '../../net/internal.ts';
import type { SmtpCapabilities } from '../capabilities.ts';
import { ChunkedForm, DottedForm } from '../content-form.ts';
import { ContentWriter } from '../content-writer.ts';
import type { Dialogue } from '../dialogue.ts';
import type { TimeoutsMs } from '../options.ts';
import type { Trip } from './trip.ts';

/** Where it is written to. */
export interface ContentLink {
  readonly dialogue: Dialogue;
  readonly timeoutsMs: Required<TimeoutsMs>;
  readonly capabilities: SmtpCapabilities;
}

/** Writes the content, and tells the transaction how far it came. Never throws. */
export async function writeContent(
  { flight, delivery }: Trip,
  { dialogue, timeoutsMs, capabilities }: ContentLink,
): Promise<void> {
  const { content, options } = delivery.parcel;
  const { beforeFinal } = options;
  const isChunked = flight.plan.manner.framing === 'bdat';
  const writer = new ContentWriter(
    dialogue,
    isChunked ? new ChunkedForm(dialogue, flight) : new DottedForm(dialogue),
    new Deadline(options.signal),
    timeoutsMs.data,
    options.onProgress,
    {
      size: capabilities.size,
      replies: flight.replies,
      beforeFinal:
        beforeFinal &&
        (() => beforeFinal({ recipients: flight.accepted, accepted: delivery.accepted })),
    },
  );
  try {
    const size = await writer.write(content);
    if (size === undefined) flight.stopped();
    else flight.handedOver(size);
  } catch (error) {
    flight.stopped(error as PosthornError);
  }
}
