// What an item that is no mail says beside its text, as lines that people read: tasks, journal entries, notes, lists.
import {
  fileTimeToDate,
  type MapiMessage,
  PidLid,
  type PropertyTag,
  readOneOff,
} from '../../mapi/index.ts';
import { oneLine } from './people.ts';

const JOURNAL = /^IPM\.Activity(?:\.|$)/i;

type Line = (item: MapiMessage) => string | undefined;

const line =
  (title: string, value: (item: MapiMessage) => string | undefined): Line =>
  (item) => {
    const text = oneLine(value(item) ?? '');
    return text === '' ? undefined : `${title}: ${text}`;
  };

const text =
  (tag: PropertyTag<0x001f>) =>
  ({ properties }: MapiMessage): string | undefined =>
    properties.get(tag);

const day =
  (tag: PropertyTag<0x0040>) =>
  ({ properties }: MapiMessage): string | undefined =>
    dateText(properties.get(tag))?.slice(0, 10);

const moment =
  (tag: PropertyTag<0x0040>) =>
  ({ properties }: MapiMessage): string | undefined =>
    dateText(properties.get(tag))
      ?.replace('T', ' ')
      .replace(/:\d\d\.\d+Z$/, ' UTC');

/** `undefined` for no time and for the one that means none (MS-OXOTASK: 4501-01-01). */
function dateText(time: bigint | undefined): string | undefined {
  if (time === undefined) return undefined;
  const date = fileTimeToDate(time);
  const year = date.getUTCFullYear();
  return year > 1601 && year < 4500 ? date.toISOString() : undefined;
}

const TASK_STATES = ['Not started', 'In progress', 'Completed', 'Waiting', 'Deferred'] as const;

const percent = ({ properties }: MapiMessage): string | undefined => {
  const part = properties.get(PidLid.PercentComplete);
  return part ? `${Math.round(part * 100)} %` : undefined;
};

const minutes = ({ properties }: MapiMessage): string | undefined => {
  const length = properties.get(PidLid.LogDuration);
  return length ? `${length} minutes` : undefined;
};

/** The members of a distribution list (MS-OXOCNTC section 2.2.2.2). */
const members = ({ properties, codePage }: MapiMessage): string | undefined =>
  properties
    .get(PidLid.DistributionListOneOffMembers)
    ?.flatMap((entry) => {
      const person = readOneOff(entry, codePage);
      return person ? [`${person.name || person.address} <${person.address}>`] : [];
    })
    .join(', ');

const lines: readonly (readonly [RegExp, readonly Line[]])[] = [
  [
    /^IPM\.Task(?:\.|$)/i,
    [
      line('Status', ({ properties }) => TASK_STATES[properties.get(PidLid.TaskStatus) ?? -1]),
      line('Start', day(PidLid.TaskStartDate)),
      line('Due', day(PidLid.TaskDueDate)),
      line('Completed', day(PidLid.TaskDateCompleted)),
      line('Progress', percent),
      line('Owner', text(PidLid.TaskOwner)),
    ],
  ],
  [
    JOURNAL,
    [
      line('Type', text(PidLid.LogType)),
      line('Start', moment(PidLid.LogStart)),
      line('End', moment(PidLid.LogEnd)),
      line('Duration', minutes),
    ],
  ],
  [
    /^IPM\.DistList(?:\.|$)/i,
    [line('Name', text(PidLid.DistributionListName)), line('Members', members)],
  ],
];

/**
 * The plain text of an item: its own, or those lines where it has none. A journal entry has both, since no other part of
 * the message says when it was.
 */
export function plainText(item: MapiMessage, own: string | undefined): string | undefined {
  const [pattern, rows] = lines.find(([known]) => known.test(item.messageClass)) ?? [];
  if (!rows || (own !== undefined && pattern !== JOURNAL)) return own;
  const summary = rows.flatMap((row) => row(item) ?? []);
  if (summary.length === 0) return own;
  return [...summary, ...(own === undefined ? [] : ['', own])].join('\r\n');
}
