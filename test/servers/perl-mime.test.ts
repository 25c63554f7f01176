// Perl's MIME::Parser reads the generated family as the other readers do.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { expect, it } from 'vitest';
import { expected, letters, settled } from '../interop/family.ts';
import { readWithProgram } from '../interop/readers.ts';
import { required } from './support/peer.ts';

const missing = spawnSync('perl', ['-MMIME::Parser', '-e', '1']).status !== 0;

it.skipIf(missing && !required)('Perl (apt-get install libmime-tools-perl)', async () => {
  const family = fc.sample(letters, { numRuns: 150, seed: 42 });
  const messages = await Promise.all(
    family.map(({ linkedResources, html, ...fields }) =>
      new MailMessage({
        ...fields,
        ...(html === undefined ? {} : { html, linkedResources: [...linkedResources] }),
        to: [...fields.to],
        attachments: [...fields.attachments],
      }).toBytes('eml'),
    ),
  );
  const readings = await readWithProgram('perl', '../servers/support/read-perl.pl')(messages);
  for (const [index, letter] of family.entries()) {
    // Perl's core has no address parser: addresses are left to the other readers.
    const { subject, text, html, attachments } = settled({ ...readings[index]!, from: [], to: [] });
    const want = expected(letter);
    expect({ subject, text, html, attachments }, `letter ${index}`).toEqual({
      subject: want.subject,
      text: want.text,
      html: want.html,
      attachments: want.attachments,
    });
  }
});
