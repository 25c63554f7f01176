// What a reader of mail can be told: the bounds it keeps, and what it decodes only when asked.
import { limits as defaults, OptionError, printable } from '../../base/index.ts';
import { canonicalCharset, type TextOptions } from '../../codec/index.ts';

/** Bounds on a message that is read. Past one of them reading throws a `LimitError` that has its name. */
export interface ParseLimits {
  /** MIME parts inside each other, and messages inside each other. Default: `100`. */
  readonly depth?: number | undefined;
  /** MIME parts in one message. Default: `10_000`. */
  readonly parts?: number | undefined;
  /** Header fields in one part. Default: `2_000`. */
  readonly headers?: number | undefined;
  /** Octets of one part's header block. Default: `1_048_576` (1 MiB). */
  readonly headerBytes?: number | undefined;
  /** Octets of one line. Default: `16_777_216` (16 MiB). */
  readonly lineBytes?: number | undefined;
  /** Addresses in one header field. Default: `100_000`. */
  readonly addresses?: number | undefined;
  /** Problems that are listed; that there are more is then the last of them, and no error. Default: `1_000`. */
  readonly problems?: number | undefined;
}

/** How a message is read. */
export interface ParseOptions extends TextOptions {
  /** Bounds other than the defaults; `Infinity` turns one off. */
  readonly limits?: ParseLimits | undefined;
}

const { depth, parts, headers, headerBytes, lineBytes, addresses, problems } = defaults;
const DEFAULT_LIMITS = { depth, parts, headers, headerBytes, lineBytes, addresses, problems };

const OPTIONS = ['limits', 'utf7', 'fallbackCharset'];

/** Every limit with its value. */
type LimitValues = { readonly [Name in keyof ParseLimits]-?: number };

/** Options with everything in its place and checked. */
export class ReadingRules implements ParseOptions {
  readonly limits: LimitValues;
  readonly utf7: boolean;
  readonly fallbackCharset?: string;

  /** @throws {OptionError} for a limit that is none or a charset that is not known. */
  constructor(options: ParseOptions) {
    checkNames(options, OPTIONS, '');
    this.limits = { ...DEFAULT_LIMITS, ...checked(options.limits ?? {}) };
    this.utf7 = options.utf7 ?? false;
    const { fallbackCharset } = options;
    if (fallbackCharset === undefined) return;
    if (canonicalCharset(String(fallbackCharset)) === undefined) {
      throw new OptionError(
        'fallbackCharset',
        `Option 'fallbackCharset' must be the label of a charset, such as 'windows-1252', got '${printable(String(fallbackCharset))}'`,
      );
    }
    this.fallbackCharset = fallbackCharset;
  }
}

const DEFAULT_RULES = new ReadingRules({});

/**
 * The rules that options make; rules stay as they are.
 * @throws {OptionError} for a limit that is neither a whole number above 0 nor `Infinity`, and for a
 * fallback charset that is not known.
 */
export function readingRules(options: ParseOptions | undefined): ReadingRules {
  if (options === undefined) return DEFAULT_RULES;
  return options instanceof ReadingRules ? options : new ReadingRules(options);
}

function checkNames(given: object, known: readonly string[], path: string): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = printable(path + unknown, 80);
  throw new OptionError(
    name,
    `'${name}' is not an option of reading; known are ${known.map((it) => path + it).join(', ')}`,
  );
}

function checked(limits: ParseLimits): Partial<LimitValues> {
  checkNames(limits, Object.keys(DEFAULT_LIMITS), 'limits.');
  const given = Object.entries(limits).filter(([, bound]) => bound !== undefined);
  for (const [name, bound] of given) {
    if (bound !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(bound) && bound > 0)) {
      throw new OptionError(
        `limits.${name}`,
        `Option 'limits.${name}' must be a whole number above 0 or Infinity, got ${bound}`,
      );
    }
  }
  return Object.fromEntries(given);
}
