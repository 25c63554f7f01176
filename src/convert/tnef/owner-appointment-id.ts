// The number by which older programs tell meetings apart (PidTagOwnerAppointmentId, attAidOwner; MS-OXOCAL section 2.2.1.29).
import { createHash } from 'node:crypto';
import { type MapiMessage, PidLid, PidTag } from '../../mapi/index.ts';

const MEETING = /^IPM\.Schedule\.Meeting\./i;

/** Gives a meeting a number when it has none: the same in each request, update and answer, as its global identifier is. */
export function numberMeeting({ properties, messageClass }: MapiMessage): void {
  if (!MEETING.test(messageClass) || properties.has(PidTag.OwnerAppointmentId)) return;
  const id = properties.get(PidLid.CleanGlobalObjectId) ?? properties.get(PidLid.GlobalObjectId);
  if (id === undefined) return;
  const number = createHash('sha256').update(id).digest().readInt32LE(0);
  properties.set(PidTag.OwnerAppointmentId, number);
}
