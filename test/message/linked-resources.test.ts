// Which parts of a message that was read its HTML refers to.
import { expect, it } from 'vitest';
import { MailMessage } from '../../src/index.ts';
import { expectLinear } from '../support/linear.ts';

function related(html: string, cids: readonly string[]): MailMessage {
  const pictures = cids.map(
    (cid) => `--o\r\nContent-Type: image/png\r\nContent-ID: <${cid}>\r\n\r\nx\r\n`,
  );
  return MailMessage.parse(
    `Content-Type: multipart/related; boundary=o\r\n\r\n--o\r\nContent-Type: text/html\r\n\r\n${html}\r\n${pictures.join('')}--o--\r\n`,
  );
}

it.each([
  [
    'in quotes of either kind',
    `<img src="cid:a@x"><img src='cid:b@x'>`,
    ['a@x', 'b@x'],
    ['a@x', 'b@x'],
  ],
  ['without quotes and in any case', '<img src=CID:a>', ['a'], ['a']],
  ['percent-encoded', '<img src="cid:a%40x">', ['a@x'], ['a@x']],
  ['with the field encoded as well', '<img src="cid:a%40x">', ['a%40x'], ['a%40x']],
  ['with a percent sign that encodes nothing', '<img src="cid:100%">', ['100%'], ['100%']],
  [
    'in a style',
    `<p style="background: url(&quot;cid:a&quot;), url(cid:b)">`,
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['with an ampersand', '<img src="cid:a&amp;b">', ['a&b'], ['a&b']],
  ['not the beginning of another', '<img src="cid:logo2">', ['logo', 'logo2'], ['logo2']],
  ['not text that only looks like it', '<p>logo acid:logo', ['logo'], []],
])('%s', (_, html, cids, found) => {
  expect(related(html, cids).linkedResources.map(({ cid }) => cid)).toEqual(found);
});

it('is found in time that grows with the message', () => {
  expectLinear((size) => {
    const cids = Array.from({ length: size / 4 }, (_, index) => `a${index}`);
    const message = related('cid:x '.repeat(size * 20), cids);
    expect(message.linkedResources).toEqual([]);
  }, 1000);
});
