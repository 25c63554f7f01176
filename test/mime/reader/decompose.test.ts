import { describe, expect, test } from 'vitest';
import { decompose, parseEntity } from '../../../src/mime/index.ts';
import { octets } from './eml.ts';

/** A tree in short: a leaf is a name, a type, and what its fields say; a multipart its subtype and its parts. */
type Tree = string | readonly [string, ...Tree[]];

let boundaries = 0;

function write(tree: Tree): string {
  if (typeof tree !== 'string') {
    const [subtype, ...parts] = tree;
    const boundary = `b${boundaries++}`;
    const body = parts.map((part) => `--${boundary}\n${write(part)}\n`).join('');
    return `Content-Type: multipart/${subtype}; boundary=${boundary}\n\n${body}--${boundary}--`;
  }
  const [name = '', type = '', ...marks] = tree.split(' ');
  const disposition = marks.includes('attachment') ? '\nContent-Disposition: attachment' : '';
  const filename = marks.includes('named') ? `; name=${name}` : '';
  return `Content-Type: ${type}${filename}${disposition}\n\n${name}`;
}

function sorted(tree: Tree): Record<string, string> {
  const lists = decompose(parseEntity(octets(write(tree))));
  const names = (list: typeof lists.text): string => list.map((part) => part.text()).join(' ');
  return {
    text: names(lists.text),
    html: names(lists.html),
    attachments: names(lists.attachments),
  };
}

describe('RFC 8621 section 4.1.4', () => {
  test('its example: a mailing list around a message with alternatives, images and attachments', () => {
    const tree: Tree = [
      'mixed',
      'A text/plain',
      [
        'mixed',
        [
          'alternative',
          ['mixed', 'B text/plain', 'C image/jpeg', 'D text/plain'],
          ['related', 'E text/html', 'F image/jpeg'],
        ],
        'G image/jpeg attachment',
        'H application/x-excel',
        'J message/rfc822',
      ],
      'K text/plain',
    ];
    expect(sorted(tree)).toEqual({
      text: 'A B C D K',
      html: 'A E K',
      attachments: 'C F G H J',
    });
  });

  test.each<[string, Tree, Record<string, string>]>([
    ['text alone', 'T text/plain', { text: 'T', html: 'T', attachments: '' }],
    ['html alone', 'H text/html', { text: 'H', html: 'H', attachments: '' }],
    ['a file alone', 'F application/pdf', { text: '', html: '', attachments: 'F' }],
    [
      'both',
      ['alternative', 'T text/plain', 'H text/html'],
      { text: 'T', html: 'H', attachments: '' },
    ],
    [
      'an alternative of one',
      ['alternative', 'H text/html'],
      { text: 'H', html: 'H', attachments: '' },
    ],
    [
      'an alternative with a calendar',
      ['alternative', 'T text/plain', 'H text/html', 'C text/calendar'],
      { text: 'T', html: 'H', attachments: 'C' },
    ],
    [
      'related images',
      ['related', 'H text/html', 'I image/png'],
      { text: 'H', html: 'H', attachments: 'I' },
    ],
    [
      'inline media',
      ['mixed', 'T text/plain', 'I image/png', 'V video/mp4 attachment'],
      { text: 'T I', html: 'T I', attachments: 'V' },
    ],
    [
      'a named text part is a file, unless it is first',
      ['mixed', 'T text/plain named', 'U text/plain named', 'V text/plain'],
      { text: 'T V', html: 'T V', attachments: 'U' },
    ],
    [
      'a delivery report',
      ['report', 'T text/plain', 'S message/delivery-status', 'M message/rfc822'],
      { text: 'T', html: 'T', attachments: 'S M' },
    ],
    [
      'an alternative in an alternative',
      ['alternative', ['alternative', 'T text/plain'], 'H text/html'],
      { text: 'T', html: 'T H', attachments: '' },
    ],
    [
      'an alternative of html behind text that is one of two versions',
      ['alternative', ['mixed', 'T text/plain', ['alternative', 'U text/plain', 'H text/html']]],
      { text: 'T U', html: 'T U', attachments: 'H' },
    ],
    ['a multipart in which no part was found', ['mixed'], { text: '', html: '', attachments: '' }],
  ])('%s', (_name, tree, lists) => {
    const { attachments, ...bodies } = sorted(tree);
    expect({ ...bodies, attachments: attachments?.replace(/^--b\d+--$/, '') }).toEqual(lists);
  });
});
