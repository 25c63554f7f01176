// No value of a row becomes a header, an address or markup, whatever is in it, in both syntaxes.
import fc from 'fast-check';
import { MailMessage, PosthornError } from 'posthorn';
import { TemplateEngine } from 'posthorn/template';
import { describe, expect, test } from 'vitest';

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\r\n',
          '\n',
          '\r',
          '\0',
          'Bcc: evil@example.net',
          ',',
          ';',
          ':',
          '<',
          '>',
          '"',
          '\\',
          '(',
          ')',
          '@',
        ],
        ...[
          'evil@example.net',
          '{{ name }}',
          '#Name#',
          '</p><script>',
          '&',
          "'",
          ' ',
          'a',
          '\u{100000}0\u{100001}',
        ],
        ...[
          '=?utf-8?q?=0D=0ABcc:_evil@example.net?=',
          '\u2028',
          '\u0085',
          '\v',
          '\ud800',
          '../',
          '..\\',
          '/',
        ],
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
);

const liquid = new TemplateEngine({
  from: 'shop@example.com',
  to: '{{ name }} <{{ email }}>, boss@example.com',
  cc: '"Dear {{ name }}" <cc@example.com>',
  subject: 'Hello {{ name }}!',
  text: '{{ name }}',
  html: '<p class="{{ name }}">{{ name }}{% assign x = name %}{% capture y %}{{ x }}{% endcapture %}{{ y }}</p>',
  headers: { 'X-Name': 'is {{ name }}.' },
  attachments: [{ filename: 'for {{ name }}.txt', content: 'x' }],
});
const hash = new TemplateEngine(
  {
    from: 'shop@example.com',
    to: '#name# <#email#>, boss@example.com',
    cc: '"Dear #name#" <cc@example.com>',
    subject: 'Hello #name#!',
    text: '#name#',
    html: '<p class="#name#">#name##same(name)#</p>',
    headers: { 'X-Name': 'is #name#.' },
    attachments: [{ filename: 'for #name#.txt', content: 'x' }],
  },
  { syntax: 'hash', routines: { same: (value: unknown) => value } },
);

describe.each([
  ['liquid', liquid],
  ['hash', hash],
])('%s', (_, engine) => {
  test('values stay values, or are refused', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (name) => {
        let message: MailMessage;
        try {
          message = await engine.merge({ name, email: 'ann@example.com' });
          message = MailMessage.parse(await message.toBytes());
        } catch (error) {
          expect(error).toBeInstanceOf(PosthornError);
          expect(name).toMatch(/[\r\n\0]/);
          return;
        }
        const addresses = [...message.to, ...message.cc].map((one) =>
          'address' in one ? one.address : one.name,
        );
        expect(addresses).toEqual(['ann@example.com', 'boss@example.com', 'cc@example.com']);
        expect([...message.headers].map(([field]) => field)).toEqual([
          ...[
            'From',
            'To',
            'Cc',
            'Subject',
            'Message-ID',
            'Date',
            'X-Name',
            'MIME-Version',
            'Content-Type',
          ],
        ]);
        expect(message.html).toMatch(/^<p class="[^<>"]*">[^<>]*<\/p>\s*$/);
        expect(message.attachments).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  test('an address is one address', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (email) => {
        try {
          const message = await engine.merge({ name: 'Ann', email });
          expect(message.to).toHaveLength(2);
          expect(new Set(message.envelope().to).size).toBeLessThanOrEqual(3);
        } catch (error) {
          expect(error).toBeInstanceOf(PosthornError);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('several addresses come as an array, or by a filter that makes one', async () => {
  const engine = new TemplateEngine({ to: "{{ team }}, {{ more | split: ';' }}", text: 'x' });
  const message = await engine.merge({
    team: ['a@example.com', { name: 'B, b', address: 'b@example.com' }],
    more: 'c@example.com; D <d@example.com>',
  });
  expect(message.to.map(String)).toEqual([
    ...['a@example.com', '"B, b" <b@example.com>', 'c@example.com', 'D <d@example.com>'],
  ]);
  await expect(
    engine.merge({ team: 'a@example.com, evil@example.net', more: [] }),
  ).rejects.toMatchObject({
    code: 'ADDRESS_INVALID',
    message: expect.stringMatching(/^to: .*several have to be an array, such as /s),
  });
});

test('loops and groups make lists', async () => {
  const engine = new TemplateEngine({
    to: '{% for p in people %}{{ p.name }} <{{ p.email }}>, {% endfor %}',
    cc: 'Team {{ n }}: {{ a }}, Bo <{{ b }}>;',
    text: 'x',
  });
  const people = [
    { name: 'A', email: 'a@example.com' },
    { name: 'B <evil@example.net>', email: 'b@example.com' },
  ];
  const message = await engine.merge({ people, n: ': 7;', a: 'c@example.com', b: 'd@example.com' });
  expect(message.to.map(String)).toEqual([
    'A <a@example.com>',
    '"B <evil@example.net>" <b@example.com>',
  ]);
  expect(message.cc.map(String)).toEqual(['"Team : 7;": c@example.com, Bo <d@example.com>;']);
});

test('a blank recipient is nobody; without any there is no message', async () => {
  const engine = new TemplateEngine({ to: '{{ a }}', cc: '{{ name }} <{{ b }}>', text: 'x' });
  expect((await engine.merge({ a: ' ', name: 'B', b: 'b@example.com' })).to).toEqual([]);
  await expect(engine.merge({ a: '', name: '', b: '' })).rejects.toMatchObject({
    code: 'MESSAGE_NO_RECIPIENT',
    message: expect.stringContaining('leave such rows out with skip'),
  });
  await expect(engine.merge({ a: 'a@example.com', name: 'B', b: '' })).rejects.toMatchObject({
    code: 'ADDRESS_INVALID',
    message: "cc: the address of 'B' is blank; fill it in, or leave the row out with skip",
  });
});

test('line ends in a header are refused where they stand', async () => {
  const engine = new TemplateEngine({
    to: 'a@example.com',
    subject: 'Re:\n {{ topic }}',
    text: 'x',
  });
  expect((await engine.merge({ topic: 'x' })).subject).toBe('Re:  x');
  await expect(engine.merge({ topic: 'x\r\nBcc: evil@example.net' })).rejects.toMatchObject({
    name: 'InvalidMessageError',
    code: 'MESSAGE_FIELD_INVALID',
    message: expect.stringMatching(
      /^subject:2:2: the value 'x.*' holds CR, which a header field can't carry; /,
    ),
  });
});

describe('paths of attachments', () => {
  const engine = new TemplateEngine(
    { to: 'a@example.com', text: 'x', attachments: [{ path: 'invoices/{{ file }}' }] },
    { attachmentFolder: '/srv/files' },
  );
  test.each(['../secret', '../../etc/passwd', '/../x', 'a/../../b', '..', '.', 'a/../..'])(
    'can not be led out of their folder: %s',
    async (file) => {
      await expect(engine.merge({ file })).rejects.toMatchObject({
        code: 'MESSAGE_FIELD_INVALID',
        message: expect.stringMatching(
          /^attachments\[0\]\.path: the value leads to '.*', out of the folder '\/srv\/files\/invoices';/,
        ),
      });
    },
  );

  test('may lead into it; a blank one is none', async () => {
    const [attachment] = (await engine.merge({ file: '2026/42.pdf' })).attachments;
    expect(attachment?.filename).toBe('42.pdf');
    const optional = new TemplateEngine({
      to: 'a@example.com',
      text: 'x',
      attachments: [
        { path: '{{ file }}' },
        { filename: '{{ item.n }}.txt', template: '{{ item.n }}', each: 'list' },
      ],
    });
    const message = await optional.merge({ file: '', list: [{ n: 1 }, { n: 2 }] });
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['1.txt', '2.txt']);
  });
});
