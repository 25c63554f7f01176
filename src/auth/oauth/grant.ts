// What the grants have in common: checked options, scopes, and the server that is asked.
import { OptionError } from '../../base/index.ts';
import { checkEndpoints, type EndpointOptions } from './endpoints.ts';
import type { GrantOptions } from './options.ts';
import { type GrantKind, presetOf } from './presets.ts';
import { TokenEndpoint } from './token-endpoint.ts';

/** The server of the options, which have been checked. Throws `OptionError`. */
export function begin(
  options: EndpointOptions & GrantOptions,
  required: readonly string[],
): TokenEndpoint {
  checkEndpoints(options);
  for (const name of required) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || value === '') {
      throw new OptionError(name, `Option '${name}' must be given`);
    }
  }
  return new TokenEndpoint(options);
}

/** The scopes asked for, or those of the preset. */
export function scopesOf(
  { scope, preset, tenant }: GrantOptions,
  kind: GrantKind,
): readonly string[] {
  if (scope === undefined) return preset === undefined ? [] : presetOf(preset, tenant).scopes[kind];
  const list = typeof scope === 'string' ? scope.split(/\s+/) : scope;
  return list.filter((each) => each !== '');
}

/** The scopes as a parameter of a request; nothing when there are none. */
export function scopeParameter(scopes: readonly string[]): Record<string, string> {
  return scopes.length > 0 ? { scope: scopes.join(' ') } : {};
}
