import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownElements, voidElements } from '../../src/message/html/html-elements.data.ts';
import { safeHtml } from '../../src/message/html/safe-html.ts';

describe('HTML for the inside of other HTML', () => {
  it.each([
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    ['<ul><li>a<li>b</ul>c</div></td></body>', '<ul><li>a</li><li>b</li></ul>c'],
    ['<table><tr><td>a</table></td></div>b', '<table><tr><td>a</td></tr></table>b'],
    [
      '<div><table><tr><td></div>x</td></tr></table>',
      '<div><table><tr><td>x</td></tr></table></div>',
    ],
    ['<B CLASS=x Title="a\'b">c</b >', '<b class="x" title="a\'b">c</b>'],
    ['<img src="cid:a" alt=\'"\' onerror=x>', '<img src="cid:a" alt="&quot;">'],
    [
      '<a href="https://x.example/?a=1&amp;b=2">x</a>',
      '<a href="https://x.example/?a=1&amp;b=2">x</a>',
    ],
    ['<img src=" javascript:x"><img src="java\nscript:x">', '<img><img>'],
    ['<a href="&#x6A;avascript:x">', '<a></a>'],
    ['<a href="javascript&colon;x">', '<a></a>'],
    ['<a href="data:text/html,x">', '<a></a>'],
    ['<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'],
    ['<a href="page.html#x:y">', '<a href="page.html#x:y"></a>'],
    ['<p style="color:red">', '<p style="color:red"></p>'],
    ['<p style="position : fixed">', '<p></p>'],
    ['<p style="background:url(java\\73 cript:x)">', '<p></p>'],
    ['<script>if (a < b) "</p>"</script>x', 'x'],
    ['<SCRIPT>x</scripty></SCRIPT >y', 'y'],
    ['<style><!-- p{} --></style><!-- <b> -->x<!doctype html><?php ?>', 'x'],
    ['<form action=x><input value=a>Text<button>b</button></form>', 'Textb'],
    ['<svg><script>x</script><a xlink:href="javascript:x">y</a></svg>', '<a>y</a>'],
    ['1 < 2 <3 </3> <', '1 &lt; 2 &lt;3  &lt;'],
    ['<body dir=rtl><p>x', '<div dir="rtl"><p>x</p></div>'],
    ['<p title="', ''],
    ['<plaintext>a<b>c', 'a<b>c</b>'],
    ['<br/><hr /></br>', '<br><hr>'],
  ])('%s', (html, expected) => {
    expect(safeHtml(html)).toBe(expected);
  });

  const piece = fc.constantFrom(
    ...[
      '<',
      '>',
      '"',
      "'",
      '=',
      '/',
      ' ',
      '\n',
      '&',
      ';',
      '#',
      '-',
      '!',
      '?',
      'a',
      'x:',
      'javascript:',
      'on',
      '\0',
    ],
    ...[
      '<div',
      '<p>',
      '</p>',
      '<td>',
      '</div>',
      '<table>',
      '</table>',
      '<script>',
      '</script>',
      '<!--',
      '-->',
    ],
    ...[
      '<a href=',
      '<img src=',
      ' style="',
      ' onclick=',
      '<b>',
      '</b>',
      '<li>',
      '<style>',
      '<body>',
      '</body>',
    ],
  );

  it('whatever it is: known elements, closed, without anything that runs', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const safe = safeHtml(pieces.join(''));
        const open: string[] = [];
        const rest = safe.replace(
          /<(\/?)([a-z0-9]+)((?: [a-z][a-z0-9._-]*="[^"<]*")*)>/g,
          (_, isEnd: string, name: string, attributes: string) => {
            expect(knownElements.has(name), name).toBe(true);
            if (isEnd !== '') expect(open.pop()).toBe(name);
            else if (!voidElements.has(name)) open.push(name);
            for (const [, attribute, value] of attributes.matchAll(/ ([^=]+)="([^"]*)"/g)) {
              expect(attribute).not.toMatch(/^on/);
              expect(value).not.toMatch(/^[\s\0]*javascript:/);
            }
            return '';
          },
        );
        expect(rest).not.toContain('<');
        expect(open).toEqual([]);
        const again = safeHtml(safe);
        expect(safeHtml(again)).toBe(again);
      }),
      { numRuns: 300 },
    );
  });
});
