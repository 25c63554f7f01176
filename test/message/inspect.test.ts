import { inspect } from 'node:util';
import { Attachment, MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';

describe('console.log', () => {
  it('shows which message it is, and nothing of what it says', () => {
    const message = new MailMessage({
      from: 'Ann <ann@example.com>',
      to: Array.from({ length: 8 }, (_, n) => `u${n}@example.com`),
      bcc: 'hidden@example.com',
      subject: 'Your password',
      text: 'It is secret',
      html: '<p>secret',
      linkedResources: [{ cid: 'logo', content: 'x', contentType: 'image/png' }],
      attachments: [{ filename: 'a\u001b[2J.pdf', content: 'x' }],
    });
    expect(inspect(message)).toBe(`MailMessage {
  from: [ 'Ann <ann@example.com>' ],
  to: [
    'u0@example.com',
    'u1@example.com',
    'u2@example.com',
    'u3@example.com',
    'u4@example.com',
    'and 3 more'
  ],
  bcc: [ 'hidden@example.com' ],
  subject: 'Your password',
  text: '12 characters',
  html: '9 characters',
  linkedResources: [ 'image/png' ],
  attachments: [ 'a\\\\u{1b}[2J.pdf (application/pdf)' ]
}`);
    expect(inspect(message)).not.toMatch(/secret|\u001b/);
    expect(inspect(new MailMessage())).toBe("MailMessage { subject: '' }");
    expect(inspect({ list: [message] })).toContain('Your password');
  });

  it('shows attachments', () => {
    const attachment = new Attachment({ filename: 'a.pdf', content: 'secret', cid: 'x' });
    expect(inspect(attachment)).toBe(
      "Attachment {\n  filename: 'a.pdf',\n  contentType: 'application/pdf',\n  cid: 'x',\n  size: 6\n}",
    );
    const read = MailMessage.parse('Content-Type: image/png\n\nx');
    expect(inspect(read)).toBe("MailMessage { subject: '', attachments: [ 'image/png' ] }");
  });
});
