// What is composed comes back equal: any text in any field, any tree, any content.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';

const oneLine = (max: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', maxLength: max })
    .map((text) => text.replace(/[\r\n\0]/g, ' ').toWellFormed());
const body = fc
  .array(
    fc.oneof(
      oneLine(200),
      fc.constantFrom('.', '..', 'From x', '-- ', ' ', '=', '\t'),
      fc.string({ maxLength: 2000 }),
    ),
    { maxLength: 8 },
  )
  .map((lines) =>
    `${lines.map((line) => line.replace(/[\r\n\0]/g, '')).join('\n')}x`.toWellFormed(),
  );
const content = fc.uint8Array({ maxLength: 3000 });
const address = fc.constantFrom(
  'a@example.com',
  'b.c@example.org',
  '"q s"@example.net',
  'zoë@example.com',
);
// Readers drop controls in names of people, and blanks around them.
const asName = (name: string): string => name.replace(/[\u0000-\u001f\u007f]/g, '').trim();
const mailbox = fc.record({ name: oneLine(60).map(asName), address });
const filename = oneLine(120).filter((name) => name.trim() === name && name !== '');
const part = fc.record({ filename, content, description: oneLine(90) });

const fields = fc.record(
  {
    subject: oneLine(300),
    from: fc.array(mailbox, { minLength: 1, maxLength: 3 }),
    to: fc.array(mailbox, { maxLength: 6 }),
    text: body,
    html: body,
    attachments: fc.array(part, { maxLength: 3 }),
    linkedResources: fc.array(
      fc.record({ filename, content, cid: fc.stringMatching(/^[!-;=?-~]{1,30}$/) }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['from'] },
);

describe('a message that was composed', () => {
  it.each([
    ['for any server', {}],
    ['for a server with 8BITMIME', { eightBit: true }],
    ['for a server with SMTPUTF8', { eightBit: true, utf8: true }],
  ])('is read back %s', async (_, options) => {
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const { linkedResources = [], html = '' } = given;
        const shown = `${html}${linkedResources.map(({ cid }) => `cid:${cid} `).join('')}`;
        const letter =
          'html' in given ? { ...given, html: shown } : { ...given, linkedResources: [] };
        const message = new MailMessage(letter);
        const utf8 = [...message.from, ...message.to].some((one) => String(one).includes('zoë@'));
        const rendered = await message.render({ ...options, utf8 });
        const bytes = rendered.bytes();
        expect(rendered.size).toBe(bytes.length);
        for (const line of Buffer.from(bytes).toString('latin1').split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(998);
          expect(line).not.toMatch(/[\r\n\0]/);
        }
        const back = MailMessage.parse(bytes);
        expect(back.subject).toBe(letter.subject ?? '');
        expect(back.from.map(nameAndAddress)).toEqual(letter.from.map(nameAndAddress));
        expect(back.to.map(nameAndAddress)).toEqual((letter.to ?? []).map(nameAndAddress));
        expect(back.text?.replace(/\n$/, '')).toBe(letter.text ?? back.text);
        expect(back.html?.replace(/\n$/, '')).toBe(letter.html);
        const parts = [...(letter.linkedResources ?? []), ...(letter.attachments ?? [])];
        expect(back.attachments.map(({ filename: name }) => name)).toEqual(
          parts.map(({ filename: name }) => name),
        );
        for (const [index, attachment] of back.attachments.entries()) {
          expect(Buffer.from(await attachment.bytes())).toEqual(Buffer.from(parts[index]!.content));
        }
        expect(back.attachments.map(({ cid }) => cid)).toEqual(
          parts.map((one) => ('cid' in one ? one.cid : undefined)),
        );
        // Names that look like deceit are told, but they are no deviation.
        const deceit = ['bidi-control', 'name-is-address'];
        expect(back.problems.filter(({ code }) => !deceit.includes(code))).toEqual([]);
        expect(await back.toBytes()).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 120 },
    );
  });

  it('is the same message streamed', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(content, cuts, async (bytes, sizes) => {
        const open = async function* (): AsyncGenerator<Uint8Array> {
          let at = 0;
          for (const size of sizes) {
            yield bytes.subarray(at, at + size);
            at += size;
          }
          yield bytes.subarray(at);
        };
        const letter = { from: 'a@example.com', text: 'hi', deterministic: 'seed' };
        const streamed = new MailMessage({ ...letter, attachments: [{ content: open }] });
        const whole = new MailMessage({ ...letter, attachments: [{ content: bytes }] });
        expect(Buffer.from(await streamed.toBytes())).toEqual(Buffer.from(await whole.toBytes()));
      }),
      { numRuns: 100 },
    );
  });
});

function nameAndAddress(one: object): [unknown, unknown] {
  const { name, address } = one as { name: string; address: string };
  return [name, address];
}
