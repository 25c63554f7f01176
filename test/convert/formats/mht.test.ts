// Web archives: of browsers, of Word, of our own.
import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { convert } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';
import { essence, fullMessage, pixel, stored, temporaryFolder } from './kit.ts';

const { put } = temporaryFolder();

const lines = (...text: string[]): Buffer => Buffer.from(text.join('\r\n'));

const browser = lines(
  'From: <Saved by Blink>',
  'Snapshot-Content-Location: https://example.com/dir/page.html',
  'Subject: A page',
  'Date: Mon, 17 Dec 2018 11:14:59 -0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/related; type="text/html"; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  'Content-ID: <frame-1@mhtml.blink>',
  'Content-Location: https://example.com/dir/page.html',
  '',
  '<html><meta charset="utf-8"><link rel="stylesheet" href="cid:css-1@mhtml.blink"><img src="/logo.png"><img src="pic.gif#x">' +
    '<img src="https://elsewhere.test/none.png"><iframe src="cid:frame-2@mhtml.blink"></iframe>é',
  '--b',
  'Content-Type: text/css; charset=utf-8',
  'Content-Location: cid:css-1@mhtml.blink',
  'Content-ID: <css-1@mhtml.blink>',
  '',
  'p{background:url("https://example.com/back.png")}',
  '--b',
  'Content-Type: image/png',
  'Content-Transfer-Encoding: base64',
  'Content-Location: https://example.com/logo.png',
  '',
  pixel.toString('base64'),
  '--b',
  'Content-Type: image/gif',
  'Content-Location: https://example.com/dir/pic.gif',
  '',
  'GIF',
  '--b',
  'Content-Type: image/png',
  'Content-Location: https://example.com/back.png',
  '',
  'BACK',
  '--b',
  'Content-Type: text/html',
  'Content-ID: <frame-2@mhtml.blink>',
  'Content-Location: https://example.com/frame.html',
  '',
  '<p>frame',
  '--b--',
  '',
);

describe('an archive of a browser', () => {
  it('is its page with what belongs to it', async () => {
    const mail = await MailMessage.load(browser);
    expect(mail.subject).toBe('A page');
    expect(mail.from).toEqual([]);
    expect(mail.headers.has('Message-ID')).toBe(false);
    expect(mail.html?.trimEnd()).toBe(
      '<html><meta charset="utf-8"><link rel="stylesheet" href="cid:css-1@mhtml.blink"><img src="cid:3@archive"><img src="cid:4@archive">' +
        '<img src="https://elsewhere.test/none.png"><iframe src="cid:frame-2@mhtml.blink"></iframe>é',
    );
    const named = Object.fromEntries(mail.attachments.map((part) => [part.cid, part]));
    expect(named['3@archive']?.filename).toBe('logo.png');
    expect(Buffer.from((await named['3@archive']?.bytes()) ?? [])).toEqual(pixel);
    expect(named['4@archive']?.filename).toBe('pic.gif');
    expect(Buffer.from((await named['css-1@mhtml.blink']?.bytes()) ?? []).toString()).toBe(
      'p{background:url("cid:2@archive")}',
    );
    expect(Buffer.from((await named['2@archive']?.bytes()) ?? []).toString()).toBe('BACK');
    // A frame is kept, and left to who reads it.
    expect(named['frame-2@mhtml.blink']).toMatchObject({
      contentType: 'text/html',
      filename: 'frame.html',
      disposition: 'attachment',
    });
  });

  it('of Word has its places on a disk', async () => {
    const mail = await MailMessage.load(
      lines(
        'MIME-Version: 1.0',
        'Content-Type: multipart/related; boundary=b',
        '',
        'This document is a web archive.',
        '--b',
        'Content-Location: file:///C:/1/doc.htm',
        'Content-Type: text/html; charset="windows-1252"',
        '',
        '<v:imagedata src="doc_files/image001.png"/><base href="file:///C:/1/"><img src="doc_files/image001.png">',
        '--b',
        'Content-Location: file:///C:/1/doc_files/image001.png',
        'Content-Type: image/png',
        '',
        'PNG',
        '--b--',
      ),
    );
    expect(mail.html).toContain('<v:imagedata src="cid:1@archive"/>');
    expect(mail.html).toContain('<img src="cid:1@archive">');
    expect(mail.linkedResources.map(({ filename }) => filename)).toEqual(['image001.png']);
  });

  it('is told from mail by its name, where it is both', async () => {
    const both = lines(
      'Received: x',
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<img src="http://a.test/x.png">',
      '--b',
      'Content-Type: image/png',
      'Content-Location: http://a.test/x.png',
      '',
      'PNG',
      '--b--',
    );
    expect((await MailMessage.load(put('a.eml', both))).html).toContain('http://a.test/x.png');
    expect((await MailMessage.load(put('a.mhtml', both))).html).toContain('cid:1@archive');
  });

  it('of which a part is broken is read as far as it goes', async () => {
    const mail = await MailMessage.load(
      lines('From: <Saved by Blink>', 'Content-Type: multipart/related', '', '--b', '', '<p>x'),
    );
    expect(mail.html).toBeUndefined();
    expect(mail.problems.map(({ code }) => code)).toContain('boundary-missing');
  });
});

describe('a message as an archive', () => {
  it('begins with its page, so that browsers open it', async () => {
    const text = Buffer.from(await fullMessage().toBytes('mht')).toString('latin1');
    expect(text).toMatch(
      /^Snapshot-Content-Location: thismessage:\/\r\nMIME-Version: 1\.0\r\nFrom: /,
    );
    expect(text).toContain('\r\nX-Campaign: 42\r\n');
    const first = /\r\n\r\n--[^\r\n]+\r\n([\s\S]*?)\r\n\r\n/.exec(text)?.[1];
    expect(first).toBe(
      'Content-Type: text/html; charset=utf-8\r\nContent-Location: thismessage:/body.html',
    );
  });

  it('comes back as it was', async () => {
    const mail = await stored(fullMessage());
    const back = await MailMessage.load(await mail.toBytes('mht'));
    expect(await essence(back)).toEqual(await essence(mail));
    expect(back.headers.get('X-Campaign')).toBe('42');
    expect(back.alternateViews.map(({ contentType }) => contentType)).toEqual(['text/calendar']);
    expect(back.linkedResources.map(({ cid }) => cid)).toEqual(['logo']);
    expect(back.problems).toEqual([]);
  });

  it('keeps every field that it came with, and the one of a web archive once', async () => {
    const mail = MailMessage.parse(
      Buffer.from(
        'Received: a\r\nFrom: a@b.test\r\nX-8: \xc3\xa9\r\nSubject: x\r\n y\r\n\r\nbody',
        'latin1',
      ),
    );
    const once = await MailMessage.load(await mail.toBytes('mht'));
    const twice = await MailMessage.load(await once.toBytes('mht'));
    expect(Buffer.from(await twice.toBytes()).toString('latin1')).toMatch(
      /^Received: a\r\nFrom: a@b\.test\r\nX-8: Ã©\r\nSubject: x\r\n y\r\nMIME-Version: 1\.0\r\n/,
    );
    expect(twice.text?.trimEnd()).toBe('body');
    expect(twice.html).toBeUndefined();
  });

  it('with attached messages has them whole', async () => {
    const mail = await stored(
      new MailMessage({
        html: 'x',
        attachments: [new MailMessage({ subject: 'inner', text: 'ä' })],
      }),
    );
    const back = await MailMessage.load(await mail.toBytes('mht'));
    expect(back.attachments[0]?.message?.subject).toBe('inner');
  });

  it('has a table of who and when above it, when that is wanted', async () => {
    const { bytes, losses } = await convert(await fullMessage().toBytes(), undefined, {
      to: 'mht',
      headerTable: true,
    });
    const html = (await MailMessage.load(bytes ?? new Uint8Array())).html ?? '';
    expect(html).toMatch(/^<table .*From:<\/th><td>Ann Übler &lt;ann@example\.com&gt;<\/td>/);
    expect(losses).toEqual([]);
  });

  it('says that a signature does not hold', async () => {
    const signed = lines(
      'Content-Type: multipart/signed; boundary=b; micalg=sha-256; protocol="application/pkcs7-signature"',
      '',
      '--b',
      '',
      'text',
      '--b',
      'Content-Type: application/pkcs7-signature; name=smime.p7s',
      '',
      'x',
      '--b--',
    );
    const { losses } = await convert(signed, undefined, { to: 'mht', from: 'eml' });
    expect(losses).toEqual([
      {
        code: 'signature-lost',
        message: 'The message is signed or encrypted as it was; its parts are written anew',
      },
    ]);
  });
});
