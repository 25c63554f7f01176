// A generated family of messages: any text in any field, any tree; and what every reader must give back.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';

/** What is composed, and what a reader must find. */
export interface Letter {
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly text: string;
  readonly html: string | undefined;
  readonly attachments: readonly { readonly filename: string; readonly content: Uint8Array }[];
  readonly linkedResources: readonly {
    readonly cid: string;
    readonly filename: string;
    readonly content: Uint8Array;
  }[];
}

/** What a reader found, in one shape for all readers. */
export interface Reading {
  readonly subject: string;
  readonly from: readonly (readonly [string, string])[];
  readonly to: readonly (readonly [string, string])[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly { readonly filename: string; readonly content: string }[];
}

// Any character a person or program may put into a field, controls but CR, LF, NUL included rarely: readers disagree on
// those, so the family keeps to what has one meaning everywhere. Hostile values have tests of their own.
const scripts = [
  ...'abc XYZ 0189',
  ...'"\'(),.:;<>@[]\\=?_%*#&{}|~^`!/+-',
  ...'äöüßéñçåøÆŁ€–…„“',
  ...'日本語テスト中文字한국어',
  ...'שלום مرحبا',
  '😀',
  '👩‍👩‍👧',
  '🇨🇭',
  'e\u0301',
  '\u200b',
  '\u00a0',
];
const character = fc.constantFrom(...scripts);
const words = (max: number): fc.Arbitrary<string> =>
  fc.array(character, { maxLength: max }).map((list) => list.join('').replace(/\s+/g, ' ').trim());

const address = fc
  .tuple(
    fc
      .stringMatching(/^[a-z][a-z0-9.+_-]{0,20}[a-z0-9]$/)
      .map((local) => local.replace(/\.{2,}/g, '.')),
    fc.constantFrom(
      'example.com',
      'mail.example.org',
      'xn--bcher-kva.example',
      'sub.domain.example.net',
    ),
  )
  .map((parts) => parts.join('@'));
const mailbox = fc.record({ name: words(40), address });

const line = fc.oneof(
  { weight: 6, arbitrary: fc.array(character, { maxLength: 90 }).map((list) => list.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('.', '..', '.hidden', 'From here', '-- ', '=', '   ', 'tab\there'),
  },
  { weight: 1, arbitrary: character.map((char) => char.repeat(1100)) },
);
/** Lines with \n; it never ends with one, as readers differ on the last line end. */
const body = fc
  .array(line, { minLength: 1, maxLength: 12 })
  .map((lines) => `${lines.join('\n').trimEnd()}x`);

const filename = words(120)
  .map((name) => name.replace(/[/\\]/g, '_'))
  .filter((name) => name !== '')
  .map((name) => `${name}.bin`);
const attachment = fc.record({ filename, content: fc.uint8Array({ maxLength: 300 }) });

/** Letters of every kind. */
export const letters: fc.Arbitrary<Letter> = fc.record({
  subject: words(200),
  from: mailbox,
  to: fc.array(mailbox, { minLength: 1, maxLength: 5 }),
  text: body,
  html: fc.option(
    body.map((text) => `<p>${text.replace(/[<>&]/g, '')}</p>`),
    { nil: undefined },
  ),
  attachments: fc.array(attachment, { maxLength: 3 }),
  linkedResources: fc
    .array(attachment, { maxLength: 2 })
    .map((list) => list.map((item, index) => ({ ...item, cid: `image${index}@example.com` }))),
});

const lineEnds = (text: string | undefined): string | undefined =>
  text?.replaceAll('\r\n', '\n').replace(/\n$/, '');

/** What every reader must find in a letter. */
export function expected(letter: Letter): Reading {
  const mailboxes = (list: Letter['to']): [string, string][] =>
    list.map(({ name, address: addr }) => [name, addr]);
  const files = [
    ...(letter.html === undefined ? [] : letter.linkedResources),
    ...letter.attachments,
  ];
  return {
    subject: letter.subject,
    from: mailboxes([letter.from]),
    to: mailboxes(letter.to),
    text: letter.text,
    html: letter.html,
    attachments: files
      .map(({ filename: name, content }) => ({
        filename: name,
        content: Buffer.from(content).toString('base64'),
      }))
      .sort(byContent),
  };
}

/** A reading in the shape of {@link expected}: line ends as \n, attachments in one order. */
export function settled(reading: Reading): Reading {
  return {
    ...reading,
    text: lineEnds(reading.text),
    html: lineEnds(reading.html),
    attachments: [...reading.attachments].sort(byContent),
  };
}

function byContent(
  a: { filename: string; content: string },
  b: { filename: string; content: string },
): number {
  return a.content < b.content ? -1 : a.content > b.content ? 1 : a.filename < b.filename ? -1 : 1;
}
