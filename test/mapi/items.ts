// Items of every class that is written, made here: what the tests of MSG files write and read.
import { Buffer } from 'node:buffer';
import {
  dateToFileTime,
  MapiAttachment,
  MapiMessage,
  type MapiProperties,
  MapiRecipient,
  PidLid,
  PidName,
  PidTag,
  PropertyType,
  propertySets,
  writeMsg,
} from 'posthorn/outlook';

const time = (text: string): bigint => dateToFileTime(new Date(text));

/** The same octets every time, no two alike that stand near each other. */
export function octets(length: number): Uint8Array {
  const made = new Uint8Array(length);
  for (let index = 0; index < length; index++) made[index] = index * 31 + (index >> 8);
  return made;
}

/** Properties of every type, and named ones in many sets. */
function everyType(properties: MapiProperties): void {
  const { publicStrings, internetHeaders, mapi } = propertySets;
  const own = '0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9';
  properties
    .set({ id: 0x6701, type: PropertyType.Integer16 }, -5)
    .set({ id: 0x6702, type: PropertyType.Integer32 }, -70_000)
    .set({ id: 0x6703, type: PropertyType.Floating32 }, 1.5)
    .set({ id: 0x6704, type: PropertyType.Floating64 }, Math.PI)
    .set({ id: 0x6705, type: PropertyType.Currency }, -12_345_678_901n)
    .set({ id: 0x6706, type: PropertyType.FloatingTime }, 45_000.25)
    .set({ id: 0x6707, type: PropertyType.ErrorCode }, 0x8004_010f)
    .set({ id: 0x6708, type: PropertyType.Boolean }, true)
    .set({ id: 0x6709, type: PropertyType.Integer64 }, 2n ** 62n)
    .set({ id: 0x670a, type: PropertyType.Time }, 2n ** 63n + 5n)
    .set({ id: 0x670b, type: PropertyType.Guid }, own)
    .set({ id: 0x670c, type: PropertyType.ServerId }, octets(21))
    .set({ id: 0x670d, type: PropertyType.Binary }, octets(5000))
    .set({ id: 0x670e, type: PropertyType.Binary }, new Uint8Array(0))
    .set({ id: 0x670f, type: PropertyType.String }, '')
    .set({ id: 0x6711, type: PropertyType.MultipleInteger16 }, [1, -2])
    .set({ id: 0x6712, type: PropertyType.MultipleInteger32 }, [1, -2, 3])
    .set({ id: 0x6713, type: PropertyType.MultipleFloating64 }, [0.5, -0.25])
    .set({ id: 0x6714, type: PropertyType.MultipleInteger64 }, [1n, -(2n ** 40n)])
    .set({ id: 0x6715, type: PropertyType.MultipleTime }, [time('2026-11-20T10:00:00Z'), 0n])
    .set({ id: 0x6716, type: PropertyType.MultipleGuid }, [own, own])
    .set({ id: 0x6717, type: PropertyType.MultipleString }, ['one', '', 'drei €'])
    .set({ id: 0x6718, type: PropertyType.MultipleBinary }, [octets(3), octets(0), octets(5000)])
    .set({ id: 0x6719, type: PropertyType.MultipleInteger32 }, [])
    .set(PidName.Keywords, ['red', 'Grün'])
    .set(PidLid.ReminderDelta, 15)
    .set(PidLid.CommonStart, time('2026-11-21T09:00:00Z'))
    .set({ set: internetHeaders, name: 'x-mailer', type: PropertyType.String }, 'Posthorn')
    .set({ set: publicStrings, name: 'Ünï', type: PropertyType.Integer32 }, 7)
    .set({ set: mapi, lid: 0x1234, type: PropertyType.Boolean }, true)
    .set({ set: own, lid: 1, type: PropertyType.String }, 'own set')
    .set({ set: own, name: 'own name', type: PropertyType.Binary }, octets(70));
}

/** A mail with three recipients, HTML, files, a message inside a message and an embedded object. */
export function mail(): MapiMessage {
  const message = new MapiMessage();
  message.subject = 'Re: Rechnung für Łódź 日本 🎺';
  message.text = 'Guten Tag,\r\nanbei die Rechnung über 12 €.\r\n';
  message.properties
    .set(PidTag.MessageClass, 'IPM.Note')
    .set(PidTag.SubjectPrefix, 'Re: ')
    .set(PidTag.NormalizedSubject, 'Rechnung für Łódź 日本 🎺')
    .set(PidTag.ConversationTopic, 'Rechnung für Łódź 日本 🎺')
    .set(PidTag.Html, Buffer.from('<html><body><p>Grüße, €, 日本</p></body></html>'))
    .set(PidTag.InternetCodepage, 65_001)
    .set(PidTag.ClientSubmitTime, time('2026-11-20T15:30:00.5Z'))
    .set(PidTag.SenderName, 'Ann Ümlaut')
    .set(PidTag.SenderAddressType, 'SMTP')
    .set(PidTag.SenderEmailAddress, 'ann@example.com')
    .set(PidTag.InternetMessageId, '<1@example.com>');
  everyType(message.properties);
  message.recipients = [
    MapiRecipient.of('to', 'bob@example.org', 'Bob Größe'),
    MapiRecipient.of('cc', 'carol@example.net', '日本 Carol'),
    MapiRecipient.of('bcc', 'dave@example.net'),
  ];
  message.attachments = [
    MapiAttachment.file('Übersicht – lang.pdf', octets(10_000)),
    MapiAttachment.file('leer.txt', new Uint8Array(0)),
    MapiAttachment.embedded(inner(2)),
    MapiAttachment.object(writeMsg(inner(0)), 'Object'),
    MapiAttachment.file('short.bin', octets(100)),
  ];
  return message;
}

/** A message that has as many messages inside each other as `depth` says. */
export function inner(depth: number): MapiMessage {
  const message = new MapiMessage();
  message.subject = `Inner ${depth}`;
  message.text = `Text ${depth}`;
  message.recipients = [MapiRecipient.of('to', `r${depth}@example.com`, `R ${depth}`)];
  message.properties.set(PidLid.Location, `Room ${depth}`).set(PidLid.TaskStatus, depth);
  message.attachments = [MapiAttachment.file(`file-${depth}.bin`, octets(depth * 3000 + 1))];
  if (depth > 0) message.attachments.push(MapiAttachment.embedded(inner(depth - 1)));
  return message;
}

/** One item of each other class that people make. */
export function otherItems(): MapiMessage[] {
  const make = (messageClass: string, fill: (properties: MapiProperties) => void): MapiMessage => {
    const message = new MapiMessage();
    message.messageClass = messageClass;
    message.subject = `A ${messageClass}`;
    fill(message.properties);
    return message;
  };
  const start = time('2026-11-23T09:00:00Z');
  const end = time('2026-11-23T10:30:00Z');
  const meeting = (properties: MapiProperties): void => {
    properties
      .set(PidLid.AppointmentStartWhole, start)
      .set(PidLid.AppointmentEndWhole, end)
      .set(PidLid.CommonStart, start)
      .set(PidLid.CommonEnd, end)
      .set(PidLid.Location, 'Zimmer „Süd“')
      .set(PidLid.BusyStatus, 2)
      .set(PidLid.AppointmentSubType, false)
      .set(PidLid.GlobalObjectId, octets(56));
  };
  return [
    make('IPM.Appointment', meeting),
    make('IPM.Schedule.Meeting.Request', meeting),
    make('IPM.Contact', (properties) => {
      properties
        .set(PidTag.GivenName, 'Zoë')
        .set(PidTag.Surname, 'Brontë')
        .set(PidLid.FileUnder, 'Brontë, Zoë')
        .set(PidLid.Email1EmailAddress, 'zoe@example.com')
        .set(PidLid.Email1AddressType, 'SMTP')
        .set(PidTag.ChildrensNames, ['Ann', 'Bob']);
    }),
    make('IPM.Task', (properties) => {
      properties
        .set(PidLid.TaskStatus, 1)
        .set(PidLid.PercentComplete, 0.25)
        .set(PidLid.TaskDueDate, end)
        .set(PidLid.TaskOwner, 'Ann');
    }),
    make('IPM.StickyNote', (properties) => {
      properties.set(PidLid.NoteColor, 3).set(PidLid.NoteWidth, 200).set(PidTag.Body, 'Milk');
    }),
  ];
}
