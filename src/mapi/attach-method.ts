// How an attachment is kept. [MS-OXCMSG] section 2.2.2.9.

/** How an attachment is kept (PidTagAttachMethod, MS-OXCMSG section 2.2.2.9). */
export const AttachMethod = {
  /** Nothing attached yet. */
  none: 0,
  /** A file's octets. */
  byValue: 1,
  /** A path that everybody who reads it can open. */
  byReference: 2,
  /** A path that has to be resolved. */
  byReferenceResolve: 3,
  /** Only a path. */
  byReferenceOnly: 4,
  /** A message inside. */
  embedded: 5,
  /** An object (OLE) in a storage. */
  ole: 6,
  /** A link to a file on the web. */
  byWebReference: 7,
} as const;
