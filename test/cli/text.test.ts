import { describe, expect, it } from 'vitest';
import { count, formatDuration, formatSize, printableText } from '../../src/cli/text.ts';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [9949, '9.9 KB'],
    [9951, '10 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [5_300_000_000, '5.3 GB'],
    [7e15, '7000 TB'],
  ])('%i octets are %s', (octets, text) => {
    expect(formatSize(octets)).toBe(text);
  });
});

describe('text', () => {
  it('tells times and counts', () => {
    expect([formatDuration(12.4), formatDuration(1250)]).toEqual(['12 ms', '1.3 s']);
    expect([count(1, 'message'), count(2, 'message')]).toEqual(['1 message', '2 messages']);
  });

  it('keeps lines and tabs and makes the rest safe', () => {
    expect(printableText('a\tb\r\nc\u001b[2J\u202ed\re')).toBe(
      'a\tb\nc\\u{1b}[2J\\u{202e}d\\u{d}e',
    );
    expect(printableText('שלום')).toBe('שלום');
    const long = 'x'.repeat(10_000);
    expect(printableText(long)).toBe(long);
  });
});
