// The one place where command lines are made: nothing else may reach the wire as a command (RFC 5321 section 4.1).
import { InvalidMessageError } from '../base/index.ts';
import { enforceLimit } from '../base/internal.ts';

/** One command line without CRLF, and the form that transcripts and events may show. */
export interface CommandLine {
  /** What goes on the wire. */
  readonly line: string;
  /** The same with secrets masked. */
  readonly shown: string;
}

/** A command whose words may be shown. Throws when it could end the line early or is too long. */
export function command(line: string): CommandLine {
  return { line: checked(line), shown: line };
}

/** The first line of an AUTH exchange (RFC 4954 section 4); an initial response is masked. */
export function authCommand(mechanism: string, initialResponse: string | undefined): CommandLine {
  const start = `AUTH ${mechanism}`;
  if (initialResponse === undefined) return command(start);
  // RFC 4954 section 4: an empty initial response is written as '='.
  return { line: checkedResponse(`${start} ${initialResponse || '='}`), shown: `${start} ***` };
}

/** A further line of an AUTH exchange; masked whole, whatever it holds. */
export function authResponse(response: string): CommandLine {
  return { line: checkedResponse(response), shown: '***' };
}

/** MAIL FROM; `parameters` begin with a space each (RFC 5321 section 4.1.1.11). */
export function mailCommand(from: string, parameters: string): CommandLine {
  return command(`MAIL FROM:<${from}>${parameters}`);
}

/** RCPT TO; `parameters` begin with a space each. */
export function rcptCommand(to: string, parameters: string): CommandLine {
  return command(`RCPT TO:<${to}>${parameters}`);
}

function checked(line: string): string {
  enforceLimit('commandBytes', Buffer.byteLength(line) + 2, 'A command line');
  return oneLine(line);
}

// RFC 4954 section 4: lines of an exchange may be longer than commands.
function checkedResponse(line: string): string {
  enforceLimit('authLineBytes', line.length + 2, 'A line of the login');
  return oneLine(line);
}

// The last guard: whatever a caller let through, CR, LF and NUL do not leave.
function oneLine(line: string): string {
  if (/[\r\n\0]/.test(line)) {
    throw new InvalidMessageError(
      'MESSAGE_FIELD_INVALID',
      'A command to the server must not hold CR, LF or NUL; check the addresses and names given',
    );
  }
  return line;
}
