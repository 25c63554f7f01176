// GUIDs of the property sets. [MS-OXPROPS] section 1.3.2.

/** GUIDs of the property sets that named properties live in (MS-OXPROPS section 1.3.2). */
export const propertySets = {
  /** PS_PUBLIC_STRINGS: names that users and programs choose. */
  publicStrings: '00020329-0000-0000-C000-000000000046',
  /** PS_INTERNET_HEADERS: header fields of Internet mail. */
  internetHeaders: '00020386-0000-0000-C000-000000000046',
  /** PS_MAPI: ids below 0x8000, as named properties. */
  mapi: '00020328-0000-0000-C000-000000000046',
  /** PSETID_Common: every kind of item. */
  common: '00062008-0000-0000-C000-000000000046',
  /** PSETID_Appointment: appointments and meetings. */
  appointment: '00062002-0000-0000-C000-000000000046',
  /** PSETID_Meeting: meetings. */
  meeting: '6ED8DA90-450B-101B-98DA-00AA003F1305',
  /** PSETID_Address: contacts and distribution lists. */
  address: '00062004-0000-0000-C000-000000000046',
  /** PSETID_Task: tasks. */
  task: '00062003-0000-0000-C000-000000000046',
  /** PSETID_Log: journal entries. */
  log: '0006200A-0000-0000-C000-000000000046',
  /** PSETID_Note: sticky notes. */
  note: '0006200E-0000-0000-C000-000000000046',
  /** PSETID_PostRss: feed items. */
  postRss: '00062041-0000-0000-C000-000000000046',
  /** PSETID_Sharing: sharing messages. */
  sharing: '00062040-0000-0000-C000-000000000046',
  /** PSETID_Attachment: attachments that are kept elsewhere. */
  attachment: '96357F7F-59E1-47D0-99A7-46515C183B54',
  /** PSETID_AirSync: mobile synchronization. */
  airSync: '71035549-0739-4DCB-9163-00F0580DBBDF',
  /** PSETID_UnifiedMessaging: voice mail and fax. */
  unifiedMessaging: '4442858E-A9E3-4E80-B900-317A210CC15B',
  /** PSETID_CalendarAssistant: what a server does with meetings by itself. */
  calendarAssistant: '11000E07-B51B-40D6-AF21-CAA85EDAB1D0',
} as const;

/** PS_MAPI; index 1 of every mapping (MS-OXMSG section 2.2.3.1.1). */
export const PS_MAPI: string = propertySets.mapi;
/** PS_PUBLIC_STRINGS; index 2 of every mapping. */
export const PS_PUBLIC_STRINGS: string = propertySets.publicStrings;
/** PS_INTERNET_HEADERS. */
export const PS_INTERNET_HEADERS: string = propertySets.internetHeaders;
