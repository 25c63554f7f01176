import { LimitError } from './errors.ts';

/** Every bound on what comes from outside, in one place. Counts unless the name carries a unit. */
export const limits = {
  /** MIME parts inside each other. */
  depth: 100,
  /** MIME parts in one message. */
  parts: 10_000,
  /** Header fields in one part. */
  headers: 2_000,
  /** Octets of one part's header block. */
  headerBytes: 1_048_576,
  /** Octets of one line of a message that is read. */
  lineBytes: 16_777_216,
  /** Octets of a message on disk that are read into one array, for those who ask for an array. */
  rangeBytes: 2_147_483_648,
  /** Octets of a message that comes as a stream or Blob, which is collected in memory. */
  streamBytes: 1_073_741_824,
  /** Octets of a part that are made one string; no engine has longer ones. */
  textBytes: 536_870_888,
  /** Problems of one message that are listed. */
  problems: 1_000,
  /** Addresses in one header field. */
  addresses: 100_000,
  /** Groups or comments inside each other in an address field. */
  addressDepth: 100,
  /** Parameters of one structured header field. */
  parameters: 1_000,
  /** Addresses of one host that are tried; a name server may give any number. */
  hostAddresses: 64,
  /** TLS sessions kept for resumption by one set of TLS options. */
  tlsSessions: 100,
  /** Octets of one SMTP reply, all lines together. */
  replyBytes: 65_536,
  /** Lines of one SMTP reply. */
  replyLines: 512,
  /** Octets of a command line that we write (RFC 5321 section 4.5.3.1.4 with room for extensions). */
  commandBytes: 4096,
  /** Octets of a document in Mozilla's autoconfig format. */
  autoconfigBytes: 65_536,
  /** Elements inside each other in such a document. */
  autoconfigDepth: 20,
  /** Servers it may name. */
  autoconfigServers: 50,
  /** Challenges a server may send in one AUTH exchange. */
  authRounds: 3,
  /** Octets of a line of an AUTH exchange that we write (RFC 4954 section 4); tokens can be long. */
  authLineBytes: 12_288,
  /** Rounds of hashing that a SCRAM server must ask for at least (RFC 7677 section 4). */
  scramIterationsMin: 4096,
  /** Rounds of hashing that a SCRAM server may ask for at most: a second or two of work. */
  scramIterationsMax: 2_000_000,
  /** Octets of one answer of an authorization server (OAuth). */
  tokenResponseBytes: 262_144,
  /** Octets of a line that we write into a message (RFC 5322 section 2.1.1), without CRLF. */
  writtenLineBytes: 998,
  /** Octets of a reply line that an error message or transcript repeats. */
  quotedReplyBytes: 512,
  /** Characters of a machine-readable report (RFC 3464, RFC 5965, RFC 8098) that are read; the rest is left out. */
  reportText: 4_194_304,
  /** Characters of a bounce's prose that are read for what it says; the rest is left out. */
  bounceText: 65_536,
  /** Recipients of one bounce that are read; the rest is left out. */
  bounceRecipients: 10_000,
  /** Characters (of a string) or octets of a calendar that is read. */
  calendarBytes: 67_108_864,
  /** Properties of a calendar that is read. */
  calendarLines: 2_000_000,
  /** Components of a calendar inside each other. */
  calendarDepth: 50,
  /** Steps without an occurrence after which a rule by the hour, minute or second counts as ended. */
  recurrenceSteps: 50_000,
  /** Recurrence rules of one appointment; the others are left out. */
  recurrenceRules: 20,
  /** Occurrences of one appointment that one search counts, those before its window too. */
  occurrences: 250_000,
  /** Changes of offset that a time zone may have in a file; the others are left out. */
  zoneOnsets: 5000,
  /** Octets of the RTF body of a message, unpacked. */
  rtfBytes: 536_870_912,
  /** Groups of an RTF text inside each other. */
  rtfDepth: 5000,
  /** Characters of one template, its partials and layouts not counted. */
  templateChars: 4_194_304,
  /** Milliseconds that filling in one field of a template may take. */
  templateMs: 5_000,
  /** Characters that one field of a template may become, and that filling it in may hold in memory. */
  templateOutput: 33_554_432,
  /** Calls inside each other in a template of the hash syntax. */
  templateDepth: 50,
  /** Octets of one row of a table that is read (CSV, JSON lines). */
  rowBytes: 16_777_216,
  /** Columns of a table that is read. */
  columns: 16_384,
  /** Messages of Outlook's formats (MSG, TNEF) inside each other. */
  mapiDepth: 50,
  /** Recipients of one such message. */
  mapiRecipients: 100_000,
  /** Values of properties in one file of such a format, all messages in it together. */
  mapiValues: 1_000_000,
  /** Attributes of one TNEF stream. */
  tnefAttributes: 100_000,
  /** Octets of a compound file (MSG, OFT) that is written; its version 3 knows no larger ones (MS-CFB section 2.6.1). */
  compoundBytes: 2_147_483_648,
  /** Files that a page (HTML) is made of that are read with it; the others are left out. */
  pageResources: 1000,
  /** Octets of them together. */
  pageResourceBytes: 536_870_912,
  /** Named properties of one MSG file that is written: it has no ids for more (MS-OXMSG section 2.2.3). */
  mapiNames: 32_766,
  /** Lines that a transcript keeps. */
  transcriptLines: 60,
} as const;

/** The names of the limits. */
export type Limits = typeof limits;

/** Throws a {@link LimitError} that names `limit` when `value` is over its bound, the usual one or another. */
export function enforceLimit(
  limit: keyof Limits,
  value: number,
  what: string,
  bound: number = limits[limit],
): void {
  if (value > bound) {
    throw new LimitError(limit, bound, `${what} is over the limit '${limit}' of ${bound}`);
  }
}
