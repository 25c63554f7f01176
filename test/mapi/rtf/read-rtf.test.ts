import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError } from '../../../src/base/index.ts';
import { htmlFromRtf, textFromRtf } from '../../../src/mapi/rtf/read-rtf.ts';
import { rtfKind } from '../../../src/mapi/rtf/rtf-kind.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const html = (body: string, head = ''): string =>
  htmlFromRtf(ascii(`{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0${head}\\uc1\\pard ${body}}`));
const text = (body: string, head = ''): string =>
  textFromRtf(ascii(`{\\rtf1\\ansi\\ansicpg1252\\deff0${head}\\uc1 ${body}}`));

const FONTS =
  '{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fnil\\fcharset128 MS Gothic;}{\\f2\\fcharset204{\\*\\falt Arial}Cyr;}' +
  '{\\f3\\fnil\\fcharset2 Symbol;}{\\f4\\fnil\\fcharset136 MingLiU;}{\\f5\\cpg1253 Greek;}}';

describe('what kind of RTF it is', () => {
  test.each([
    ['{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 x}', 'html'],
    ['{\\rtf1\\ansi\\fbidis\\ansicpg932\\deff0\\fromtext x}', 'text'],
    ['{\\rtf1\\ansi x}', 'rtf'],
    ['{\\rtf1\\ansi\\fromhtml0 x}', 'rtf'],
    ['{\\rtf1\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\fromhtml1 x}', 'rtf'],
    ['', 'rtf'],
  ])('%s', (rtf, kind) => {
    expect(rtfKind(ascii(rtf))).toBe(kind);
  });
});

describe('HTML in RTF', () => {
  test('tags, text once, nothing of what RTF needs', () => {
    expect(
      html(
        '{\\*\\htmltag64}{\\*\\htmltag64 <p>}\\htmlrtf {\\b\\htmlrtf0 Note\\htmlrtf\\par}\\htmlrtf0 \r\n{\\*\\htmltag72 </p>}{\\*\\mhtmltag84 <img src="cid:x">}',
      ),
    ).toBe('<p>Note</p>');
  });

  test('\\htmlrtf holds for its group', () => {
    expect(html('a{\\htmlrtf b}c\\htmlrtf d{\\htmlrtf0 e}f\\htmlrtf0 g')).toBe('aceg');
  });

  test('characters by their words', () => {
    expect(
      html(
        '{\\*\\htmltag84 <a\\tab b>}\\lquote\\rquote\\ldblquote\\rdblquote\\bullet\\endash\\emdash\\~\\_\\par\\line\\tab',
      ),
    ).toBe('<a\tb>&lsquo;&rsquo;&ldquo;&rdquo;&bull;&ndash;&mdash;&nbsp;&shy;\r\n\r\n\t');
  });

  test('text is no markup, escaped characters are themselves', () => {
    expect(html('1 < 2 & \\{3\\} \\\\ {\\*\\htmltag84 &amp;}')).toBe('1 &lt; 2 &amp; {3} \\ &amp;');
  });

  test('the code page of the font; in tags that of the document', () => {
    expect(
      html("\\f1 \\'93\\'fa\\'96{\\'7b}\\f2 \\'cf\\f0 \\'e9{\\*\\htmltag84\\f2 <\\'e9>}", FONTS),
    ).toBe('日\ufffd{П\u00e9<é>'.replace('\ufffd{', '\ufffd{'));
  });

  test("a character of two octets may be two \\'xx, or one and a letter", () => {
    expect(html("\\f1 \\'93\\'fa\\'96\\'7b\\'83A{\\f4 \\'a4\\'a4}\\f1\\'8c\\'ea", FONTS)).toBe(
      '日本ア中語',
    );
  });

  test('fonts go back with their group, \\plain takes the first one', () => {
    expect(html("\\f2{\\f5\\'e1}\\'e1\\plain\\'e1", FONTS)).toBe('αбá');
  });

  test('the document in UTF-8, as some programs write', () => {
    const rtf =
      "{\\rtf1\\ansi\\ansicpg65001\\fromhtml1\\deff0{\\fonttbl{\\f0\\fcharset0 A;}}\\f0 \\'e6\\'97\\'a5{\\*\\htmltag84 <\\'c3\\'a9>}}";
    expect(htmlFromRtf(ascii(rtf))).toBe('日<é>');
  });

  test('\\uN with what stands behind it for older readers', () => {
    expect(
      html(
        "\\u8364?\\u-10179?\\u-8704?\\uc0\\u233 x\\uc2\\u26085\\'93\\'fay\\u233 ab{\\uc1\\u233 ?}z",
      ),
    ).toBe('€😀éx日yéézz'.replace('zz', 'z'));
    expect(html('\\u233\\par x{\\u233}y')).toBe('éxéy');
  });

  test('lists, unknown destinations and binary data are left out', () => {
    expect(
      html(
        "a{\\pntext\\f3\\'b7\\tab}b{\\*\\unknown c{\\b d}}e{\\pict\\bin5 }}}}}f}g{\\listtext 1.\\tab}{\\info{\\title h}}",
      ),
    ).toBe('abeg');
  });
});

describe('text in RTF', () => {
  test('lines and characters', () => {
    const rtf =
      "{\\rtf1\\ansi\\ansicpg1251\\fromtext \\deff0{\\fonttbl{\\f0\\fswiss\\fcharset204 A;}}\\f0 a < b\\par \\'ef\\tab \\lquote x\\rquote\\~}";
    expect(textFromRtf(ascii(rtf))).toBe('a < b\r\nп\t\u2018x\u2019\u00a0');
  });
});

describe('RTF that somebody wrote', () => {
  test('paragraphs and styles', () => {
    const rtf =
      '\\b bold\\b0  {\\i it\\ul both}\\plain\\par{\\strike s}H{\\sub 2}O{\\v gone}\\line next\\par';
    expect(text(rtf)).toBe('bold itboth\r\nsH2O\r\nnext\r\n');
    expect(htmlFromRtf(ascii(`{\\rtf1\\ansi ${rtf}}`))).toContain(
      '<p><b>bold</b> <i>it</i><u><i>both</i></u></p>\r\n<p><s>s</s>H<sub>2</sub>O<br>\r\nnext</p>',
    );
  });

  test('lists as text', () => {
    expect(text("{\\listtext\\f3\\'b7\\tab}one\\par{\\pntext\\f0 2.\\tab}two\\par", FONTS)).toBe(
      '\u2022\tone\r\n2.\ttwo\r\n',
    );
  });

  test('tables', () => {
    const rtf =
      'before\\par\\trowd\\cellx1\\cellx2\\pard\\intbl a\\par b\\cell c\\cell\\row\\trowd\\intbl d\\cell {\\b e}\\cell\\row\\pard after\\par';
    expect(text(rtf)).toBe('before\r\na\r\nb\tc\r\nd\te\r\nafter\r\n');
    expect(htmlFromRtf(ascii(`{\\rtf1 ${rtf}}`))).toContain(
      '<p>before</p>\r\n<table border="1">\r\n<tr><td>a<br>\r\nb</td><td>c</td></tr>\r\n<tr><td>d</td><td><b>e</b></td></tr>\r\n</table>\r\n<p>after</p>',
    );
  });

  test('links with their address, but no address that runs a program', () => {
    const field = (address: string, shown: string): string =>
      `{\\field{\\*\\fldinst{HYPERLINK "${address}"}}{\\fldrslt{\\ul ${shown}}}}`;
    expect(
      text(
        `${field('https://a.example/?x=1', 'here')} and ${field('mailto:b@c.example', 'b@c.example')}.`,
      ),
    ).toBe('here <https://a.example/?x=1> and b@c.example.\r\n');
    const rtf = `{\\rtf1 ${field('https://a.example/?x=1&y', 'h<b')}${field('javascript:alert(1)', 'no')}}`;
    expect(htmlFromRtf(ascii(rtf))).toContain(
      '<p><a href="https://a.example/?x=1&amp;y"><u>h&lt;b</u></a><u>no</u></p>',
    );
  });

  test('pictures are named', () => {
    expect(text('a {\\*\\shppict{\\pict\\pngblip 89504e47}}{\\nonshppict{\\pict 00}} b')).toBe(
      'a [image] b\r\n',
    );
  });

  test('symbols', () => {
    expect(text("\\'80\\emdash\\~x\\-y\\_z{\\field{\\*\\fldinst PAGE}{\\fldrslt 3}}")).toBe(
      '€—\u00a0xy\u2011z3\r\n',
    );
  });

  test('HTML in RTF shows as text what a reader of RTF shows', () => {
    const rtf =
      '{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\b\\htmlrtf0 Note\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag72 </p>}}';
    expect(textFromRtf(ascii(rtf))).toBe('Note\r\n');
  });
});

describe('hostile RTF', () => {
  test('groups without end are refused', () => {
    const deep = ascii(`{\\rtf1\\fromhtml1 ${'{'.repeat(100_000)}`);
    expect(() => htmlFromRtf(deep)).toThrow(LimitError);
    expect(() => textFromRtf(deep)).toThrow(
      "The nesting of groups of an RTF text is over the limit 'rtfDepth' of 5000",
    );
  });

  test.each([
    ['brackets', '{}'],
    ['closing brackets', '}'],
    ['words', '\\u1 '],
    ['long words', '\\aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa99999999999999999999'],
    ['octets', "\\'93"],
    ['half octets', "\\'9z"],
    ['skipped', '{\\*\\x{\\b'.replace('{\\b', '}')],
    ['fonts', '\\f1\\fcharset128'],
    ['fields', '{\\field{\\*\\fldinst HYPERLINK "http://x"}}'],
    ['cells', '\\cell'],
    ['toggles', '\\b a\\b0 b'],
    ['pictures', '{\\pict}'],
  ])('%s without end are read in linear time', (_name, unit) => {
    const rtf = ascii(`{\\rtf1 ${unit.repeat(300_000 / unit.length)}`);
    expect(cpuMs(() => [textFromRtf(rtf), htmlFromRtf(rtf)])).toBeLessThan(2000);
  });

  test('any octets and any words are read', () => {
    const word = fc.constantFrom(
      ..."{ } \\ \\par \\htmlrtf \\htmlrtf0 {\\*\\htmltag64 {\\field {\\*\\fldinst {\\fldrslt \\u-5 \\uc \\uc3 \\bin9 \\f1 \\cell \\row {\\fonttbl \\fcharset136 \\'a4 \\ansicpg65001 HYPERLINK \\intbl {\\pntext \\* \x80".split(
        ' ',
      ),
    );
    const rtf = fc.oneof(
      fc.array(word, { maxLength: 200 }).map((words) => words.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(rtf, fc.constantFrom('\\fromhtml1 ', '\\fromtext ', ''), (body, from) => {
        const bytes = ascii(`{\\rtf1\\ansi${from}${body}`);
        return typeof htmlFromRtf(bytes) === 'string' && typeof textFromRtf(bytes) === 'string';
      }),
      { numRuns: 300 },
    );
  });
});
