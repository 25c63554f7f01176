// Readers that are not ours give back what was written: mailparser and postal-mime. Their known defects
// are kept out by the generators, each with its reason.
import fc from 'fast-check';
import { type AddressObject, simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import {
  addressField,
  type Entity,
  formatDate,
  MailAddress,
  MailGroup,
  rawField,
  render,
  unstructuredField,
} from '../../src/mime/index.ts';
import { leaf, multipart, streamOf, text, withFields, written } from './writer-support.ts';

const date = new Date('2026-11-20T09:33:37Z');

function wellFormed(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8');
}

// Readers trim header text and the names of addresses; mailparser also drops U+FEFF.
const trimmed = (value: string): string => wellFormed(value.replace(/[\0\r\n\ufeff]/g, '')).trim();
const headerText = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.stringMatching(/^[ -~]{0,200}$/),
    fc
      .array(
        fc.constantFrom(
          'a',
          ' ',
          'Grüße',
          '日本語',
          '=?utf-8?q?x?=',
          '"',
          ',',
          '<a@b>',
          '(x)',
          '\\',
          '👩‍👩‍👧',
          'word',
        ),
      )
      .map((parts) => parts.join('')),
  )
  .map(trimmed);
const displayName = headerText.filter((name) => name !== '');
const bodyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('\n', '.\n', '--\n', 'From x\n', 'é', '日本', ' \n', 'x'.repeat(1200)),
    ),
    { maxLength: 10 },
  )
  .map((parts) => `${wellFormed(parts.join('').replace(/[\0\r\ufeff]/g, ''))}\n`);

function letter(tree: Entity, subject: string, names: readonly string[], utf8: boolean): Entity {
  const to = names.map((name, at) => new MailAddress(`to${at}@x.example`, name));
  const options = { utf8 };
  return withFields(
    tree,
    rawField('Date', formatDate(date)),
    addressField('From', [new MailAddress('ann@x.example', 'Ann')], options),
    ...(to.length > 0 ? [addressField('To', to, options)] : []),
    unstructuredField('Subject', subject, options),
    rawField('MIME-Version', '1.0'),
  );
}

function mailboxes(
  list: AddressObject | AddressObject[] | undefined,
): { name: string; address: string }[] {
  return [list ?? []]
    .flat()
    .flatMap(({ value }) => value.map(({ name, address }) => ({ name, address: address ?? '' })));
}

describe('mailparser and postal-mime read', () => {
  test('subject, names, text, HTML and files of any message', async () => {
    const files = fc.array(
      fc.record({
        // Both decode what looks like an encoded word even after RFC 2231.
        name: headerText.filter((name) => name !== '' && !name.includes('=?')),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
        isStream: fc.boolean(),
      }),
      { maxLength: 3 },
    );
    const input = fc.record({
      subject: headerText,
      names: fc.array(displayName, { maxLength: 4 }),
      plain: bodyText,
      html: bodyText,
      files,
      eightBit: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ subject, names, plain, html, files: list, eightBit }) => {
        const attachments = list.map(({ name, bytes, isStream }) =>
          leaf(
            'application/x-y',
            isStream ? streamOf(bytes, 50, bytes.length) : { kind: 'bytes', bytes },
            name,
          ),
        );
        const bodies = multipart('alternative', text(plain), text(html, 'text/html'));
        const tree = letter(multipart('mixed', bodies, ...attachments), subject, names, false);
        const out = await written(render(tree, { eightBit }));
        const wanted = names.map((name, at) => ({ name, address: `to${at}@x.example` }));

        const parsed = await simpleParser(out);
        expect(parsed.subject ?? '').toBe(subject);
        expect(parsed.date).toEqual(date);
        expect(mailboxes(parsed.to)).toEqual(wanted);
        expect(parsed.text).toBe(plain);
        expect(parsed.html).toBe(html);
        expect(parsed.attachments.map(({ content }) => [...content])).toEqual(
          list.map(({ bytes }) => [...bytes]),
        );
        expect(parsed.attachments.map(({ filename }) => filename)).toEqual(
          list.map(({ name }) => name),
        );

        const second = await PostalMime.parse(out);
        expect(second.subject ?? '').toBe(subject);
        expect(second.to ?? []).toEqual(wanted);
        // postal-mime adds a line end to text that is not base64, and keeps CRLF in text that is.
        const unixLines = (value = ''): string => value.replaceAll('\r\n', '\n');
        expect([plain, `${plain}\n`]).toContain(unixLines(second.text));
        expect([html, `${html}\n`]).toContain(unixLines(second.html));
        expect(
          second.attachments.map(({ content }) => [...new Uint8Array(content as ArrayBuffer)]),
        ).toEqual(list.map(({ bytes }) => [...bytes]));
        expect(second.attachments.map(({ filename }) => filename)).toEqual(
          list.map(({ name }) => name),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('UTF-8 headers (SMTPUTF8)', async () => {
    await fc.assert(
      fc.asyncProperty(headerText, displayName, async (subject, name) => {
        const tree = letter(text('x'), subject, [name], true);
        const out = await written(render(tree, { utf8: true }));
        const second = await PostalMime.parse(out);
        expect(second.subject ?? '').toBe(subject);
        expect(second.to).toEqual([{ name, address: 'to0@x.example' }]);
      }),
      { numRuns: 100 },
    );
  });

  test('groups', async () => {
    const group = new MailGroup('Größe, A', [
      new MailAddress('a@x.example', 'B'),
      new MailAddress('c@x.example'),
    ]);
    const field = addressField('Cc', [group, new MailAddress('d@x.example')], { utf8: false });
    const out = await written(render(withFields(letter(text('x'), 's', ['n'], false), field)));
    const wanted = [
      {
        name: 'Größe, A',
        group: [
          { name: 'B', address: 'a@x.example' },
          { name: '', address: 'c@x.example' },
        ],
      },
      { name: '', address: 'd@x.example' },
    ];
    expect((await PostalMime.parse(out)).cc).toEqual(wanted);
    const { cc } = await simpleParser(out);
    expect([cc ?? []].flat()[0]?.value).toEqual(wanted);
  });
});
