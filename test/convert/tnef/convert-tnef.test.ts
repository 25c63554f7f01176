import { Buffer } from 'node:buffer';
import { MailMessage } from 'posthorn';
import { convert, openTnef, packTnef } from 'posthorn/convert';
import { describe, expect, it } from 'vitest';

const letter = new MailMessage({
  from: 'ann@example.com',
  to: 'bob@example.org',
  subject: 'Plan',
  text: 'Hi',
  html: '<p>Hi</p>',
  attachments: [{ filename: 'plan.txt', content: 'the plan' }],
});
const packed = async (): Promise<Uint8Array> => await (await packTnef(letter)).toBytes();
const names = (bytes: Uint8Array | undefined): (string | undefined)[] =>
  MailMessage.parse(bytes ?? new Uint8Array(0)).attachments.map(({ filename }) => filename);

describe('mail with winmail.dat, converted', () => {
  it('is made a normal message, in the same format too', async () => {
    const source = await packed();
    const { bytes } = await convert(source, undefined, { to: 'eml' });
    expect(names(bytes)).toEqual(['plan.txt']);
    const { bytes: mbox } = await convert(source, undefined, { to: 'mbox' });
    expect(Buffer.from(mbox ?? []).toString()).not.toContain('ms-tnef');
    const again = await convert(mbox ?? new Uint8Array(0), undefined, { to: 'eml' });
    expect(names(again.bytes)).toEqual(['plan.txt']);
  });

  it('is kept as it is', async () => {
    const source = await packed();
    const { bytes } = await convert(source, undefined, { to: 'eml', tnef: 'keep' });
    expect(Buffer.from(bytes ?? []).equals(source)).toBe(true);
  });

  it('is what every message is packed as', async () => {
    const source = await letter.toBytes();
    const plain = await convert(source, undefined, { to: 'eml' });
    expect(Buffer.from(plain.bytes ?? []).equals(source)).toBe(true);
    for (const given of [source, await packed()]) {
      const { bytes } = await convert(given, undefined, { to: 'eml', tnef: 'pack' });
      expect(names(bytes)).toEqual(['winmail.dat']);
      const opened = await openTnef(MailMessage.parse(bytes ?? new Uint8Array(0)));
      expect(opened.attachments.map(({ filename }) => filename)).toEqual(['plan.txt']);
    }
  });

  it('has three ways', async () => {
    await expect(
      convert(await packed(), undefined, { to: 'eml', tnef: 'shut' as 'open' }),
    ).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: "Option 'tnef' must be 'open', 'keep' or 'pack'",
    });
  });
});
