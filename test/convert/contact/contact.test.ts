import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isContactClass,
  mapiFromVcards,
  vcardFromMapi,
} from '../../../src/convert/contact/contact-item.ts';
import {
  dateToFileTime,
  fileTimeToDate,
  MapiAttachment,
  MapiMessage,
  PidLid,
  PidName,
  PidTag,
  readOneOff,
  writeOneOff,
} from '../../../src/mapi/index.ts';

const card = (...lines: string[]): string =>
  ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n');
const contact = (file: string | Uint8Array): MapiMessage => {
  const [item] = mapiFromVcards(file);
  if (!item) throw new Error('no contact');
  return item;
};
const lines = (item: MapiMessage, version: '3.0' | '4.0'): string[] =>
  (vcardFromMapi(item, { version }) ?? '').replaceAll('\r\n ', '').split('\r\n');
const png = Buffer.from('89504e470d0a1a0a0001020304', 'hex');

function ann(): MapiMessage {
  const item = new MapiMessage();
  item.messageClass = 'IPM.Contact';
  item.text = 'Line 1\r\nLine 2; x\r\n';
  item.properties
    .set(PidTag.DisplayName, 'Dr. Ann Müller')
    .set(PidTag.Surname, 'Müller')
    .set(PidTag.GivenName, 'Ann')
    .set(PidTag.DisplayNamePrefix, 'Dr.')
    .set(PidTag.CompanyName, 'Acme; Inc')
    .set(PidTag.DepartmentName, 'R, D')
    .set(PidTag.Title, 'Head')
    .set(PidTag.Nickname, 'Annie')
    .set(PidTag.BusinessTelephoneNumber, '+49 1')
    .set(PidTag.Business2TelephoneNumber, '+49 2')
    .set(PidTag.HomeFaxNumber, '+49 3')
    .set(PidTag.MobileTelephoneNumber, '+49 4')
    .set(PidTag.PrimaryTelephoneNumber, '+49 5')
    .set(PidTag.OtherTelephoneNumber, '+49 6')
    .set(PidLid.Email1EmailAddress, 'ann@example.com')
    .set(PidLid.Email1AddressType, 'SMTP')
    .set(PidLid.Email2EmailAddress, '/O=ORG/CN=ANN')
    .set(PidLid.Email2AddressType, 'EX')
    .set(PidLid.Email2OriginalDisplayName, 'ann@exchange.example')
    .set(PidLid.WorkAddressStreet, 'Street 1\r\nFloor 2')
    .set(PidLid.WorkAddressCity, 'Köln')
    .set(PidLid.WorkAddressCountry, 'Germany')
    .set(PidLid.HomeAddress, 'Somewhere 5')
    .set(PidLid.PostalAddressId, 2)
    .set(PidTag.Birthday, dateToFileTime(new Date('1980-05-03T22:00:00Z')))
    .set(PidTag.WeddingAnniversary, dateToFileTime(new Date('2004-02-29T00:00:00Z')))
    .set(PidTag.BusinessHomePage, 'https://example.com/?a,b')
    .set(PidTag.SpouseName, 'Bob')
    .set(PidTag.ChildrensNames, ['Cy', 'Di'])
    .set(PidTag.Gender, 1)
    .set(PidTag.Sensitivity, 2)
    .set(PidName.Keywords, ['Red, hot', 'VIP']);
  const photo = MapiAttachment.file('ContactPicture.png', png);
  photo.properties.set(PidTag.AttachmentContactPhoto, true);
  item.attachments.push(photo);
  return item;
}

test('which classes are contacts', () => {
  expect(['IPM.Contact', 'ipm.distlist', 'IPM.Contact.Mine'].every(isContactClass)).toBe(true);
  expect(['IPM.Note', 'IPM.Contacts'].some(isContactClass)).toBe(false);
  expect(vcardFromMapi(new MapiMessage())).toBeUndefined();
});

describe('a contact as a card', () => {
  test('of version 4.0', () => {
    expect(lines(ann(), '4.0')).toEqual([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Dr. Ann Müller',
      'N:Müller;Ann;;Dr.;',
      'ORG:Acme\\; Inc;R\\, D',
      'NICKNAME:Annie',
      'TITLE:Head',
      'X-MS-SPOUSE:Bob',
      'X-MS-CHILD:Cy',
      'X-MS-CHILD:Di',
      'EMAIL;PREF=1:ann@example.com',
      'EMAIL:ann@exchange.example',
      'TEL;TYPE=home,fax:+49 3',
      'TEL;TYPE=cell:+49 4',
      'TEL;TYPE=work:+49 1',
      'TEL;TYPE=work:+49 2',
      'TEL;PREF=1:+49 5',
      'TEL;TYPE=voice:+49 6',
      'ADR;TYPE=home:;;Somewhere 5;;;;',
      'ADR;TYPE=work;PREF=1:;;Street 1\\nFloor 2;Köln;;;Germany',
      'BDAY:19800504',
      'ANNIVERSARY:20040229',
      'URL;TYPE=work:https://example.com/?a\\,b',
      'GENDER:F',
      'CATEGORIES:Red\\, hot,VIP',
      'NOTE:Line 1\\nLine 2\\; x',
      'X-CLASS:PRIVATE',
      `PHOTO:data:image/png;base64,${png.toString('base64')}`,
      'END:VCARD',
      '',
    ]);
  });

  test('of version 3.0', () => {
    expect(lines(ann(), '3.0')).toEqual(
      expect.arrayContaining([
        'VERSION:3.0',
        'EMAIL;TYPE=INTERNET,PREF:ann@example.com',
        'TEL;TYPE=HOME,FAX:+49 3',
        'ADR;TYPE=WORK,PREF:;;Street 1\\nFloor 2;Köln;;;Germany',
        'BDAY:1980-05-04',
        'X-ANNIVERSARY:2004-02-29',
        'X-MS-GENDER:1',
        'CLASS:PRIVATE',
        `PHOTO;ENCODING=b;TYPE=PNG:${png.toString('base64')}`,
      ]),
    );
  });

  test.each(['3.0', '4.0'] as const)('and back is the same, version %s', (version) => {
    const text = vcardFromMapi(ann(), { version }) ?? '';
    const back = contact(text);
    expect(lines(back, version)).toEqual(lines(ann(), version));
    expect(Buffer.from(back.attachments[0]?.bytes() ?? [])).toEqual(png);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  test('an address that is none of the Internet is told', () => {
    const item = ann();
    item.properties.delete(PidLid.Email2OriginalDisplayName);
    const notes: string[] = [];
    vcardFromMapi(item, { note: (code, message) => void notes.push(`${code}: ${message}`) });
    expect(notes).toEqual([
      'address-unresolved: An address of a contact is no internet address and was left out',
    ]);
  });
});

describe('a card as a contact', () => {
  test('has the properties that Outlook gives one', () => {
    const { properties, ...item } = contact(
      card(
        'FN:Ann Müller',
        'N:Müller;Ann;Maria,Eva;Dr.;MSc',
        'EMAIL;TYPE=home:second@example.com',
        'EMAIL;TYPE=work;PREF=1:first@example.com',
        'TEL;VALUE=uri;TYPE="cell,voice":tel:+1-555-0100',
        'ADR;TYPE=home;LABEL="Street 1\\nParis":PO 7;Flat 2;Street 1;Paris;;75001;France',
        'BDAY:--0504',
        'item1.URL:https://a.example',
        'RELATED;TYPE=spouse;VALUE=text:Bob',
        'REV:20260110T090000Z',
        'UID:urn:uuid:1',
      ),
    );
    expect(item).toBeDefined();
    expect(properties.get(PidTag.MessageClass)).toBe('IPM.Contact');
    expect(properties.get(PidTag.Subject)).toBe('Ann Müller');
    expect(properties.get(PidLid.FileUnder)).toBe('Müller, Ann');
    expect(properties.get(PidTag.MiddleName)).toBe('Maria,Eva');
    expect(properties.get(PidTag.Generation)).toBe('MSc');
    expect(properties.get(PidLid.Email1EmailAddress)).toBe('first@example.com');
    expect(properties.get(PidLid.Email1DisplayName)).toBe('Ann Müller (first@example.com)');
    expect(properties.get(PidLid.Email2EmailAddress)).toBe('second@example.com');
    expect(
      readOneOff(properties.get(PidLid.Email1OriginalEntryId) ?? new Uint8Array(), 1252)?.address,
    ).toBe('first@example.com');
    expect(properties.get(PidLid.AddressBookProviderArrayType)).toBe(3);
    expect(properties.get(PidLid.AddressBookProviderEmailList)).toEqual([0, 1]);
    expect(properties.get(PidTag.MobileTelephoneNumber)).toBe('+1-555-0100');
    expect(properties.get(PidTag.HomeAddressStreet)).toBe('Street 1\r\nFlat 2');
    expect(properties.get(PidTag.HomeAddressPostOfficeBox)).toBe('PO 7');
    expect(properties.get(PidTag.StreetAddress)).toBe('Street 1\r\nFlat 2');
    expect(properties.get(PidLid.PostalAddressId)).toBe(1);
    expect(fileTimeToDate(properties.get(PidTag.Birthday) ?? 0n).toISOString()).toBe(
      '1604-05-04T00:00:00.000Z',
    );
    expect(properties.get(PidTag.BusinessHomePage)).toBe('https://a.example');
    expect(properties.get(PidTag.SpouseName)).toBe('Bob');
    expect(fileTimeToDate(properties.get(PidTag.LastModificationTime) ?? 0n).toISOString()).toBe(
      '2026-01-10T09:00:00.000Z',
    );
  });

  test('a day without a year stays one', () => {
    expect(lines(contact(card('FN:A', 'BDAY:--0504')), '4.0')).toContain('BDAY:--0504');
    expect(lines(contact(card('FN:A', 'BDAY:20260231')), '4.0').join()).not.toContain('BDAY');
  });

  test('what a contact has no place for is told', () => {
    const notes: string[] = [];
    mapiFromVcards(
      card(
        'FN:A',
        ...['a', 'b', 'c', 'd', 'e'].map((name) => `EMAIL:${name}@example.com`),
        ...['1', '2', '3', '4', '5'].map((number) => `TEL;TYPE=work:${number}`),
        'PHOTO:https://example.com/a.jpg',
      ),
      { note: (code, message) => void notes.push(`${code}: ${message}`) },
    );
    expect(notes).toEqual([
      'properties-lost: A contact has no place for 1 more telephone numbers',
      'properties-lost: A contact has no place for 2 more mail addresses',
      'resource-missing: The photo of a card is not in the file; only its address is',
    ]);
  });

  test('version 2.1: quoted-printable, charsets, types without a name, folded base64', () => {
    const text = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;Ann',
      'FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Ann M=C3=BC=',
      'ller',
      'TEL;HOME;VOICE:1',
      'TEL;WORK;FAX:2',
      'NOTE;QUOTED-PRINTABLE:one=0D=0Atwo',
      'AGENT:',
      'BEGIN:VCARD',
      'FN:Other',
      'END:VCARD',
      'PHOTO;PNG;BASE64:',
      ` ${png.toString('base64').slice(0, 8)}`,
      ` ${png.toString('base64').slice(8)}`,
      '',
      'EMAIL;INTERNET:ann@example.com',
      'END:VCARD',
    ].join('\r\n');
    const item = contact(Buffer.from(text, 'latin1'));
    const { properties } = item;
    expect(properties.get(PidTag.Surname)).toBe('Müller');
    expect(properties.get(PidTag.DisplayName)).toBe('Ann Müller');
    expect(properties.get(PidTag.HomeTelephoneNumber)).toBe('1');
    expect(properties.get(PidTag.BusinessFaxNumber)).toBe('2');
    expect(item.text).toBe('one\r\ntwo');
    expect(Buffer.from(item.attachments[0]?.bytes() ?? [])).toEqual(png);
    expect(properties.get(PidLid.Email1EmailAddress)).toBe('ann@example.com');
    expect(mapiFromVcards(text)).toHaveLength(1);
  });

  test.each([
    ['UTF-8', Buffer.from(card('FN:Müller 日本'))],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${card('FN:Müller 日本')}`)],
    ['UTF-16', Buffer.from(`\ufeff${card('FN:Müller 日本')}`, 'utf16le')],
    ['folded within a character', Buffer.from(card('FN:Müller 日本').replace('日', '\u0000'))],
  ])('in %s', (name, bytes) => {
    const file = name.startsWith('folded')
      ? Buffer.concat(
          [...bytes.toString('latin1')].flatMap((char) =>
            char === '\0'
              ? [Buffer.from([0xe6]), Buffer.from('\r\n '), Buffer.from([0x97, 0xa5])]
              : [Buffer.from(char, 'latin1')],
          ),
        )
      : bytes;
    expect(contact(file).properties.get(PidTag.DisplayName)).toBe('Müller 日本');
  });

  test('anything is read', () => {
    const piece = fc.constantFrom(
      ...'BEGIN:VCARD|END:VCARD|VERSION:2.1|N:;;|FN|:|;|TYPE=|"|\\|PHOTO;ENCODING=b:|%%|TEL;X:|KIND:group|MEMBER:mailto:%|BDAY:|ENCODING=QUOTED-PRINTABLE:=|\r\n|\r\n | |ADR;LABEL="a:;b|REV:2|^n'.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const item of mapiFromVcards(pieces.join('\r\n'))) {
          for (const version of ['3.0', '4.0'] as const) {
            const text = vcardFromMapi(item, { version }) ?? '';
            expect(vcardFromMapi(contact(text), { version })).toBe(text);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('distribution lists', () => {
  const group = card(
    'KIND:group',
    'FN:Team',
    'MEMBER;CN=Ann:mailto:ann@example.com',
    'MEMBER:mailto:b%2Bx@example.com',
    'MEMBER:urn:uuid:03a0e51f',
    'NOTE:All',
  );

  test('from a group and back', () => {
    const notes: string[] = [];
    const [item] = mapiFromVcards(group, {
      note: (code, message) => void notes.push(`${code}: ${message}`),
    });
    if (!item) throw new Error('no list');
    expect(item.messageClass).toBe('IPM.DistList');
    expect(item.properties.get(PidLid.DistributionListName)).toBe('Team');
    const members = item.properties.get(PidLid.DistributionListOneOffMembers) ?? [];
    expect(members.map((each) => readOneOff(each, 1252))).toEqual([
      { name: 'Ann', addressType: 'SMTP', address: 'ann@example.com' },
      { name: 'b+x@example.com', addressType: 'SMTP', address: 'b+x@example.com' },
    ]);
    expect(notes).toEqual([
      'members-lost: 1 members of a group have no mail address in its card and were left out',
    ]);
    expect(lines(item, '4.0')).toEqual([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'KIND:group',
      'FN:Team',
      'MEMBER;CN=Ann:mailto:ann@example.com',
      'MEMBER:mailto:b+x@example.com',
      'NOTE:All',
      'END:VCARD',
      '',
    ]);
    expect(lines(item, '3.0')).toEqual(
      expect.arrayContaining([
        'X-ADDRESSBOOKSERVER-KIND:group',
        'N:Team;;;;',
        'X-ADDRESSBOOKSERVER-MEMBER;CN=Ann:mailto:ann@example.com',
      ]),
    );
  });

  test('members that are no mail addresses are told', () => {
    const item = new MapiMessage();
    item.messageClass = 'IPM.DistList';
    item.properties.set(PidLid.DistributionListMembers, [
      Uint8Array.of(1, 2, 3),
      writeOneOff({
        name: 'Bob (bob@example.com)',
        addressType: 'SMTP',
        address: 'bob@example.com',
      }),
    ]);
    const notes: string[] = [];
    const text = vcardFromMapi(item, {
      note: (code, message) => void notes.push(`${code}: ${message}`),
    });
    expect(text).toContain('MEMBER;CN=Bob:mailto:bob@example.com');
    expect(notes).toEqual([
      'members-lost: 1 members of a distribution list have no mail address and were left out',
    ]);
  });
});
