// What `posthorn check` prints for people.
import { type PosthornError, printable } from '../../base/index.ts';
import type { PortInspection, ServerInspection, SmtpCapabilities } from '../../smtp/index.ts';
import type { Paint } from '../paint.ts';
import { formatDuration, formatSize } from '../text.ts';
import { columns, wrap } from './layout.ts';

/** How the report looks. */
export interface ReportLook {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** Also the dialogue with every port that failed. */
  readonly verbose: boolean;
}

const MODES: Readonly<Record<PortInspection['security'], string>> = {
  implicit: 'TLS from the first byte',
  starttls: 'STARTTLS',
  none: 'not encrypted',
};
const INDENT = '  ';

/** The whole report, as one text; `notes` come first. */
export function reportOn(
  found: ServerInspection,
  notes: readonly string[],
  look: ReportLook,
): string {
  const sections = [
    [...notes.flatMap((note) => wrap(note, look.width, '')), heading(found, look)],
    portTable(found, look),
    ...certificates(found.ports, look),
    offers(found, look),
    logins(found, look),
    problems(found, look),
    warnings(found, look),
    settings(found, look),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

function heading({ host, addresses, srv }: ServerInspection, { paint }: ReportLook): string {
  const lines = [
    `${paint.bold(printable(host, 255))}  ${paint.dim(addresses.join(', '))}`.trimEnd(),
  ];
  for (const { service, target, port, priority, weight } of srv) {
    const where = target === '' ? 'none' : `${printable(target, 255)}:${port}`;
    lines.push(
      `${INDENT}${paint.dim(`${service}._tcp`)}  ${where}  ${paint.dim(`priority ${priority}, weight ${weight}`)}`,
    );
  }
  return lines.join('\n');
}

function portTable({ ports, use }: ServerInspection, { paint }: ReportLook): string[] {
  const rows = ports.map((port) => {
    const isUsed = use?.port === port.port && use.security === port.security && !port.error;
    return [
      INDENT + port.port,
      MODES[port.security],
      formatDuration(port.durationMs),
      verdict(port) + (isUsed ? ', used' : ''),
    ];
  });
  const [head = '', ...lines] = columns([
    [`${INDENT}port`, 'encryption', 'time', 'result'],
    ...rows,
  ]);
  const colour = (port: PortInspection | undefined): ((text: string) => string) =>
    port?.error ? paint.red : port?.security === 'none' ? paint.yellow : paint.green;
  return [
    paint.dim(head),
    ...lines.map((line, at) => {
      const end = rows[at]?.at(-1) ?? '';
      return line.slice(0, line.length - end.length) + colour(ports[at])(end);
    }),
  ];
}

function verdict({ error, tls }: PortInspection): string {
  if (!error) return tls ? `works: ${tls.protocol}, ${printable(tls.cipher, 60)}` : 'works';
  switch (error.code) {
    case 'CONNECTION_REFUSED':
      return 'nothing listens';
    case 'TIMEOUT':
      return error.stage === 'connect' ? 'no answer' : `no answer in stage '${error.stage}'`;
    case 'TLS_CERTIFICATE':
      return 'certificate not good';
    case 'PROTOCOL_VIOLATION':
      return 'no mail server';
    default:
      return error.code.toLowerCase().replaceAll('_', ' ');
  }
}

function certificates(ports: readonly PortInspection[], { paint, width }: ReportLook): string[][] {
  const groups = new Map<string, PortInspection[]>();
  for (const port of ports) {
    if (!port.certificate) continue;
    const { fingerprint256 } = port.certificate;
    groups.set(fingerprint256, [...(groups.get(fingerprint256) ?? []), port]);
  }
  return [...groups.values()].map((group) => {
    const certificate = group[0]?.certificate;
    if (!certificate) return [];
    const { names, issuer, subject, validTo } = certificate;
    const days = Math.floor((validTo.getTime() - Date.now()) / 86_400_000);
    const left = days < 0 ? paint.red(`expired ${-days} days ago`) : `${days} days left`;
    const list = names.map((name) => printable(name, 100)).join(', ');
    return [
      paint.bold(
        `Certificate of ${group.length > 1 ? 'ports' : 'port'} ${group.map(({ port }) => port).join(', ')}`,
      ),
      ...labelled(
        'for',
        list === '' ? `no host name (subject ${printable(subject, 100)})` : list,
        paint,
        width,
      ),
      ...labelled('issued by', printable(issuer, 100), paint, width),
      `${label('valid', paint)}until ${dateOf(validTo)}, ${left}`,
    ];
  });
}

function dateOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().slice(0, 10);
}

// Told in lines of their own, or of no interest to people.
const TOLD = new Set(['SIZE', 'AUTH', 'STARTTLS', 'HELP']);

function offers({ ports, use }: ServerInspection, { paint, width }: ReportLook): string[] {
  const of =
    ports.find(({ port, capabilities }) => capabilities && port === use?.port) ??
    ports.find(({ capabilities }) => capabilities);
  if (!of?.capabilities) return [];
  const { capabilities, greeting } = of;
  const others = [...capabilities.raw.keys()].filter((keyword) => !TOLD.has(keyword));
  return [
    paint.bold(`What it offers on port ${of.port}`),
    ...(greeting ? labelled('greeting', printable(greeting, 200), paint, width) : []),
    ...labelled('logins', printable(capabilities.auth.join(', '), 300) || 'none', paint, width),
    ...labelled('messages', sizeOf(capabilities), paint, width),
    ...labelled('extensions', printable(others.join(', '), 500) || 'none', paint, width),
  ];
}

function sizeOf({ size }: SmtpCapabilities): string {
  if (size === undefined) return 'the server says no bound';
  return size === 0 ? 'of any size' : `up to ${formatSize(size)}`;
}

function logins({ login }: ServerInspection, { paint, width }: ReportLook): string[] {
  if (!login) return [];
  const { error, mechanism } = login;
  const lines = error
    ? wrap(printable(error.message, 1000), width, INDENT)
    : [
        `${INDENT}${paint.green('accepted')}${mechanism === undefined ? '' : ` by AUTH ${mechanism}`}`,
      ];
  return [paint.bold('Login'), ...(error ? [`${INDENT}${paint.red('refused')}`] : []), ...lines];
}

function problems(
  { ports, use }: ServerInspection,
  { paint, width, verbose }: ReportLook,
): string[] {
  const told = ports.flatMap(({ port, error }) =>
    error && (!use || isWorthTelling(error)) ? [{ port, error }] : [],
  );
  if (told.length === 0) return [];
  const markLength = Math.max(...told.map(({ port }) => `${port}`.length));
  const lines = told.flatMap(({ port, error }) => [
    ...hanging(paint.red(`${port}`.padEnd(markLength)), markLength, explain(error), width),
    ...(verbose ? dialogueOf(error, paint) : []),
  ]);
  return [paint.bold('What goes wrong'), ...lines];
}

// What is the same for every port is said in few words.
function explain({ code, message }: PosthornError): string {
  if (code === 'CONNECTION_REFUSED') {
    return 'Nothing listens there; check the host, and that the server is running';
  }
  return printable(message, 1000);
}

function dialogueOf({ transcript }: PosthornError, paint: Paint): string[] {
  return transcript.map((line) => paint.dim(`${INDENT}${INDENT}${printable(line)}`));
}

// A port where nothing is, is no problem while another one works.
function isWorthTelling({ code, stage }: PosthornError): boolean {
  return code !== 'CONNECTION_REFUSED' && !(code === 'TIMEOUT' && stage === 'connect');
}

function warnings({ warnings: list }: ServerInspection, { paint, width }: ReportLook): string[] {
  if (list.length === 0) return [];
  return [
    paint.bold('Warnings'),
    ...list.flatMap(({ message }) => hanging(paint.yellow('!'), 1, message, width)),
  ];
}

function settings(
  { use, login, warnings: list }: ServerInspection,
  { paint }: ReportLook,
): string[] {
  if (!use) {
    const isOtherMode = list.some(({ code }) => code === 'other-mode');
    const why = isOtherMode ? 'no port works in the mode asked for' : 'no port can be used';
    return [paint.red(`A send would fail: ${why}.`)];
  }
  if (login?.error) return [paint.red('A send would fail: the login does not work.')];
  const { host, port, security } = use;
  const name = host.includes(':') ? `[${host}]` : host;
  const url =
    security === 'implicit'
      ? `smtps://${name}:${port}`
      : `smtp://${name}:${port}?security=${security}`;
  return [
    paint.bold('A send would use'),
    `${label('url', paint)}${url}`,
    `${label('options', paint)}{ host: '${host}', port: ${port}, security: '${security}' }`,
  ];
}

const LABEL_WIDTH = 12;

function label(name: string, paint: Paint): string {
  return INDENT + paint.dim(name.padEnd(LABEL_WIDTH));
}

function labelled(name: string, text: string, paint: Paint, width: number): string[] {
  const indent = ' '.repeat(INDENT.length + LABEL_WIDTH);
  const [first = '', ...more] = wrap(text, width, indent);
  return [label(name, paint) + first.slice(indent.length), ...more];
}

function hanging(mark: string, markLength: number, text: string, width: number): string[] {
  const indent = ' '.repeat(INDENT.length + markLength + 2);
  const [first = '', ...more] = wrap(text, width, indent);
  return [`${INDENT}${mark}  ${first.slice(indent.length)}`, ...more];
}
