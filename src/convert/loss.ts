// What was lost between two formats, told instead of kept silent. Whoever reads or writes a format adds codes here.

/** Every `code` a {@link Loss} can have. Stable: a code is never reused for another loss. */
export type LossCode =
  /** The source is damaged; what could be read was taken over. */
  | 'file-damaged'
  /** The source names an attachment and does not hold its content. */
  | 'attachment-missing'
  /** An address of the source is no internet address, and nothing leads to one. */
  | 'address-unresolved'
  /** Properties of an Outlook item have no place in the target. */
  | 'properties-lost'
  /** Header fields have no place in the target. */
  | 'headers-lost'
  /** The plain text has no place in the target. */
  | 'text-lost'
  /** The HTML has no place in the target, or was made text. */
  | 'html-lost'
  /** Attachments have no place in the target. */
  | 'attachments-lost'
  /** Other forms of the text, such as a calendar, have no place in the target. */
  | 'views-lost'
  /** What a mail program noted beside the message (read, flagged, received) has no place in the target. */
  | 'state-lost'
  /** The signature does not hold over the message as the target has it. */
  | 'signature-lost'
  /** A page refers to something that is not in the source. */
  | 'resource-missing'
  /** Of several components of a calendar, or contacts, the target holds one. */
  | 'components-lost'
  /** The recurrence of an appointment or task has no place in the target, or a part of it. */
  | 'recurrence-lost'
  /** Members of a distribution list can't be told in the target. */
  | 'members-lost';

/** Something that the source says and the target does not. */
export interface Loss {
  /** A stable string to switch on; see {@link LossCode}. */
  readonly code: LossCode;
  /** What was lost, for people. */
  readonly message: string;
}

/** Tells of a loss. */
export type Note = (code: LossCode, message: string) => void;
