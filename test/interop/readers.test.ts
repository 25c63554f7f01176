// What we compose, independent readers understand: every field and every octet of every attachment comes back equal.
import fc from 'fast-check';
import { MailMessage } from 'posthorn';
import { describe, expect, it } from 'vitest';
import { expected, letters, type Reading, settled } from './family.ts';
import {
  isInstalled,
  type Reader,
  readWithMailparser,
  readWithPostalMime,
  readWithProgram,
} from './readers.ts';

async function agree(
  read: Reader,
  sample: number,
  adjust: (reading: Reading) => Reading = settled,
): Promise<void> {
  const family = fc.sample(letters, { numRuns: sample, seed: 20_261_120 });
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
  const readings = await read(messages);
  expect(readings).toHaveLength(family.length);
  for (const [index, letter] of family.entries()) {
    expect(adjust(settled(readings[index]!)), `letter ${index}`).toEqual(adjust(expected(letter)));
  }
}

/** Python 3.11 keeps the blank between two encoded words of a display name (RFC 2047 section 6.2 drops it). */
function withoutBlanksInNames(reading: Reading): Reading {
  const squeeze = (list: Reading['to']): Reading['to'] =>
    list.map(([name, address]) => [name.replaceAll(' ', ''), address]);
  return { ...reading, from: squeeze(reading.from), to: squeeze(reading.to) };
}

describe('independent readers agree with what we composed', () => {
  it('mailparser', () => agree(readWithMailparser, 250));
  it('postal-mime', () => agree(readWithPostalMime, 250));
  it.skipIf(!isInstalled('python3'))("Python's email (needs python3)", () =>
    agree(readWithProgram('python3', './read-python.py'), 250, withoutBlanksInNames),
  );
});
