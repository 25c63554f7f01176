// Named properties with a string for a name. Rows: [MS-OXPROPS] section 2, PidName names.

/**
 * Named properties that have a string for a name, by the name the specification gives them without its prefix:
 * `PidName.Keywords` is `PidNameKeywords` (MS-OXPROPS section 2), the categories of an item.
 */
export const PidName = {
  Keywords: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'Keywords',
    type: 0x101f,
    canonical: 'PidNameKeywords',
  },
  ContentClass: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'Content-Class',
    type: 0x001f,
    canonical: 'PidNameContentClass',
  },
  AcceptLanguage: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'acceptlanguage',
    type: 0x001f,
    canonical: 'PidNameAcceptLanguage',
  },
  ContentType: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'content-type',
    type: 0x001f,
    canonical: 'PidNameContentType',
  },
  XSenderTelephoneNumber: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-CallingTelephoneNumber',
    type: 0x001f,
    canonical: 'PidNameXSenderTelephoneNumber',
  },
  XVoiceMessageDuration: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-VoiceMessageDuration',
    type: 0x0003,
    canonical: 'PidNameXVoiceMessageDuration',
  },
  XVoiceMessageSenderName: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-VoiceMessageSenderName',
    type: 0x001f,
    canonical: 'PidNameXVoiceMessageSenderName',
  },
  XFaxNumberOfPages: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-FaxNumberOfPages',
    type: 0x0003,
    canonical: 'PidNameXFaxNumberOfPages',
  },
  XVoiceMessageAttachmentOrder: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-AttachmentOrder',
    type: 0x001f,
    canonical: 'PidNameXVoiceMessageAttachmentOrder',
  },
  XCallId: {
    set: '00020386-0000-0000-C000-000000000046',
    name: 'X-CallID',
    type: 0x001f,
    canonical: 'PidNameXCallId',
  },
  AttachmentMacContentType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'AttachmentMacContentType',
    type: 0x001f,
    canonical: 'PidNameAttachmentMacContentType',
  },
  AttachmentMacInfo: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'AttachmentMacInfo',
    type: 0x0102,
    canonical: 'PidNameAttachmentMacInfo',
  },
  AttachmentOriginalPermissionType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'AttachmentOriginalPermissionType',
    type: 0x0003,
    canonical: 'PidNameAttachmentOriginalPermissionType',
  },
  AttachmentPermissionType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'AttachmentPermissionType',
    type: 0x0003,
    canonical: 'PidNameAttachmentPermissionType',
  },
  AttachmentProviderType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'AttachmentProviderType',
    type: 0x001f,
    canonical: 'PidNameAttachmentProviderType',
  },
  CalendarUid: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'urn:schemas:calendar:uid',
    type: 0x001f,
    canonical: 'PidNameCalendarUid',
  },
  OMSAccountGuid: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'OMSAccountGuid',
    type: 0x001f,
    canonical: 'PidNameOMSAccountGuid',
  },
  OMSScheduleTime: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'OMSScheduleTime',
    type: 0x0040,
    canonical: 'PidNameOMSScheduleTime',
  },
  OMSServiceType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'OMSServiceType',
    type: 0x0003,
    canonical: 'PidNameOMSServiceType',
  },
  OMSSourceType: {
    set: '00020329-0000-0000-C000-000000000046',
    name: 'OMSSourceType',
    type: 0x0003,
    canonical: 'PidNameOMSSourceType',
  },
} as const;
