// Web pages as messages, with what stands beneath their folder, and messages as web pages.
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MailMessage } from 'posthorn';
import { convert } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { rewriteCss } from '../../../src/convert/html/css-urls.ts';
import { rewriteHtml } from '../../../src/convert/html/rewrite-html.ts';
import { expectLinear } from '../../support/linear.ts';
import { fullMessage, pixel, stored, temporaryFolder } from './kit.ts';

const { folder, put } = temporaryFolder();
const page = (body: string, head = ''): string =>
  `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`;

describe('a page', () => {
  it('becomes a message with its title, its pictures and style sheets', async () => {
    put('site/img/logo.png', pixel);
    put('site/img/back.png', 'BACK');
    put('site/style.css', '@import "more.css"; body{background:url(img/back.png)}');
    put('site/more.css', '@import "style.css"; p{color:red}');
    const path = put(
      'site/index.html',
      page(
        '<img src=img/logo.png><img src="img/logo.png?v=2#x"><p style="background:url(\'img/back.png\')">x</p>' +
          '<a href="other.html">y</a><img src="https://example.com/a.png"><img src="data:image/png;base64,AA==">' +
          '<img srcset="img/logo.png 1x, img/back.png 2x">',
        '<title>Caf&eacute; &amp;\n bar</title><link rel=stylesheet href="style.css">',
      ),
    );
    const mail = await MailMessage.load(path);
    expect(mail.subject).toBe('Café & bar');
    expect(mail.problems).toEqual([]);
    const cids = new Map(mail.attachments.map(({ filename, cid }) => [filename, cid]));
    expect([...cids.keys()].sort()).toEqual(['back.png', 'logo.png', 'more.css', 'style.css']);
    const cid = (name: string): string => `cid:${cids.get(name)}`;
    expect(mail.html?.trimEnd()).toBe(
      page(
        `<img src="${cid('logo.png')}"><img src="${cid('logo.png')}"><p style="background:url('${cid('back.png')}')">x</p>` +
          '<a href="other.html">y</a><img src="https://example.com/a.png"><img src="data:image/png;base64,AA==">' +
          `<img srcset="${cid('logo.png')} 1x, ${cid('back.png')} 2x">`,
        `<title>Caf&eacute; &amp;\n bar</title><link rel=stylesheet href="${cid('style.css')}">`,
      ),
    );
    const css = mail.attachments.find(({ filename }) => filename === 'style.css');
    expect(Buffer.from((await css?.bytes()) ?? []).toString()).toBe(
      `@import "${cid('more.css')}"; body{background:url(${cid('back.png')})}`,
    );
    // Nothing is added to what was loaded.
    expect([...mail.headers].map(([name]) => name)).toEqual([
      'Subject',
      'MIME-Version',
      'Content-Type',
    ]);
  });

  it('takes nothing from outside its folder', async () => {
    put('secret.txt', 'secret');
    put('inside/deep/x.txt', 'inside');
    symlinkSync('../secret.txt', join(folder, 'inside/link.txt'));
    const outside = [
      '../secret.txt',
      'deep/../../secret.txt',
      '%2e%2e/secret.txt',
      'link.txt',
      'file:///etc/hostname',
      '/etc/hostname',
    ];
    const path = put(
      'inside/page.html',
      page(
        [
          ...outside,
          'deep/../deep/x.txt',
          'none.png',
          'deep',
          '//host/share/x',
          'cid:a',
          '%zz',
          '..%2Fx.png',
        ]
          .map((src) => `<img src="${src}">`)
          .join(''),
      ),
    );
    const mail = await MailMessage.load(path);
    expect(await Promise.all(mail.attachments.map((part) => part.bytes()))).toEqual([
      Buffer.from('inside'),
    ]);
    expect(mail.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      ...outside.map(
        (src) =>
          `resource-missing: The page refers to '${src}', which is not beneath the folder of the page: it is not read`,
      ),
      "resource-missing: The page refers to 'none.png', which is not there",
      "resource-missing: The page refers to 'deep', which is no file",
      "resource-missing: The page refers to '%zz', which is no path of a file",
      "resource-missing: The page refers to '..%2Fx.png', which is no path of a file",
    ]);
  });

  it('in memory takes no file at all', async () => {
    const mail = await MailMessage.load(Buffer.from(page('<img src="logo.png">')));
    expect(mail.attachments).toEqual([]);
    expect(mail.html).toContain('src="logo.png"');
  });

  it.each([
    ['what it says', '<html><meta charset=windows-1251><p>\xcf\xf0', 'Пр'],
    [
      'the older form',
      '<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>\xf0',
      'П',
    ],
    ['a mark', '\xef\xbb\xbf<html><meta charset=windows-1251><p>\xc3\xa9', 'é'],
    ['UTF-8', '<html><p>\xc3\xa9', 'é'],
    ['windows-1252 else', '<html><p>\xe9\x80', 'é€'],
  ])('has the charset of %s', async (_, text, shown) => {
    const mail = await MailMessage.load(Buffer.from(text, 'latin1'));
    expect(mail.html?.trimEnd().endsWith(shown)).toBe(true);
  });
});

describe('a message as a page', () => {
  it('holds its pictures, says its charset and runs nothing', async () => {
    const html = Buffer.from(await fullMessage().toBytes('html')).toString();
    expect(html).toBe(
      '<!DOCTYPE html>\r\n<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src \'none\'; object-src \'none\'">' +
        `<title>Größe – 1 &lt; 2</title><p>Hi &ouml; <img src="data:image/png;base64,${pixel.toString('base64')}"></p>`,
    );
  });

  it('keeps its own head, with another charset and title', async () => {
    const mail = new MailMessage({
      subject: 'new',
      html: page(
        'x',
        '<META http-equiv=Content-Type content="text/html; charset=iso-8859-1"><title>old</title>',
      ),
    });
    expect(Buffer.from(await mail.toBytes('html')).toString()).toBe(
      page(
        'x',
        '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src \'none\'; object-src \'none\'"><title>new</title>' +
          '<META http-equiv=Content-Type content="text/html; charset=utf-8">',
      ),
    );
  });

  it('of a text alone shows the text', async () => {
    const mail = new MailMessage({ text: 'a < b\nc' });
    expect(Buffer.from(await mail.toBytes('html')).toString()).toContain(
      '<pre style="white-space:pre-wrap;font-family:inherit">a &lt; b\nc</pre>',
    );
  });

  it('with a folder has everything beside it', async () => {
    const mail = fullMessage();
    const path = join(folder, 'saved', 'mail.html');
    put('saved/x', '');
    await mail.save(path, { resources: 'folder', headerTable: true });
    const html = readFileSync(path, 'utf8');
    expect(html).toContain('<img src="mail_files/logo.png">');
    expect(html).toContain(
      '<th style="text-align:left;vertical-align:top;padding-right:1em">Subject:</th><td>Größe – 1 &lt; 2</td>',
    );
    expect(html).toContain('<a href="mail_files/%C3%9Cbersicht.txt">Übersicht.txt</a>');
    expect(readdirSync(join(folder, 'saved', 'mail_files')).sort()).toEqual([
      'logo.png',
      'Übersicht.txt',
    ]);
    const again = await MailMessage.load(path);
    expect(again.subject).toBe('Größe – 1 < 2');
    expect(again.linkedResources.map(({ filename }) => filename)).toEqual(['logo.png']);
  });

  it('is not led astray by the names of its parts', async () => {
    const path = join(folder, 'names', 'mail.html');
    put('names/x', '');
    const names = ['../../evil.txt', 'a/b.txt', 'CON.txt', '..', 'a/b.txt', 'x\u202Egnp.exe'];
    const mail = new MailMessage({
      html: 'x',
      attachments: names.map((filename) => ({ filename, content: 'x' })),
    });
    await mail.save(path, { resources: 'folder' });
    expect(readdirSync(join(folder, 'names', 'mail_files')).sort()).toEqual(
      ['_CON.txt', 'a b-2.txt', 'a b.txt', 'evil.txt', 'file', 'x gnp.exe'].sort(),
    );
  });

  it('tells what it has no place for', async () => {
    const { losses } = await convert(await (await stored(fullMessage())).toBytes(), undefined, {
      to: 'html',
    });
    expect(losses).toEqual([
      { code: 'attachments-lost', message: 'A page has no attachments: 1 left out' },
      { code: 'text-lost', message: 'A page has no plain text beside its HTML' },
      { code: 'views-lost', message: 'A page has one form only: text/calendar was left out' },
      {
        code: 'headers-lost',
        message:
          'There is no place for the header fields From, To, Cc, Message-ID, Date, X-Campaign',
      },
    ]);
  });

  it('comes back as it was', async () => {
    const mail = await MailMessage.load(await fullMessage().toBytes('html'));
    expect(mail.subject).toBe('Größe – 1 < 2');
    expect(mail.html).not.toContain('Security-Policy');
  });
});

describe('addresses', () => {
  const up = (address: string): string => address.toUpperCase();

  it.each([
    ['<img src=a>', '<img src="A">'],
    ["<IMG alt='>' SRC='a&amp;b'>", '<IMG alt=\'>\' SRC="A&amp;B">'],
    ['<img src="a', '<img src="a'],
    ['<table background=a><td style="x:url( a )">', '<table background="A"><td style="x:url( A)">'],
    [
      '<a href=a><link rel=next href=a><link href=a rel="shortcut icon">',
      '<a href=a><link rel=next href=a><link href="A" rel="shortcut icon">',
    ],
    [
      '<!-- <img src=a> --><script>"<img src=a>"</script><img src=b>',
      '<!-- <img src=a> --><script>"<img src=a>"</script><img src="B">',
    ],
    ['<style>p{x:url("a")}</style><p>url(a)</p>', '<style>p{x:url("A")}</style><p>url(a)</p>'],
    ['a < b <img src=" ">', 'a < b <img src=" ">'],
  ])('in %s', (html, rewritten) => {
    expect(rewriteHtml(html, up)).toBe(rewritten);
  });

  it('can not end what they stand in', () => {
    expect(rewriteHtml('<img src=a>', () => '"><script>')).toBe(
      '<img src="&quot;&gt;&lt;script&gt;">',
    );
    expect(rewriteCss('url(a) url("b") url(\'c\')', () => 'x") y\') z')).toBe(
      'url(x%22%29%20y%27%29%20z) url("x%22) y\') z") url(\'x") y%27) z\')',
    );
  });

  it.each([
    ['tags without end', '<img src="a" '],
    ['quotes without end', '<img src="'],
    ['style sheets without end', '<style>'],
    ['comments without end', '<!--'],
    ['addresses without end', '<p style="x:url(\''],
    ['heads', '<head '],
  ])('are found in time that grows with the page: %s', (_, piece) => {
    expectLinear((size) => {
      rewriteHtml(piece.repeat(size), () => undefined);
      rewriteCss('url("'.repeat(size), () => undefined);
    }, 5000);
  });
});
