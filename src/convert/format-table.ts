// The one table of formats. A row names the code that reads and writes the format; it is loaded when the format is met.
import type { MessageFormat } from '../message/index.ts';
import type { FormatDriver } from './format-driver.ts';

const drivers: Readonly<Record<MessageFormat, () => Promise<FormatDriver>>> = {
  eml: async () => (await import('./eml-format.ts')).eml,
  emlx: async () => (await import('./emlx/emlx-format.ts')).emlx,
  msg: async () => (await import('./outlook-formats.ts')).msg,
  oft: async () => (await import('./outlook-formats.ts')).oft,
  tnef: async () => (await import('./outlook-formats.ts')).tnef,
  mht: async () => (await import('./mht/mht-format.ts')).mht,
  html: async () => (await import('./html/html-format.ts')).html,
  ics: async () => (await import('./data/calendar-format.ts')).ics,
  vcf: async () => (await import('./data/contact-format.ts')).vcf,
  json: async () => (await import('./data/json-format.ts')).json,
  text: async () => (await import('./data/text-format.ts')).text,
};

/** The code of a format. */
export function driverOf(format: MessageFormat): Promise<FormatDriver> {
  return drivers[format]();
}
