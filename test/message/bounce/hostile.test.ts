import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/base/index.ts';
import { MailMessage } from '../../../src/message/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { prose } from './kit.ts';

const daemon = 'From: MAILER-DAEMON@mx.example.org\r\nSubject: failure notice\r\n\r\n';
const report =
  'Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n';

/** Milliseconds of the processor to read the report of a message. */
function time(text: string): number {
  const mail = MailMessage.parse(text);
  void mail.root.parts;
  return cpuMs(() => mail.report);
}

const floods: readonly (readonly [string, string])[] = [
  ['spaces', `${daemon}could not be delivered ${' '.repeat(1e6)}x`],
  ['at signs', daemon + 'a@'.repeat(5e5)],
  ['brackets', `${daemon}not delivered ${'<'.repeat(1e6)}`],
  ['recipients', daemon + '<a@example.net>: 550 5.1.1 x\r\n'.repeat(3e4)],
  ['words', daemon + 'mail not deliver user account '.repeat(3e4)],
  [
    'tags',
    `${daemon.replace('\r\n\r\n', '\r\nContent-Type: text/html\r\n\r\n')}${'<p <br '.repeat(1e5)}`,
  ],
  [
    'folds',
    `${report}Final-Recipient: rfc822; a@b\r\nDiagnostic-Code: x\r\n${' y\r\n'.repeat(2e5)}`,
  ],
  ['groups', report + 'Final-Recipient: a@b\r\nAction: failed\r\n\r\n'.repeat(2e4)],
  ['escapes', `${report}Final-Recipient: utf-8; ${'\\x{41}'.repeat(1e5)}\r\nAction: failed\r\n`],
  [
    'paragraphs before recipients',
    `${daemon}could not be delivered\r\n${'x\r\n\r\n'.repeat(5000)}${Array.from({ length: 3000 }, (_, i) => `a${i}@b.example\r\n`).join('')}`,
  ],
  [
    'fields beside prose',
    `From: a@b\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n${Array.from({ length: 4000 }, (_, i) => `a${i}@b.example\r\n`).join('')}--b\r\nContent-Type: message/delivery-status\r\n\r\n${Array.from({ length: 10_000 }, (_, i) => `Final-Recipient: rfc822; b${i}@b.example\r\nAction: failed\r\n\r\n`).join('')}--b--`,
  ],
  [
    'reasons',
    report +
      Array.from({ length: 500 }, (_, i) =>
        [
          `Final-Recipient: rfc822; a${i}@b`,
          `Diagnostic-Code: x; ${'host user '.repeat(190)}`,
          '',
          '',
        ].join('\r\n'),
      ).join(''),
  ],
];

describe('hostile reports', () => {
  it.each(floods)('take time in proportion to their size: %s', (_, text) => {
    time(text.slice(0, 10_000));
    // A thousand times what it takes here would be a stall; slow machines and neighbours are not.
    expect(time(text)).toBeLessThan(3000);
  });

  it('are read up to the limits, and no further', () => {
    const many = prose(
      'failure notice',
      'could not be delivered',
      ...Array.from({ length: 20_000 }, (_, i) => `user${i}@example.net`),
    );
    const found = many.bounce?.recipients.length ?? 0;
    expect(found).toBeGreaterThan(1000);
    expect(found).toBeLessThanOrEqual(limits.bounceText / 10);
    const fields = `${report}Final-Recipient: rfc822; a@b\r\nAction: failed\r\n\r\n`;
    const late = `${fields}${'X: y\r\n'.repeat(limits.reportText / 4)}\r\nFinal-Recipient: rfc822; late@b\r\nAction: failed\r\n`;
    expect(MailMessage.parse(late).bounce?.recipients.map(({ address }) => address)).toEqual([
      'a@b',
    ]);
  });

  const piece = fc.constantFrom(
    ...[
      'From: MAILER-DAEMON\r\n',
      'Subject: failure notice\r\n',
      'Content-Type: message/delivery-status\r\n',
    ],
    ...[
      'Content-Type: message/feedback-report\r\n',
      'Content-Type: message/disposition-notification\r\n',
    ],
    ...[
      'Content-Type: multipart/report; boundary=b\r\n',
      'X-Failed-Recipients: a@b, <c@d\r\n',
      '\r\n',
      '--b\r\n',
    ],
    ...[
      'Final-Recipient: rfc822; ',
      'Original-Recipient: ',
      'Status: 5.1.1\r\n',
      'Action: failed\r\n',
      'a@b.example\r\n',
    ],
    ...[
      '<a@b.example>: 550 x\r\n',
      '{"notificationType":"Bounce"}',
      'not delivered\r\n',
      '--- Below this line is a copy\r\n',
    ],
    ...[
      '\\x{110000}',
      '=?utf-8?Q?=C3',
      '\u0000',
      '\udfff',
      ';',
      '<',
      '>',
      ' (',
      '(#5.1.1)',
      'Diagnostic-Code: smtp;\r\n\t',
    ],
  );

  it('never throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 40 }),
        (pieces) => {
          const mail = MailMessage.parse(`From: postmaster@x\r\n${pieces.join('')}`);
          for (const one of mail.bounce?.recipients ?? [])
            expect(one.status).toMatch(/^[245]\.\d+\.\d+$/);
          if (mail.report && 'original' in mail.report) void mail.report.original?.text();
          void mail.isBounce;
        },
      ),
      { numRuns: 300 },
    );
  });
});
