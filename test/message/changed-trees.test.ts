// Trees of any shape, changed at random: what was changed reads as it was set, and every part that was not has the
// octets that it had.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { AlternateView, Attachment, MailMessage } from 'posthorn';
import { decompose, type ParsedEntity } from 'posthorn/mime';
import { describe, expect, it } from 'vitest';

type Tree =
  | { readonly kind: 'leaf'; readonly type: string; readonly body: string; readonly file: boolean }
  | {
      readonly kind: 'multipart';
      readonly subtype: string;
      readonly parts: readonly Tree[];
      readonly around: string;
      readonly padding: string;
    };

const leaf = fc.record({
  kind: fc.constant('leaf' as const),
  type: fc.constantFrom(
    'text/plain; charset=utf-8',
    'text/plain; charset=utf-8',
    'text/html; charset=iso-8859-1',
    'text/html',
    'image/png',
    'application/pdf',
    'text/calendar',
    'message/rfc822',
    '',
  ),
  body: fc.stringMatching(/^[ -~]{0,30}(?:\n[ -~]{0,20}){0,3}$/),
  file: fc.boolean(),
});
const { tree } = fc.letrec<{ tree: Tree; multipart: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('multipart')),
  multipart: fc.record({
    kind: fc.constant('multipart' as const),
    subtype: fc.constantFrom('mixed', 'mixed', 'alternative', 'related', 'report'),
    parts: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    around: fc.constantFrom('', 'preamble', '\n\npreamble\n'),
    padding: fc.constantFrom('', '', ' '),
  }),
}));

interface Input {
  readonly top: Tree;
  readonly lineEnd: string;
  /** Whether the last boundary is missing. */
  readonly isCut: boolean;
  readonly edits: readonly Edit[];
}

/** The message as it would stand in a file; every leaf has a number, every boundary its own. */
function sourceOf({ top, lineEnd, isCut }: Input): string {
  let parts = 0;
  const write = (node: Tree, around: string, isResource: boolean): string => {
    parts += 1;
    if (node.kind === 'leaf') {
      const type = node.type === '' ? '' : `CONTENT-type:  ${node.type}\n`;
      // A resource that is text would become the text when that is taken out.
      const file =
        node.file || isResource ? `Content-Disposition: attachment; filename=f${parts}\n` : '';
      const inner = node.type === 'message/rfc822' ? 'Subject: inner\n\n' : '';
      return `${around === '' ? '' : `X-Id: ${parts}\n`}${type}${file}\n${inner}${node.body}`;
    }
    // What is text in a mixed in an alternative is decided by all that is around it.
    const isWithin = around === 'alternative' || around === 'related';
    const subtype = isWithin ? 'related' : node.subtype;
    const boundary = `b${parts}.`;
    const inner = node.parts.map((part, at) =>
      write(part, subtype, isResource || (subtype === 'related' && at > 0)),
    );
    const header = `Content-Type: multipart/${subtype};\n\tboundary="${boundary}"\n`;
    const delimited = inner.map((part) => `--${boundary}${node.padding}\n${part}\n`).join('');
    return `${header}\n${node.around}${node.around === '' ? '' : '\n'}${delimited}--${boundary}--\n${node.around}`;
  };
  const whole = write(top, '', false);
  const end = whole.lastIndexOf('--b1.--');
  const body = isCut && end > 0 ? whole.slice(0, end) : whole;
  const text = `From: a@example.com\nSubject: x\n${body}\n`;
  return text.replaceAll('\n', lineEnd);
}

type Edit =
  | { readonly set: 'text' | 'html'; readonly value: string | undefined }
  | { readonly remove: number }
  | { readonly add: number; readonly name: string; readonly content: Uint8Array }
  | { readonly link: string }
  | { readonly view: string }
  | { readonly header: string };

const words = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll('\r', ''));
const name = fc.stringMatching(/^new[a-z]{8}$/);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    set: fc.constantFrom('text' as const, 'html' as const),
    value: fc.option(words, { nil: undefined }),
  }),
  fc.record({ remove: fc.nat(5) }),
  fc.record({ add: fc.nat(5), name, content: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ link: name }),
  fc.record({ view: words }),
  fc.record({ header: name }),
);

interface Expected {
  header?: string;
  text?: string | undefined;
  html?: string | undefined;
  readonly removed: Set<ParsedEntity>;
  readonly added: Map<string, Uint8Array>;
}

function apply(message: MailMessage, edits: readonly Edit[]): Expected {
  const expected: Expected = { removed: new Set(), added: new Map() };
  const shown = shownParts(message);
  const others = [...message.leaves()].filter((part) => !shown.has(part));
  const leafOf = new Map(message.attachments.map((attachment, at) => [attachment, others[at]]));
  for (const change of edits) {
    if ('set' in change) {
      message[change.set] = change.value;
      expected[change.set] = change.value;
    } else if ('remove' in change) {
      const [gone] = message.attachments.splice(change.remove, 1);
      const part = gone && leafOf.get(gone);
      if (part) expected.removed.add(part);
      if (gone?.filename) expected.added.delete(gone.filename);
    } else if ('add' in change) {
      const { add, name: filename, content } = change;
      message.attachments.splice(
        add,
        0,
        new Attachment({ filename, content, contentType: 'application/x-new' }),
      );
      expected.added.set(filename, content);
    } else if ('link' in change) {
      const content = Buffer.from(change.link);
      message.linkedResources.push(
        new Attachment({
          cid: change.link,
          filename: change.link,
          content,
          contentType: 'image/x-new',
        }),
      );
      expected.added.set(change.link, content);
    } else if ('header' in change) {
      message.subject = change.header;
      message.headers.set('X-New', change.header);
      expected.header = change.header;
    } else message.alternateViews.push(new AlternateView(change.view, 'text/x-view'));
  }
  return expected;
}

const idOf = (part: ParsedEntity): string | undefined => part.headers.get('X-Id');

/** The parts that are the message's text and HTML. */
function shownParts({ root }: MailMessage): Set<ParsedEntity> {
  const { text, html } = decompose(root);
  return new Set([
    ...text.filter(({ contentType }) => contentType.value === 'text/plain'),
    ...html.filter(({ contentType }) => contentType.value === 'text/html'),
  ]);
}

const octets = ({ source, range }: ParsedEntity): string =>
  Buffer.from(source.read(range.start, range.end)).toString('latin1');

const inputs: fc.Arbitrary<Input> = fc.record({
  top: tree,
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isCut: fc.boolean(),
  edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
});

describe('any change of any tree', () => {
  it('is read back, and leaves all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const source = Buffer.from(sourceOf(input), 'latin1');
        const message = MailMessage.parse(source);
        const before = [...message.leaves()];
        const texts = shownParts(message);
        const expected = apply(message, input.edits);
        const bytes = Buffer.from(await message.toBytes());
        const after = MailMessage.parse(bytes);
        for (const key of ['text', 'html'] as const) {
          // Without the text, what was an attachment may be the text.
          if (expected[key] !== undefined) {
            expect(after[key]?.trimEnd()).toBe(expected[key].trimEnd());
          }
        }
        expect(after.subject).toBe(expected.header ?? 'x');
        expect(after.headers.get('X-New')).toBe(expected.header);
        const leaves = [...after.leaves()];
        const byId = new Map(leaves.map((part) => [idOf(part), part]));
        for (const part of before) {
          const id = idOf(part);
          const isGone = expected.removed.has(part);
          const mayGo = texts.has(part) && ('text' in expected || 'html' in expected);
          if (id === undefined || mayGo) continue;
          const found = byId.get(id);
          if (isGone) expect(found).toBeUndefined();
          else expect(found && octets(found)).toBe(octets(part));
        }
        for (const [filename, content] of expected.added) {
          const found = after.attachments.find((one) => one.filename === filename);
          expect(found && Buffer.from(await found.bytes())).toEqual(Buffer.from(content));
        }
        // The same again, and on the wire the same but for line ends.
        expect(Buffer.from(await message.toBytes()).equals(bytes)).toBe(true);
        const rendered = await message.render();
        const sent = Buffer.from(rendered.bytes())
          .toString('latin1')
          .replace(/\r\n|\n/g, '\r\n');
        expect(sent).toBe(bytes.toString('latin1').replace(/\r\n|\n/g, '\r\n'));
        // A last line that does not end is ended on the wire.
        expect(rendered.size).toBe(sent.length + (sent.endsWith('\r\n') ? 0 : 2));
      }),
      { numRuns: 150 },
    );
  });

  it('is read by other readers', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const message = MailMessage.parse(
          Buffer.from(sourceOf(input).replace(/ +(?=\r?\n)/g, ''), 'latin1'),
        );
        const { added } = apply(message, input.edits);
        const bytes = Buffer.from(await message.toBytes());
        const theirs = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
        const others = await PostalMime.parse(bytes);
        for (const [filename, content] of added) {
          const one = theirs.attachments.find((file) => file.filename === filename);
          expect(one && Buffer.from(one.content)).toEqual(Buffer.from(content));
          const two = others.attachments.find((file) => file.filename === filename);
          expect(two && Buffer.from(two.content as ArrayBuffer)).toEqual(Buffer.from(content));
        }
      }),
      { numRuns: 60 },
    );
  });
});
