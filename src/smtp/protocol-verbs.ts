// Which command a line is, for who writes lines by hand.
import type { Stage } from '../base/index.ts';
import type { Verb } from './session.ts';

const VERBS: ReadonlyMap<string, Verb> = new Map(
  (
    [
      'EHLO',
      'HELO',
      'LHLO',
      'STARTTLS',
      'AUTH',
      'MAIL',
      'RCPT',
      'DATA',
      'BDAT',
      'RSET',
      'NOOP',
      'VRFY',
      'EXPN',
      'HELP',
      'ETRN',
      'QUIT',
    ] as const
  ).map((verb) => [verb, verb]),
);
const LONGER: ReadonlySet<Verb> = new Set(['STARTTLS', 'AUTH', 'DATA', 'BDAT']);
const STAGES: ReadonlyMap<Verb, Stage> = new Map<Verb, Stage>([
  ['EHLO', 'ehlo'],
  ['HELO', 'ehlo'],
  ['LHLO', 'ehlo'],
  ['STARTTLS', 'starttls'],
  ['MAIL', 'mail'],
  ['RCPT', 'rcpt'],
  ['DATA', 'data'],
  ['RSET', 'rset'],
  ['QUIT', 'quit'],
]);

/** The command that a line begins with. */
export function verbOf(line: string): Verb {
  return VERBS.get((/^[^\s]*/.exec(line)?.[0] ?? '').toUpperCase()) ?? 'other';
}

/** Whether the line is all of its command. */
export function isOneLine(line: string): boolean {
  return !LONGER.has(verbOf(line));
}

/** Where in the conversation a command stands. */
export function stageOf(verb: Verb): Stage {
  return STAGES.get(verb) ?? 'command';
}
