// Reads Mozilla's autoconfig format (https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat): the
// servers that take mail, and nothing else of it. Bytes in, servers out.
import { FormatError } from '../../base/index.ts';
import { enforceLimit } from '../../base/internal.ts';

/** One server that takes mail. */
export interface AutoconfigServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'implicit' | 'starttls' | 'none';
  /** What to log in as, with placeholders such as `%EMAILADDRESS%`. */
  readonly username: string | undefined;
}

const MODES: ReadonlyMap<string, AutoconfigServer['security']> = new Map([
  ['SSL', 'implicit'],
  ['STARTTLS', 'starttls'],
  ['plain', 'none'],
]);
const SERVER = 'clientConfig/emailProvider/outgoingServer';

/** The outgoing servers in the document's order. Throws `FormatError` for anything that is not plain XML, and `LimitError`. */
export async function readAutoconfig(bytes: Uint8Array): Promise<AutoconfigServer[]> {
  enforceLimit('autoconfigBytes', bytes.length, 'The autoconfig document');
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ xmlns: false });
  const servers: AutoconfigServer[] = [];
  const path: string[] = [];
  let fields: Map<string, string> | undefined;
  let text = '';
  parser.on('error', (error) => {
    throw unreadable(error.message, parser.position);
  });
  // No document type is needed here, and entities are only made to do harm.
  parser.on('doctype', () => {
    throw unreadable('it has a document type declaration', parser.position);
  });
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    enforceLimit('autoconfigDepth', path.length, 'The autoconfig document');
    text = '';
    if (path.join('/') === SERVER && attributes['type'] === 'smtp') fields = new Map();
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('cdata', (piece) => {
    text += piece;
  });
  parser.on('closetag', ({ name }) => {
    const where = path.join('/');
    path.pop();
    if (where === SERVER) {
      const server = fields && serverOf(fields);
      if (server) servers.push(server);
      enforceLimit('autoconfigServers', servers.length, 'The autoconfig document');
      fields = undefined;
    } else if (where === `${SERVER}/${name}` && !fields?.has(name)) {
      fields?.set(name, text.trim());
    }
    text = '';
  });
  parser.write(decode(bytes)).close();
  return servers;
}

function serverOf(fields: ReadonlyMap<string, string>): AutoconfigServer | undefined {
  const host = fields.get('hostname') ?? '';
  const port = Number(fields.get('port'));
  const security = MODES.get(fields.get('socketType') ?? '');
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (host === '' || !isPort || !security) return undefined;
  return { host, port, security, username: fields.get('username') };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('it is not UTF-8', 0);
  }
}

function unreadable(why: string, offset: number): FormatError {
  return new FormatError(
    `The autoconfig document can't be read: ${why}; tell the administrator of the domain`,
    'autoconfig',
    offset,
  );
}
