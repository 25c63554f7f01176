// From the text of a file to its components. Nothing malformed throws: what can't be read is left out with a problem.
import { printable } from '../base/index.ts';
import { enforceLimit, latin1, latin1Bytes } from '../base/internal.ts';
import { decodeCharset } from '../codec/index.ts';
import { Component } from './component.ts';
import { readContentLine } from './content-line.ts';
import type { ProblemList } from './problem.ts';

/** Every VCALENDAR of a file; what stands outside of one is put into one. */
export function readComponents(source: string | Uint8Array, problems: ProblemList): Component[] {
  enforceLimit('calendarBytes', source.length, 'The size of the calendar');
  const text = typeof source === 'string' ? source : decode(source, problems);
  const reader = new TreeReader(problems);
  for (const [line, number] of unfoldedLines(text)) reader.line(line, number);
  return reader.end();
}

const FOLD = /(?:\r\n|\r|\n)[ \t]/g;

/** UTF-8, also when it is folded within characters; UTF-16 with a mark; else Windows-1252, which reads anything. */
function decode(bytes: Uint8Array, problems: ProblemList): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) {
    return new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes);
  }
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    return strict.decode(bytes);
  } catch {
    const unfolded = latin1Bytes(latin1(bytes).replace(FOLD, ''));
    try {
      return strict.decode(unfolded);
    } catch {
      problems.add('CHARSET_GUESSED', 'The calendar is not in UTF-8; its charset was guessed');
      return guess(unfolded);
    }
  }
}

/** UTF-8 with some damage, when there are more characters than damage; else Windows-1252. */
function guess(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes);
  const damage = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return whole > damage ? text : decodeCharset(bytes, 'windows-1252').text;
}

/** The lines without their folds (RFC 5545 section 3.1), each with the number of its first line in the file. */
function* unfoldedLines(text: string): Generator<[line: string, number: number]> {
  // A lone CR ends a line in some old files; to look for it everywhere costs time.
  const hasLoneCr = /\r(?!\n)/.test(text);
  const end = /\r\n?|\n/g;
  let pieces = '';
  let number = 1;
  let first = 1;
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (;;) {
    let stop = hasLoneCr ? -1 : text.indexOf('\n', start);
    let next = stop + 1;
    if (hasLoneCr) {
      end.lastIndex = start;
      stop = end.exec(text)?.index ?? -1;
      next = end.lastIndex;
    } else if (stop > start && text.charCodeAt(stop - 1) === CR) stop -= 1;
    if (stop < 0) {
      yield [pieces + text.slice(start), first];
      return;
    }
    pieces += text.slice(start, stop);
    start = next;
    number += 1;
    const code = text.charCodeAt(start);
    if (code === SPACE || code === TAB) start += 1;
    else {
      yield [pieces, first];
      pieces = '';
      first = number;
    }
  }
}

const [CR, SPACE, TAB] = [13, 32, 9];
const MAY_BOUND = /^[BbEe \t]/;
const BOUND = /^[ \t]*(BEGIN|END)[ \t]*:(.*)$/i;

class TreeReader {
  readonly #problems: ProblemList;
  readonly #roots: Component[] = [];
  readonly #open: Component[] = [];
  /** The calendar that was made for what stands in none. */
  #made: Component | undefined;
  #properties = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  line(line: string, number: number): void {
    if (line === '' || line.trim() === '') return;
    const bound = line.length < 200 && MAY_BOUND.test(line) ? BOUND.exec(line) : undefined;
    if (!bound) this.#property(line, number);
    else if (bound[1]?.toUpperCase() === 'BEGIN') this.#begin(bound[2] ?? '', number);
    else this.#end(bound[2] ?? '', number);
  }

  #property(line: string, number: number): void {
    this.#properties += 1;
    enforceLimit('calendarLines', this.#properties, 'The number of lines of the calendar');
    const property = readContentLine(line);
    if (!property) {
      const shown = printable(line, 60);
      this.#problems.add('LINE_UNREADABLE', `No property, left out: '${shown}'`, number);
      return;
    }
    this.#current(number).properties.push(property);
  }

  #begin(given: string, number: number): void {
    const name = given.trim().toUpperCase();
    if (!/^[A-Z0-9-]+$/.test(name)) {
      this.#problems.add('LINE_UNREADABLE', 'A component has no name that can be read', number);
      return;
    }
    const component = new Component(name);
    enforceLimit('calendarDepth', this.#open.length, 'The nesting of calendar components');
    if (name === 'VCALENDAR' && this.#open.length > 0) {
      if (this.#open.length > 1 || this.#open[0] !== this.#made) {
        this.#problems.add('COMPONENT_UNBALANCED', 'A VCALENDAR begins inside another', number);
      }
      this.#open.length = 0;
    }
    if (name === 'VCALENDAR') this.#roots.push(component);
    else this.#current(number).components.push(component);
    this.#open.push(component);
  }

  #end(given: string, number: number): void {
    const name = given.trim().toUpperCase();
    const at = this.#open.findLastIndex((component) => component.name === name);
    if (at !== this.#open.length - 1 || at < 0) {
      const shown = printable(name, 40);
      this.#problems.add('COMPONENT_UNBALANCED', `END:${shown} closes nothing open here`, number);
    }
    if (at >= 0) this.#open.length = at;
  }

  /** Where the next property goes; a calendar is made when none is open. */
  #current(number: number): Component {
    const open = this.#open.at(-1);
    if (open) return open;
    this.#problems.add('OUTSIDE_CALENDAR', 'This stands outside a VCALENDAR', number);
    const last = this.#roots.at(-1);
    const calendar = last ?? new Component('VCALENDAR');
    if (!last) this.#roots.push(calendar);
    this.#made = calendar;
    this.#open.push(calendar);
    return calendar;
  }

  end(): Component[] {
    const first = this.#open.find((component) => component !== this.#made);
    if (first) this.#problems.add('COMPONENT_UNBALANCED', `${first.name} is not closed`);
    return this.#roots;
  }
}
