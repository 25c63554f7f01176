import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlFromRtf, textFromRtf } from '../../../src/mapi/rtf/read-rtf.ts';
import { rtfFromHtml } from '../../../src/mapi/rtf/rtf-from-html.ts';
import { rtfFromText } from '../../../src/mapi/rtf/rtf-from-text.ts';
import { rtfKind } from '../../../src/mapi/rtf/rtf-kind.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const crlf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const PAGE = `<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>T &amp; x</title>
<style type="text/css"><!-- p { color: red } --></style><!-- a comment --><!--[if mso]><b>x</b><![endif]-->
<script>if (a < b && c) { x = "</p>" }</script></head>
<body bgcolor="#fff">
<p class="a">日本語 😀 é\u00a0x &nbsp;&eacute;&#8364;&#x1F600;&bogus; a < b > c & d \\ { }</p>
<ul><li>one<li>two</ul>
<a href="http://x.example/?a=1&amp;b=2">lin<b>k</a>more</b> text\twith a tab
<pre>a\tb
  c</pre><img alt="a > b"><br><table><tr><td>1</td><td>2</td></tr></table>
</body></html>
`;

describe('HTML to RTF and back', () => {
  test('a page with everything', () => {
    const rtf = rtfFromHtml(PAGE);
    expect(rtfKind(rtf)).toBe('html');
    expect(htmlFromRtf(rtf)).toBe(crlf(PAGE));
    expect(latin1(rtf)).toMatch(/^[\r\n\x20-\x7e]*$/);
  });

  test('what a reader of RTF shows', () => {
    expect(textFromRtf(rtfFromHtml(PAGE))).toBe(
      crlf(`日本語 😀 é\u00a0x \u00a0é€😀&bogus; a < b > c & d \\ { }

\u2022\tone
\u2022\ttwo

link <http://x.example/?a=1&b=2>more text with a tab 
a\tb
  c


1\t2\t
`),
    );
  });

  test('the numbers are those that Outlook writes', () => {
    const rtf = latin1(
      rtfFromHtml(
        '<html><head><meta x></head><body><p>a<b>b</b><br></p><div><span>c</span></div><pre>d</pre></body></html>',
      ),
    );
    const numbers = [...rtf.matchAll(/htmltag(\d+) (<[^>]*>)/g)].map(([, n, tag]) => `${n} ${tag}`);
    expect(numbers).toEqual([
      '19 <html>',
      '34 <head>',
      '161 <meta x>',
      '41 </head>',
      '50 <body>',
      '64 <p>',
      '84 <b>',
      '92 </b>',
      '116 <br>',
      '76 </p>',
      '96 <div>',
      '148 <span>',
      '156 </span>',
      '104 </div>',
      '128 <pre>',
      '136 </pre>',
      '58 </body>',
      '27 </html>',
    ]);
    expect(rtf.indexOf('{\\*\\htmltag64}')).toBeLessThan(
      rtf.indexOf('}a') < 0 ? rtf.indexOf('a\\') : rtf.indexOf('}a'),
    );
  });

  test.each([
    ['no HTML', 'just text'],
    ['nothing', ''],
    ['a tag without end', '<p>a <b class="x'],
    ['quotes without end', '<a title="x>b</a> c > d'],
    ['a script without end', '<script>if (a) {'],
    ['a comment without end', '<!-- a > b'],
    ['text outside of the body', 'a<html>b<head>c</head>d<body>e</body>f</html>g'],
    ['closed more often than opened', '</b></a></p></body></html></b>'],
    ['links in links', '<a href="http://a">1<a href="http://b">2<b>3</a>4</b></a>'],
    ['lone surrogates and controls', 'a\ud800b\udc00\0\x01\x7f\x80\ufffe\t\v'],
  ])('%s', (_name, html) => {
    expect(htmlFromRtf(rtfFromHtml(html))).toBe(crlf(html));
  });

  test('any HTML', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...'<p> </p> <b> </b> <a href="http://x"> </a> <a href="x y"> <li> <td> </td> <pre> </pre> <br> <!-- --> <style> </style> <script> </script> <html> <head> </head> <body> </body> &nbsp; &amp; & < > " \' \\ { } \\par {\\*\\htmltag64 \\htmlrtf'.split(
          ' ',
        ),
        ' ',
        '\r\n',
        '\n',
        '\r',
        '\t',
        '日',
        '😀',
        '\u00a0',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = pieces.join('');
        const rtf = rtfFromHtml(html);
        textFromRtf(rtf);
        expect(htmlFromRtf(rtf)).toBe(crlf(html));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    '<',
    '<a "',
    '<a ">" ',
    '<b>',
    '&',
    '<!--',
    '<script>',
    '<a href="http://x">',
    '\n',
    '<p ',
  ])('%s without end is written in linear time', (unit) => {
    expect(cpuMs(() => rtfFromHtml(unit.repeat(100_000 / unit.length)))).toBeLessThan(2000);
  });
});

describe('text to RTF and back', () => {
  test('lines, tabs, every script', () => {
    const text = 'Hello {world} \\ <b> & 日本 😀\n\n\tindented\r\nlast';
    const rtf = rtfFromText(text);
    expect(rtfKind(rtf)).toBe('text');
    expect(textFromRtf(rtf)).toBe(crlf(text));
  });

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(textFromRtf(rtfFromText(text))).toBe(crlf(text));
      }),
      { numRuns: 100 },
    );
  });
});
