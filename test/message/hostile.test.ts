// guides: CR, LF and NUL can't leave through any field; what is not refused is encoded.
import fc from 'fast-check';
import { AlternateView, MailAddress, MailGroup, MailMessage, type MessageFields } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, people, textOf } from './kit.ts';

/** Every place of a message where text of a caller's becomes part of a header. */
const places: Readonly<Record<string, (text: string) => MessageFields>> = {
  subject: (subject) => ({ subject }),
  from: (from) => ({ from }),
  'from.name': (name) => ({ from: { name, address: 'a@example.com' } }),
  'from.address': (address) => ({ from: { address } }),
  sender: (sender) => ({ sender }),
  replyTo: (replyTo) => ({ replyTo }),
  'to[].name': (name) => ({ to: [new MailAddress('a@example.com', name)] }),
  'group.name': (name) => ({ cc: new MailGroup(name) }),
  bcc: (bcc) => ({ bcc }),
  readReceiptTo: (readReceiptTo) => ({ readReceiptTo }),
  messageId: (messageId) => ({ messageId }),
  inReplyTo: (inReplyTo) => ({ inReplyTo: [inReplyTo] }),
  references: (references) => ({ references: ['<a@b>', references] }),
  'references (text)': (references) => ({ references }),
  priority: (priority) => ({ priority: priority as never }),
  sensitivity: (sensitivity) => ({ sensitivity: sensitivity as never }),
  'unsubscribe.url': (url) => ({ unsubscribe: { url } }),
  'unsubscribe.url, the end': (end) => ({ unsubscribe: { url: `https://example.com/${end}` } }),
  'unsubscribe.mailto': (mailto) => ({ unsubscribe: { mailto } }),
  'unsubscribe.mailto, the query': (query) => ({
    unsubscribe: { mailto: `a@example.com?x=${query}` },
  }),
  'list.id': (id) => ({ list: { id } }),
  'list.id, the phrase': (phrase) => ({ list: { id: `${phrase} <news.example.com>` } }),
  'list.help': (help) => ({ list: { help } }),
  'list.post': (post) => ({ list: { post } }),
  'headers, the value': (value) => ({ headers: { 'X-A': value } }),
  'headers, the name': (name) => ({ headers: [[name, 'x']] }),
  filename: (filename) => ({ attachments: [{ filename, content: 'x' }] }),
  contentType: (contentType) => ({ attachments: [{ contentType, content: 'x' }] }),
  'contentType, a parameter': (value) => ({
    attachments: [{ contentType: `text/x; a="${value}"`, content: 'x' }],
  }),
  'contentType, the parameter’s name': (name) => ({
    attachments: [{ contentType: `text/x; ${name}=b`, content: 'x' }],
  }),
  disposition: (disposition) => ({
    attachments: [{ disposition: disposition as never, content: 'x' }],
  }),
  cid: (cid) => ({ html: '<p>', linkedResources: [{ cid, content: 'x' }] }),
  description: (description) => ({ attachments: [{ description, content: 'x' }] }),
  'the view’s type': (type) => ({ alternateViews: [new AlternateView('x', type)] }),
  'the name of an attached message': (subject) => ({ attachments: [new MailMessage({ subject })] }),
  deterministic: (deterministic) => ({ deterministic, html: '<p>', text: 'x' }),
};

/** Things no header may hold but folds: the lines of the header that are not made by us would show. */
function checkHeaders(text: string): void {
  expect(text).not.toMatch(/^(?:X-Inj|Bcc)/im);
  expect(text).not.toMatch(/\0|\r/);
  const header = text.slice(0, text.indexOf('\n\n'));
  for (const line of header.split('\n')) {
    expect(line).toMatch(/^(?:[!-9;-~]+: [ -~]*|[ \t][ -~]*\S[ -~]*)$/);
  }
}

const vectors = [
  'x\r\nX-Inj: 1',
  'x\nX-Inj: 1',
  'x\rX-Inj: 1',
  'x\r\n\r\nX-Inj: 1',
  'x\0X-Inj: 1',
  'x\r\n X-Inj: 1',
  '\r\n',
  '\n',
  'a@example.com\r\nBcc: e@example.com',
  'a@example.com>\r\nRCPT TO:<e@example.com',
  '"x\r\nBcc: y"@example.com',
  'https://example.com/\r\nX-Inj: 1',
  'text/x\r\nX-Inj: 1',
  '<a@b>\r\nX-Inj: 1',
];

describe.each(Object.entries(places))('%s', (_, fields) => {
  it.each(vectors)('refuses %j or writes no line of its own', async (vector) => {
    let text: string;
    try {
      text = await textOf(new MailMessage({ ...people, ...fields(vector) }));
    } catch (error) {
      const { code } = error as { code: string };
      expect(['MESSAGE_FIELD_INVALID', 'MESSAGE_HEADER_INVALID', 'ADDRESS_INVALID']).toContain(
        code,
      );
      return;
    }
    // The only places that may go through are those that carry no text of the caller's.
    checkHeaders(text);
    expect(text).not.toMatch(/x\s*X-Inj/);
  });

  it('encodes or refuses what is not CR, LF or NUL', async () => {
    const odd = fc.constantFrom(
      '\u000b',
      '\u0085',
      '\u2028',
      '\u560d\u560a',
      '\ud800',
      '\u202e',
      '\u007f',
      '\u00a0',
      '\t',
      'é',
      '=?utf-8?q?=0d=0a?=',
      '"',
      '\\',
      '<',
      '>',
      '(',
      ';',
      ' ',
      'a',
      '@',
    );
    const text = fc.array(odd, { minLength: 1, maxLength: 6 }).map((list) => list.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        let message: MailMessage;
        try {
          message = new MailMessage({ ...people, ...fields(value) });
        } catch (error) {
          expect((error as Error).name).toMatch(/^Invalid|^OptionError/);
          return;
        }
        try {
          const out = await textOf(message);
          checkHeaders(out.replace(/[\u0080-\u00ff]/g, 'x'));
        } catch (error) {
          expect((error as Error).name, String(error)).toMatch(/^Invalid/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('lists that were filled by untyped code', () => {
  it('are checked when the message is written', async () => {
    const message = new MailMessage(people);
    message.to.push('x@example.com\r\nX-Inj: 1' as never);
    expect((await errorOf(() => message.toBytes())).code).toBe('ADDRESS_INVALID');
    expect((await errorOf(() => message.envelope())).code).toBe('ADDRESS_INVALID');
    const other = new MailMessage(people);
    other.references.push('x\r\nX-Inj: 1');
    expect((await errorOf(() => other.toBytes())).code).toBe('MESSAGE_HEADER_INVALID');
  });
});

describe('attachments never come from text', () => {
  it.each([
    [
      '/etc/passwd',
      "attachments[0] must be an object, got '/etc/passwd'; write { path: '…' } for a file, { filename: '…', content: … } for content",
    ],
    [
      { href: 'file:///etc/passwd' },
      "'href' is not an option of an attachment; fetch it first and give the body as content",
    ],
    [
      { raw: { path: '/etc/passwd' } },
      "'raw' is not an option of an attachment; give path or content; the headers are written for you",
    ],
    [
      { content: { path: '/etc/passwd' } },
      "attachments[0] has content that can't be read (an object); give a string, Uint8Array, Blob, stream, or a function that opens a stream",
    ],
    [
      { path: { href: '/etc/passwd' } },
      "The path of attachments[0] must be a file's path or URL, got an object",
    ],
    [
      { path: new URL('http://169.254.169.254/') },
      "attachment path must be a file, got a http: URL; fetch it first and give the response's body as content",
    ],
    [
      { path: 'a\0b' },
      "The path of attachments[0] ('a\\u{0}b') must be a file's path or URL, got 'a\\u{0}b'",
    ],
    [{ path: '' }, "The path of attachments[0] ('') must be a file's path or URL, got ''"],
  ])('%j', async (attachment, message) => {
    const error = await errorOf(() => new MailMessage({ attachments: [attachment as never] }));
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it('nor from HTML', async () => {
    const message = new MailMessage({
      ...people,
      html: '<img src="file:///etc/passwd"><img src="/etc/passwd"><link href="path:/etc/passwd">',
      dataUrls: 'link',
      textFromHtml: true,
    });
    expect(await textOf(message)).not.toContain('root:');
  });
});
