// Which property of a contact is which property of a vCard: rows used both ways (MS-OXVCARD section 2.1.3).
import { PidLid, PidTag, type PropertyTag } from '../../mapi/index.ts';

type TextTag = PropertyTag<0x001f>;

/** A text that has a property of its own, by the names that it is read from; the first one is written. */
export interface TextField {
  readonly tag: TextTag;
  /** The name in version 4.0. */
  readonly names: readonly string[];
  /** The name in version 3.0, when it is another one. */
  readonly older?: string;
}

/** Texts with a property of their own. */
export const textFields: readonly TextField[] = [
  { tag: PidTag.Nickname, names: ['NICKNAME'] },
  { tag: PidTag.Title, names: ['TITLE'] },
  { tag: PidTag.Profession, names: ['ROLE'] },
  { tag: PidLid.FreeBusyLocation, names: ['FBURL'] },
  { tag: PidLid.InstantMessagingAddress, names: ['IMPP', 'X-MS-IMADDRESS'] },
  { tag: PidTag.OfficeLocation, names: ['X-MS-OFFICE'] },
  { tag: PidTag.ManagerName, names: ['X-MS-MANAGER', 'X-MANAGER', 'X-EVOLUTION-MANAGER'] },
  { tag: PidTag.Assistant, names: ['X-MS-ASSISTANT', 'X-ASSISTANT', 'X-EVOLUTION-ASSISTANT'] },
  { tag: PidTag.SpouseName, names: ['X-MS-SPOUSE', 'X-SPOUSE', 'X-EVOLUTION-SPOUSE'] },
  { tag: PidTag.ReferredByName, names: ['X-MS-REFERREDBY'] },
  { tag: PidTag.Hobbies, names: ['HOBBY', 'X-MS-INTERESTS'], older: 'X-MS-INTERESTS' },
  { tag: PidTag.CustomerId, names: ['X-MS-CUSTOMERID'] },
  { tag: PidTag.GovernmentIdNumber, names: ['X-MS-GOVERNMENTID'] },
  { tag: PidTag.Account, names: ['X-MS-ACCOUNT'] },
  { tag: PidTag.Language, names: ['LANG', 'X-MS-LANGUAGE'], older: 'X-MS-LANGUAGE' },
  { tag: PidTag.FtpSite, names: ['X-MS-FTPSITE'] },
  { tag: PidLid.YomiFirstName, names: ['X-PHONETIC-FIRST-NAME'] },
  { tag: PidLid.YomiLastName, names: ['X-PHONETIC-LAST-NAME'] },
  { tag: PidLid.YomiCompanyName, names: ['X-PHONETIC-ORG'] },
  { tag: PidLid.ContactUserField1, names: ['X-MS-OL-USERFIELD1', 'X-MS-TEXT'] },
  { tag: PidLid.ContactUserField2, names: ['X-MS-OL-USERFIELD2'] },
  { tag: PidLid.ContactUserField3, names: ['X-MS-OL-USERFIELD3'] },
  { tag: PidLid.ContactUserField4, names: ['X-MS-OL-USERFIELD4'] },
];

/** A number by its types, in lower case. */
export interface PhoneField {
  readonly tag: TextTag;
  readonly types: readonly string[];
}

/**
 * Numbers. A number of a card goes to the first row that is free and whose types it has all; so rows with more types
 * stand first.
 */
export const phoneFields: readonly PhoneField[] = [
  { tag: PidTag.BusinessFaxNumber, types: ['work', 'fax'] },
  { tag: PidTag.HomeFaxNumber, types: ['home', 'fax'] },
  { tag: PidTag.PrimaryFaxNumber, types: ['fax'] },
  { tag: PidTag.CompanyMainTelephoneNumber, types: ['work', 'x-company'] },
  { tag: PidTag.AssistantTelephoneNumber, types: ['x-assistant'] },
  { tag: PidTag.CallbackTelephoneNumber, types: ['x-callback'] },
  { tag: PidTag.RadioTelephoneNumber, types: ['x-radio'] },
  { tag: PidTag.TelexNumber, types: ['x-telex'] },
  { tag: PidTag.TelecommunicationsDeviceForDeafTelephoneNumber, types: ['textphone'] },
  { tag: PidTag.MobileTelephoneNumber, types: ['cell'] },
  { tag: PidTag.PagerTelephoneNumber, types: ['pager'] },
  { tag: PidTag.CarTelephoneNumber, types: ['car'] },
  { tag: PidTag.IsdnNumber, types: ['isdn'] },
  { tag: PidTag.BusinessTelephoneNumber, types: ['work'] },
  { tag: PidTag.Business2TelephoneNumber, types: ['work'] },
  { tag: PidTag.HomeTelephoneNumber, types: ['home'] },
  { tag: PidTag.Home2TelephoneNumber, types: ['home'] },
  { tag: PidTag.PrimaryTelephoneNumber, types: ['pref'] },
  { tag: PidTag.OtherTelephoneNumber, types: [] },
  { tag: PidTag.PrimaryTelephoneNumber, types: [] },
];

/** An address: its parts as ADR has them, and the whole. */
export interface AddressField {
  readonly type: string;
  /** PidLidPostalAddressId. */
  readonly id: number;
  readonly whole: TextTag;
  readonly postOfficeBox: TextTag;
  readonly street: TextTag;
  readonly city: TextTag;
  readonly state: TextTag;
  readonly postalCode: TextTag;
  readonly country: TextTag;
}

/** Addresses. */
export const addressFields: readonly AddressField[] = [
  {
    type: 'home',
    id: 1,
    whole: PidLid.HomeAddress,
    postOfficeBox: PidTag.HomeAddressPostOfficeBox,
    street: PidTag.HomeAddressStreet,
    city: PidTag.HomeAddressCity,
    state: PidTag.HomeAddressStateOrProvince,
    postalCode: PidTag.HomeAddressPostalCode,
    country: PidTag.HomeAddressCountry,
  },
  {
    type: 'work',
    id: 2,
    whole: PidLid.WorkAddress,
    postOfficeBox: PidLid.WorkAddressPostOfficeBox,
    street: PidLid.WorkAddressStreet,
    city: PidLid.WorkAddressCity,
    state: PidLid.WorkAddressState,
    postalCode: PidLid.WorkAddressPostalCode,
    country: PidLid.WorkAddressCountry,
  },
  {
    type: '',
    id: 3,
    whole: PidLid.OtherAddress,
    postOfficeBox: PidTag.OtherAddressPostOfficeBox,
    street: PidTag.OtherAddressStreet,
    city: PidTag.OtherAddressCity,
    state: PidTag.OtherAddressStateOrProvince,
    postalCode: PidTag.OtherAddressPostalCode,
    country: PidTag.OtherAddressCountry,
  },
];

/** The address that mail goes to, kept a second time. */
export const mailingAddress: AddressField = {
  type: '',
  id: 0,
  whole: PidTag.PostalAddress,
  postOfficeBox: PidTag.PostOfficeBox,
  street: PidTag.StreetAddress,
  city: PidTag.Locality,
  state: PidTag.StateOrProvince,
  postalCode: PidTag.PostalCode,
  country: PidTag.Country,
};

/** A mail address with what Outlook keeps beside it. */
export interface EmailField {
  readonly displayName: TextTag;
  readonly addressType: TextTag;
  readonly address: TextTag;
  readonly originalName: TextTag;
  readonly entryId: PropertyTag<0x0102>;
}

/** Mail addresses; a contact has three. */
export const emailFields: readonly EmailField[] = [
  {
    displayName: PidLid.Email1DisplayName,
    addressType: PidLid.Email1AddressType,
    address: PidLid.Email1EmailAddress,
    originalName: PidLid.Email1OriginalDisplayName,
    entryId: PidLid.Email1OriginalEntryId,
  },
  {
    displayName: PidLid.Email2DisplayName,
    addressType: PidLid.Email2AddressType,
    address: PidLid.Email2EmailAddress,
    originalName: PidLid.Email2OriginalDisplayName,
    entryId: PidLid.Email2OriginalEntryId,
  },
  {
    displayName: PidLid.Email3DisplayName,
    addressType: PidLid.Email3AddressType,
    address: PidLid.Email3EmailAddress,
    originalName: PidLid.Email3OriginalDisplayName,
    entryId: PidLid.Email3OriginalEntryId,
  },
];

/** The UID of a card; a contact has no property for it. */
export const CARD_UID: TextTag = {
  set: '00020329-0000-0000-C000-000000000046',
  name: 'vCardUid',
  type: 0x001f,
};
