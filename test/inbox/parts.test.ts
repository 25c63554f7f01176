import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { downloadAs } from '../../src/inbox/http/content-disposition.ts';
import { htmlWords, snippetOf } from '../../src/inbox/snippet.ts';
import { cpuMs } from '../support/cpu-time.ts';

describe('Content-Disposition of a download', () => {
  test.each([
    ['report.pdf', `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
    ['../../etc/passwd', `attachment; filename="_.._etc_passwd"; filename*=UTF-8''_.._etc_passwd`],
    ['C:\\x.exe', `attachment; filename="C__x.exe"; filename*=UTF-8''C__x.exe`],
    ['a"; x="b', `attachment; filename="a_; x=_b"; filename*=UTF-8''a_%3B%20x%3D_b`],
    [
      'x\r\nSet-Cookie: a',
      `attachment; filename="x__Set-Cookie_ a"; filename*=UTF-8''x__Set-Cookie_%20a`,
    ],
    ['gpj.\u202eexe', `attachment; filename="gpj._exe"; filename*=UTF-8''gpj._exe`],
    [
      "it's (1)*.txt",
      `attachment; filename="it's (1)_.txt"; filename*=UTF-8''it%27s%20%281%29_.txt`,
    ],
    ['100%.txt', `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
    ['...', `attachment; filename="attachment"; filename*=UTF-8''attachment`],
    ['\ud800', `attachment; filename="_"; filename*=UTF-8''_`],
  ])('%j', (name, header) => {
    expect(downloadAs(name)).toBe(header);
  });

  test('a long name keeps its end', () => {
    const header = downloadAs(`${'あ'.repeat(400)}.pdf`);
    const name = decodeURIComponent(header.split("UTF-8''")[1] ?? '');
    expect(Array.from(name)).toHaveLength(200);
    expect(name).toMatch(/^あ+…あ+\.pdf$/);
  });

  test('any name gives a header that Node takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(downloadAs(name)).toMatch(
          /^attachment; filename="[ -~]+"; filename\*=UTF-8''[!-~]+$/,
        );
        expect(downloadAs(name).match(/"/g)).toHaveLength(2);
      }),
    );
  });
});

describe('the first words', () => {
  test('of text', () => {
    expect(snippetOf('\n  Hello,\r\n\tBob \u00a0 !', undefined)).toBe('Hello, Bob !');
  });

  test('of HTML when there is no text', () => {
    const html =
      '<head><title>No</title><style>p{}</style></head><body><STYLE>b{}</STYLE><p>Tom &amp; &lt;Jerry&gt;</p>' +
      `<div>${'&nbsp;&zwnj;'.repeat(50)}</div><script>no()</script>end`;
    expect(snippetOf(' \n', html)).toBe('Tom & <Jerry> end');
  });

  test('keeps signs that are joined, and is short', () => {
    const family = '👨‍👩‍👧 می‌خواهم';
    expect(snippetOf(family, undefined)).toBe(family);
    expect(Array.from(snippetOf('a'.repeat(1000), undefined))).toHaveLength(181);
  });

  test.each(['<', '<style>', '<!--', '&', '<style></style'])(
    '%s in a row costs linear time',
    (piece) => {
      const time = (n: number): number => {
        const html = piece.repeat(n);
        return cpuMs(() => htmlWords(html));
      };
      time(1000);
      expect(time(40_000)).toBeLessThan(1500);
    },
  );
});
