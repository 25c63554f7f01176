import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../support/cpu-time.ts';
import { people, reread, shapeOf } from './kit.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('data: URLs become linked resources when asked', () => {
  it('once for the same picture', async () => {
    const html = `<img src="data:image/png;base64,${pixel}"><p style='background: url(data:image/png;base64,${pixel})'><img src='data:image/svg+xml;charset=utf-8,%3Csvg%20xmlns=%22x%22/%3E'><img src=data:image/gif;base64,R0lGODlhAQABAAAAACw= alt=x>`;
    const message = await reread({ html, text: 'hi', dataUrls: 'link' });
    expect(shapeOf(message.root)).toBe(
      'related(alternative(text/plain, text/html), image/png, image/svg+xml, image/gif)',
    );
    const cids = message.linkedResources.map(({ cid }) => cid);
    expect(message.html).toBe(
      `<img src="cid:${cids[0]}"><p style='background: url(cid:${cids[0]})'><img src='cid:${cids[1]}'><img src=cid:${cids[2]} alt=x>`,
    );
    expect(message.linkedResources.map(({ filename }) => filename)).toEqual([
      'image-1.png',
      'image-2.svg',
      'image-3.gif',
    ]);
    expect(Buffer.from(await message.attachments[0]!.bytes()).toString('base64')).toBe(pixel);
    expect(Buffer.from(await message.attachments[1]!.bytes()).toString()).toBe('<svg xmlns="x"/>');
  });

  it('beside those given', async () => {
    const logo = { cid: 'logo', content: 'x', contentType: 'image/png' };
    const html = `<img src="cid:logo"><img src="data:image/png;base64,${pixel}">`;
    const message = await reread({ html, linkedResources: [logo], dataUrls: 'link' });
    expect(message.linkedResources).toHaveLength(2);
  });

  it.each([
    'data:image/png;base64,abc',
    '<p>write "data:text/plain,hello" here</p>',
    '<a href="data:text/html,<script>">x</a>',
    '<img src="data:image/png;base64,%%%">',
    '<img src="data:image/png;base64,a&#98;c">',
    '<img src="data:image/png;base64,abc',
    '<img src="data:,x"><img src="data:image/png">',
    '<img src="cid:data:image/png">',
  ])('but never what is no picture in its place: %s', async (html) => {
    const message = await reread({ html: `${html} `, dataUrls: 'link' });
    expect(message.html?.trim()).toBe(html);
    expect(message.attachments).toEqual([]);
  });

  it('only when asked', async () => {
    const html = `<img src="data:image/png;base64,${pixel}">`;
    for (const dataUrls of [undefined, 'keep'] as const) {
      const message = await reread({ html, dataUrls });
      expect([message.html?.trim(), message.attachments.length]).toEqual([html, 0]);
    }
  });

  it('in time that grows with the HTML', async () => {
    const measure = async (html: string): Promise<number> => {
      const message = new MailMessage({ ...people, html, dataUrls: 'link' });
      return await cpuMsOf(() => message.render());
    };
    for (const piece of [
      '=data:image/x,',
      '"data:image/png;',
      '="data:image/png;base64,',
      "= '",
      '"        ',
      '(data:image/x,',
      '(data:image/x;base64,',
    ]) {
      await measure(piece.repeat(1000));
      expect(await measure(`${piece.repeat(60_000)})`), piece).toBeLessThan(1500);
    }
  });
});

describe('a text alternative is made from HTML when asked', () => {
  const html =
    '<h1>Hello</h1><p>Dear <b>Bob</b>,<br>see <a href="https://example.com/x">this</a>.<img src="cid:a" alt="logo"></p><ul><li>one<li>two</ul>';

  it('with links and lists, without pictures', async () => {
    const message = await reread({ html, textFromHtml: true });
    expect(message.text).toBe(
      'Hello\n\nDear Bob,\nsee this [https://example.com/x].\n\n * one\n * two',
    );
    expect(shapeOf(message.root)).toBe('alternative(text/plain, text/html)');
  });

  it('unless there is one, or nothing to make it from', async () => {
    expect((await reread({ html, text: 'mine', textFromHtml: true })).text).toBe('mine');
    expect((await reread({ text: 'mine', textFromHtml: true })).html).toBeUndefined();
    expect(shapeOf((await reread({ textFromHtml: true })).root)).toBe('text/plain');
  });

  it('only when the message is written', async () => {
    const message = new MailMessage({ ...people, html, textFromHtml: true });
    expect(message.text).toBeUndefined();
    expect(shapeOf(message.root)).toBe('alternative(text/plain, text/html)');
  });

  it.each<[string, string, string]>([
    [
      'cells are set off',
      '<table><tr><td>Name</td><td>Bob</td></tr><tr><td>City<td>Ulm</table>',
      'Name Bob\nCity Ulm',
    ],
    [
      'lists and definitions',
      '<ul><li>a<ul><li>b</ul></ul><dl><dt>x<dd>y</dl>',
      ' * a\n   * b\n\nx\ny',
    ],
    ['what is hidden is left out', '<div style="display: none">pre<b>view</div><p>Text', 'Text'],
    [
      'scripts, styles, comments',
      '<style>p{}</style><script>"</p>"</script><!-- <p> -->a<b>b</b> &lt;c&gt; 1 < 2',
      'ab <c> 1 < 2',
    ],
    [
      'quotes and lines',
      '<blockquote>q</blockquote><pre>a  b\n c</pre>x<br>y',
      '> q\n\na  b\n c\n\nx\ny',
    ],
    ['nothing', '<div', ''],
  ])('%s', async (_, source, expected) => {
    expect((await reread({ html: source, textFromHtml: true })).text).toBe(expected);
  });

  it('also of HTML that is meant to hurt, in time that grows with it', async () => {
    const measure = async (piece: string, octets: number): Promise<number> => {
      const message = new MailMessage({
        ...people,
        html: piece.repeat(octets / piece.length),
        textFromHtml: true,
      });
      return await cpuMsOf(() => message.render());
    };
    for (const piece of [
      '<div>',
      '<table><tr><td>',
      '<td>x',
      '<ul><li>',
      '&amp',
      '<b',
      '<',
      '<!--',
      '<p style="',
      '<pre>\n',
      '</div>',
    ]) {
      await measure(piece, 10_000);
      const [small, large] = [await measure(piece, 30_000), await measure(piece, 300_000)];
      // The square of ten times as much would be a hundred times as long.
      expect(large, piece).toBeLessThan(40 * small + 300);
    }
  });
});

describe('flowed text', () => {
  it('says so, and comes back as it was', async () => {
    const text = `${'A long paragraph of words that is wrapped for old readers. '.repeat(5).trim()}\n> quoted\n From the start\n-- \nAnn`;
    const message = await reread({ text, flowed: true });
    expect(message.root.contentType.parameters.get('format')).toBe('flowed');
    expect(message.text?.replace(/\n$/, '')).toBe(text);
    const plain = await reread({ text });
    expect(plain.root.contentType.parameters.has('format')).toBe(false);
    expect(plain.text?.replace(/\n$/, '')).toBe(text);
  });
});
