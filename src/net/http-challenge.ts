// What a proxy answers 407 with (RFC 9110 section 11.6.1), read in one pass.

/** One way to log in that the proxy offers. */
export interface HttpChallenge {
  /** The scheme in lower case, such as `'digest'`. */
  readonly scheme: string;
  /** The parameters by lower-case name; the first of a name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

// A token; what follows tells whether it is a scheme or the name of a parameter.
const TOKEN = /[\s,]*([!#$%&'*+.^_`|~0-9a-z-]+)/iy;
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9a-z-]+))/iy;
const TOKEN68 = /[ \t]+[a-z0-9._~+/-]+=*(?=\s*(?:,|$))/iy;

/** The challenges of every `Proxy-Authenticate` field, in order; what can't be read ends its field. */
export function readChallenges(fields: readonly string[]): HttpChallenge[] {
  return fields.flatMap(readField);
}

function readField(field: string): HttpChallenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(field);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  for (let token = take(TOKEN); token; token = take(TOKEN)) {
    const name = token[1]?.toLowerCase() ?? '';
    const value = take(VALUE);
    const current = challenges.at(-1);
    if (value && current) {
      const text = value[1]?.replace(/\\(.)/gs, '$1') ?? value[2] ?? '';
      if (!current.parameters.has(name)) current.parameters.set(name, text);
    } else if (!value) {
      challenges.push({ scheme: name, parameters: new Map() });
      take(TOKEN68);
    }
  }
  return challenges;
}
