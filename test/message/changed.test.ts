// Messages that were read and then changed under their header: only what changed differs.
import { Buffer } from 'node:buffer';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlternateView, Attachment, MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { errorOf, shapeOf } from './kit.ts';

const file = async (message: MailMessage): Promise<string> =>
  Buffer.from(await message.toBytes()).toString('latin1');
const wire = async (message: MailMessage): Promise<string> =>
  Buffer.from((await message.render()).bytes()).toString('latin1');
const again = async (message: MailMessage): Promise<MailMessage> =>
  MailMessage.parse(await message.toBytes());

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

const nested = crlf(`From: a@example.com
Subject: =?iso-8859-1?Q?=E9?=
MIME-Version: 1.0
Content-Type: multipart/mixed;
  boundary="out side"
X-Last: 1

preamble
--out side  
Content-Type: multipart/alternative; boundary=in

--in
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit
X-Kept: yes

caf\xe9
--in
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>caf=C3=A9 =
</p>
--in--
inner epilogue
--out side
Content-Type: application/pdf; name=a.pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment

AAEC
--out side
Content-Type: text/csv
content-disposition: attachment; filename=b.csv

a,b
1,2

--out side--
epilogue
`);
const read = (text = nested): MailMessage => MailMessage.parse(Buffer.from(text, 'latin1'));

/** What differs: the text of `before` that is gone and that of `after` in its place. */
function difference(before: string, after: string): [string, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)];
}

describe('text and HTML', () => {
  it('a text is replaced where it stands, and its header says what is true of it', async () => {
    const message = read();
    message.text = 'plain';
    expect(difference(nested, await file(message))).toEqual([
      '8bit\r\nX-Kept: yes\r\n\r\ncaf\xe9',
      '7bit\r\nX-Kept: yes\r\n\r\nplain',
    ]);
    message.text = 'Ω';
    expect(difference(nested, await file(message))).toEqual([
      'iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\nX-Kept: yes\r\n\r\ncaf\xe9',
      'utf-8\r\nContent-Transfer-Encoding: base64\r\nX-Kept: yes\r\n\r\nzqk=',
    ]);
    expect((await again(message)).text).toBe('Ω');
    message.text = 'café';
    expect(await file(message)).toBe(nested);
  });

  it('HTML is replaced where it stands', async () => {
    const message = read();
    message.html = '<b>é</b>';
    const after = await file(message);
    expect(difference(nested, after)).toEqual([
      'quoted-printable\r\n\r\n<p>caf=C3=A9 =\r\n</p>',
      'base64\r\n\r\nPGI+w6k8L2I+',
    ]);
    expect((await again(message)).html).toBe('<b>é</b>');
    expect(await wire(message)).toBe(after);
  });

  it('is taken out', async () => {
    const message = read();
    message.html = undefined;
    expect(shapeOf((await again(message)).root)).toBe(
      'mixed(alternative(text/plain), application/pdf, text/csv)',
    );
    message.text = undefined;
    const after = await again(message);
    expect(shapeOf(after.root)).toBe('mixed(application/pdf, text/csv)');
    expect([after.text, after.html, after.attachments.length]).toEqual([undefined, undefined, 2]);
  });

  it.each<[string, string, (message: MailMessage) => void, string, Partial<MailMessage>]>([
    [
      'HTML beside the only text',
      'Subject: x\nContent-Language: en\n\nhello\n',
      (m) => {
        m.html = '<p>hello';
      },
      'alternative(text/plain, text/html)',
      { text: 'hello\n', html: '<p>hello' },
    ],
    [
      'text beside the only HTML',
      'Content-Type: text/html\n\n<p>hello\n',
      (m) => {
        m.text = 'hello';
      },
      'alternative(text/plain, text/html)',
      { text: 'hello', html: '<p>hello\n' },
    ],
    [
      'text beside HTML with its pictures',
      'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:a">\n--b\nContent-Type: image/png\nContent-ID: <a>\n\npng\n--b--\n',
      (m) => {
        m.text = 'hello';
      },
      'alternative(text/plain, related(text/html, image/png))',
      { text: 'hello', html: '<img src="cid:a">' },
    ],
    [
      'HTML before a calendar',
      'Content-Type: multipart/alternative; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: text/calendar\n\nBEGIN\n--b--\n',
      (m) => {
        m.html = '<p>';
      },
      'alternative(text/plain, text/html, text/calendar)',
      { text: 'hello', html: '<p>' },
    ],
    [
      'text before the only file',
      'Content-Type: application/pdf\nContent-Disposition: attachment\n\npdf\n',
      (m) => {
        m.text = 'hello';
      },
      'mixed(text/plain, application/pdf)',
      { text: 'hello' },
    ],
    [
      'text and HTML before files',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf\n\npdf\n--b--\n',
      (m) => {
        m.html = '<p>';
        m.text = 'hello';
      },
      'mixed(alternative(text/plain, text/html), application/pdf)',
      { text: 'hello', html: '<p>' },
    ],
    [
      'text where there is nothing',
      'Subject: x\n',
      (m) => {
        m.text = 'hello\n';
      },
      'text/plain',
      { text: 'hello\n' },
    ],
    [
      'one text in place of many',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/png\n\npng\n--b\n\ntwo\n--b--\n',
      (m) => {
        m.text = 'three';
      },
      'mixed(text/plain, image/png)',
      { text: 'three' },
    ],
  ])('%s', async (_, source, change, shape, values) => {
    const message = read(source);
    change(message);
    const after = await again(message);
    expect(shapeOf(after.root)).toBe(shape);
    expect(after).toMatchObject(values);
    expect(after.problems).toEqual([]);
    expect(await file(message)).not.toContain('\r');
    expect((await wire(message)).replaceAll('\r\n', '\n')).toBe(await file(message));
  });

  it('a body that becomes a part keeps its fields', async () => {
    const message = read(
      'Subject: x\nContent-Language: en\nContent-Type: text/plain;\n charset=koi8-r\nContent-Length: 5\nX-A: 1\nContent-Transfer-Encoding: 8bit\n\n\xc1\xc2\n',
    );
    message.html = '<p>';
    const written = (await file(message)).replace(/=_alt_[\w-]+?(?=--\n|"|\n)/g, 'BOUNDARY');
    expect(written).toBe(
      'Subject: x\nContent-Type: multipart/alternative; boundary="BOUNDARY"\nX-A: 1\nMIME-Version: 1.0\n\n' +
        '--BOUNDARY\nContent-Language: en\nContent-Type: text/plain;\n charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\xc1\xc2\n\n' +
        '--BOUNDARY\nContent-Type: text/html; charset=utf-8\n\n<p>\n--BOUNDARY--\n',
    );
    expect(await file(message)).toBe(await file(message));
    expect(message.headers.get('Content-Type')).toMatch(/^multipart\/alternative; boundary=/);
    expect(message.headers.has('Content-Language')).toBe(false);
    expect((await again(message)).text).toBe('аб\n');
  });

  it('flowed text stays flowed', async () => {
    const message = read('Content-Type: text/plain; format=flowed\n\nold\n');
    message.text = `${'word '.repeat(40)}end`;
    expect(await file(message)).toMatch(/format=flowed\n\n(?:word )+\n(?:word )+\n/);
    expect((await again(message)).text).toBe(`${'word '.repeat(40)}end\n`);
    const delSp = read('Content-Type: text/plain; format=flowed; delsp=yes\n\nold\n');
    delSp.text = 'a \nb';
    expect((await again(delSp)).text).toBe('a \nb\n');
  });
});

describe('attachments', () => {
  it('are added after the others, and nothing else differs', async () => {
    const message = read();
    message.attachments.push(new Attachment({ filename: 'c.bin', content: new Uint8Array([1]) }));
    expect(difference(nested, await file(message))).toEqual([
      '',
      crlf(`
Content-Type: application/octet-stream; name=c.bin
Content-Disposition: attachment; filename=c.bin
Content-Transfer-Encoding: base64

AQ==
--out side`),
    ]);
  });

  it('are taken out, and nothing else differs', async () => {
    const message = read();
    message.attachments.shift();
    const part = nested.slice(
      nested.indexOf('Content-Type: application/pdf'),
      nested.indexOf('Content-Type: text/csv'),
    );
    expect(await file(message)).toBe(nested.replace(part, ''));
    message.attachments = [];
    const rest = await again(message);
    expect(shapeOf(rest.root)).toBe('mixed(alternative(text/plain, text/html))');
    expect(await file(rest)).toMatch(/inner epilogue\r\n--out side--\r\nepilogue\r\n$/);
  });

  it('are replaced, moved and put before others', async () => {
    const message = read();
    const [pdf, csv] = message.attachments as [Attachment, Attachment];
    message.attachments = [csv, new Attachment({ filename: 'new', content: 'x' }), pdf];
    const after = await again(message);
    expect(after.attachments.map(({ filename }) => filename)).toEqual(['b.csv', 'new', 'a.pdf']);
    expect(shapeOf(after.root)).toBe(
      'mixed(alternative(text/plain, text/html), text/csv, text/plain, application/pdf)',
    );
    expect(Buffer.from(await after.attachments[0]!.bytes()).toString()).toBe('a,b\r\n1,2\r\n');
    message.attachments.unshift(new Attachment({ filename: 'first', content: 'x' }));
    expect((await again(message)).attachments.map(({ filename }) => filename)).toEqual([
      'first',
      'b.csv',
      'new',
      'a.pdf',
    ]);
  });

  it('make a mixed around anything else', async () => {
    const message = read('Subject: x\n\nhello\n');
    message.attachments.push(new Attachment({ filename: 'a', content: 'x' }));
    expect(shapeOf((await again(message)).root)).toBe('mixed(text/plain, text/plain)');
    message.attachments.pop();
    expect(await file(message)).toBe('Subject: x\n\nhello\n');
  });

  it('of a message that is nothing else leave an empty text', async () => {
    const message = read('Subject: x\nMIME-Version: 1.0\nContent-Type: image/png\n\npng\n');
    message.attachments.pop();
    expect(await file(message)).toBe('Subject: x\nMIME-Version: 1.0\n\n');
  });

  it('taken out of one list are out of the others', async () => {
    const message = read(
      'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:a"><img src="cid:c">\n--b\nContent-ID: <a>\nContent-Type: image/png\n\nA\n--b\nContent-ID: <c>\nContent-Type: image/png\n\nC\n--b--\n',
    );
    const { linkedResources, attachments } = message;
    linkedResources.shift();
    expect(message.attachments.map(({ cid }) => cid)).toEqual(['c']);
    expect(attachments).toBe(message.attachments);
    attachments.pop();
    expect(message.linkedResources).toEqual([]);
    expect(shapeOf((await again(message)).root)).toBe('related(text/html)');
  });

  it('never end a part that was there before, whatever they hold', async () => {
    const message = read();
    const evil = '--in--\n--out side\n\nx\n--out side--\n';
    message.text = evil;
    message.attachments.push(
      new Attachment({ content: evil, filename: 'a.txt', disposition: 'inline' }),
      new Attachment({ content: nested, contentType: 'message/rfc822' }),
    );
    const after = await again(message);
    expect(after.text).toBe(evil);
    expect(after.attachments).toHaveLength(4);
    expect(after.attachments[3]?.message?.attachments).toHaveLength(2);
  });
});

describe('what is not as it should be', () => {
  it('a multipart without parts is a part', async () => {
    const source = 'Content-Type: multipart/mixed; boundary=x\n\nno parts\n';
    const message = read(source);
    message.attachments.push(new Attachment({ filename: 'a', content: 'x' }));
    message.text = 'hello';
    expect(shapeOf((await again(message)).root)).toBe('mixed(text/plain, mixed(), text/plain)');
    expect(await file(message)).toContain(
      `Content-Type: multipart/mixed; boundary=x\n\nno parts\n`,
    );
  });

  it('parts without a body, a header without an empty line', async () => {
    const message = read(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nX-A: 1\n--b\nContent-Type: text/html\n--b--',
    );
    message.text = 'hello';
    message.html = '<p>';
    const after = await again(message);
    expect([after.text, after.html]).toEqual(['hello', '<p>']);
    const bare = read('Subject: x');
    bare.html = '<p>';
    expect((await again(bare)).html?.trim()).toBe('<p>');
  });

  it('an attachment in uuencode has its bytes', async () => {
    const message = read(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Transfer-Encoding: x-uuencode\nContent-Disposition: attachment; filename=cat\n\nbegin 644 cat\n#0V%T\n`\nend\n--b--\n',
    );
    const [attachment] = message.attachments;
    expect(Buffer.from((await attachment?.bytes()) ?? []).toString()).toBe('Cat');
    message.attachments.push(new Attachment({ filename: 'b', content: 'x' }));
    expect(
      Buffer.from((await (await again(message)).attachments[0]?.bytes()) ?? []).toString(),
    ).toBe('Cat');
  });
});

describe('resources and views', () => {
  it('go beside the HTML', async () => {
    const message = read('Content-Type: text/html\n\n<img src="cid:a">\n');
    message.linkedResources.push(
      new Attachment({ cid: 'a', content: 'x', contentType: 'image/png' }),
    );
    message.alternateViews.push(new AlternateView('W', 'text/watch-html'));
    message.text = 'hello';
    const after = await again(message);
    expect(shapeOf(after.root)).toBe(
      'alternative(text/plain, text/watch-html, related(text/html, image/png))',
    );
    expect(after.linkedResources).toHaveLength(1);
    expect(after.alternateViews).toHaveLength(1);
    after.linkedResources.push(
      new Attachment({ cid: 'b', content: 'x', contentType: 'image/png' }),
    );
    after.alternateViews = [new AlternateView('BEGIN', 'text/calendar; method=REQUEST')];
    expect(shapeOf((await again(after)).root)).toBe(
      'alternative(text/plain, related(text/html, image/png, image/png), text/calendar)',
    );
  });

  it('are moved from one list to another', async () => {
    const message = read(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:a">\n--b\nContent-ID: <a>\nContent-Type: image/png\n\nA\n--b--\n',
    );
    const picture = message.attachments.pop() as Attachment;
    expect(message.linkedResources).toEqual([]);
    message.linkedResources.push(picture);
    expect(shapeOf((await again(message)).root)).toBe('mixed(related(text/html, image/png))');
    // In both lists it is there once.
    message.attachments.push(picture);
    expect((await again(message)).attachments).toHaveLength(1);
  });

  it('are taken out and replaced', async () => {
    const message = read(
      'Content-Type: multipart/alternative; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN\n--b--\n',
    );
    expect(message.alternateViews.map(({ content }) => content)).toEqual(['BEGIN']);
    message.alternateViews.splice(0, 1, new AlternateView('NEW', 'text/calendar; method=CANCEL'));
    expect(message.attachments).toEqual([]);
    const after = await again(message);
    expect(after.alternateViews.map(({ content }) => String(content).trim())).toEqual(['NEW']);
    expect(shapeOf(after.root)).toBe('alternative(text/plain, text/calendar)');
  });

  it('go beside the alternatives when those are the related part', async () => {
    const first = new MailMessage({
      from: 'a@example.com',
      to: 'b@example.com',
      text: 't',
      html: '<img src="cid:a">',
      linkedResources: [{ cid: 'a', content: 'x', contentType: 'image/png' }],
    });
    const message = await again(first);
    message.linkedResources.push(
      new Attachment({ cid: 'b', content: 'y', contentType: 'image/png' }),
    );
    expect(shapeOf((await again(message)).root)).toBe(
      'related(alternative(text/plain, text/html), image/png, image/png)',
    );
  });
});

const signed = crlf(`From: a@example.com
MIME-Version: 1.0
Content-Type: multipart/signed; boundary=s; micalg=pgp-sha256;
 protocol="application/pgp-signature"

--s
Content-Type: text/plain; charset=utf-8
Content-Language: en

signed text
--s
Content-Type: application/pgp-signature

sig
--s--
`);
const encrypted =
  'Content-Type: multipart/encrypted; boundary=e\n\n--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream\n\nsecret\n--e--\n';

describe('signed and encrypted messages', () => {
  const isSigned = {
    code: 'MESSAGE_PROTECTED',
    message:
      "The part is signed, and a change would break the signature; take the signature out of the message's attachments first, or compose a new message",
  };

  it('refuse what would break the signature, and stay as they were', async () => {
    const message = read(signed);
    for (const change of [
      () => {
        message.text = 'x';
      },
      () => {
        message.html = 'x';
      },
      () => {
        message.text = undefined;
      },
    ]) {
      expect(await errorOf(change)).toMatchObject(isSigned);
    }
    expect(await file(message)).toBe(signed);
  });

  it('take something beside what is signed', async () => {
    const message = read(signed);
    message.attachments.push(new Attachment({ filename: 'a', content: 'x' }));
    const after = await file(message);
    expect(after).toContain(signed.slice(signed.indexOf('--s\r\n')));
    expect(shapeOf((await again(message)).root)).toBe(
      'mixed(signed(text/plain, application/pgp-signature), text/plain)',
    );
  });

  it('can be changed without their signature', async () => {
    const message = read(signed);
    message.attachments.pop();
    message.text = 'changed\r\n';
    expect(await file(message)).toBe(
      crlf(
        'From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Language: en\n\nchanged\n',
      ),
    );
  });

  it('S/MIME: nothing beside what is encrypted, anything else after it is taken out', async () => {
    const message = read(
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nAAEC\n',
    );
    expect(
      await errorOf(() => {
        message.html = 'x';
      }),
    ).toMatchObject({ code: 'MESSAGE_PROTECTED' });
    message.attachments = [];
    message.text = 'plain';
    expect(await file(message)).toBe(
      'Content-Type: text/plain; charset=utf-8\nMIME-Version: 1.0\n\nplain\n',
    );
  });

  it('get nothing in the clear beside what is encrypted', async () => {
    const message = read(encrypted);
    const isEncrypted = {
      code: 'MESSAGE_PROTECTED',
      message:
        'The message is encrypted: a change inside would break it, and what is added beside it would not be encrypted; decrypt it first, or compose a new message and attach this one',
    };
    expect(
      await errorOf(() => {
        message.text = 'x';
      }),
    ).toMatchObject(isEncrypted);
    message.attachments.push(new Attachment({ filename: 'a', content: 'x' }));
    expect(await errorOf(() => message.toBytes())).toMatchObject(isEncrypted);
    message.attachments.pop();
    expect(await file(message)).toBe(encrypted);
  });
});

describe('a large message on disk', () => {
  it('is written from its ranges, with what changed between them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'changed-'));
    try {
      const path = join(folder, 'large.eml');
      const line = `${'QUJD'.repeat(19)}\r\n`;
      const large = nested.replace('AAEC\r\n', line.repeat(300_000));
      await writeFile(path, large, 'latin1');
      const message = await MailMessage.load(path);
      message.subject = 'changed';
      message.text = 'changed';
      const attached = join(folder, 'attached');
      await writeFile(attached, Buffer.alloc(1_000_000, 'x'));
      message.attachments.push(new Attachment({ path: attached }));
      await message.save(join(folder, 'after.eml'));
      const after = await readFile(join(folder, 'after.eml'), 'latin1');
      const kept = large.slice(large.indexOf('\r\nX-Kept'), large.indexOf('\r\n\r\ncaf\xe9'));
      expect(after).toContain(kept);
      const pdf = 'Content-Type: application/pdf';
      const end = 'a,b\r\n1,2\r\n';
      expect(
        after.slice(after.indexOf(pdf), after.indexOf(end)) ===
          large.slice(large.indexOf(pdf), large.indexOf(end)),
      ).toBe(true);
      const rendered = await message.render();
      expect(rendered.size).toBe(after.length);
      const inMemory = rendered.segments.filter((segment) => segment instanceof Uint8Array);
      expect(inMemory.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(10_000);
      const whole = await message.forwardAsAttachment({ from: 'a@example.com' }).render();
      expect(whole.size).toBeGreaterThan(after.length);
      const attachedWhole = whole.segments.filter((segment) => segment instanceof Uint8Array);
      expect(attachedWhole.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(10_000);
      const loaded = MailMessage.parse(Buffer.from(after, 'latin1'));
      expect(loaded).toMatchObject({ text: 'changed', html: '<p>café </p>' });
      expect(await loaded.attachments[2]?.bytes()).toHaveLength(1_000_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
