// Many files and folders to another format: what fails stops no other, and each is told as it is done.
import { basename } from 'node:path';
import { InvalidMessageError, PosthornError, printable } from '../base/index.ts';
import { memorySource } from '../base/internal.ts';
import { openPath } from '../message/internal.ts';
import { Conversion, type ConvertOptions, type ConvertReport } from './conversion.ts';
import { type ConvertFormat, checkTarget, checkTnef } from './convert-formats.ts';
import { detectFormat } from './detect/detect-format.ts';
import { isMessageFormat } from './detect/file-format.ts';
import { findSources, type SourceFile } from './find-sources.ts';
import type { Loss } from './loss.ts';
import { MboxFile } from './mbox/mbox-file.ts';
import { TargetNames } from './target-names.ts';
import { writeTarget } from './write-target.ts';

/** How many files are converted. */
export interface ConvertAllOptions extends ConvertOptions {
  /** The format of the targets. */
  readonly to: ConvertFormat;
  /**
   * The folder that everything goes into, with the folders of the sources; of `'mbox'`, a name that ends in `.mbox` is one
   * file for all. Default: each beside its source.
   */
  readonly out?: string | undefined;
  /** Whether files that are there already are replaced. Default: `false`: that is the trouble of that source. */
  readonly overwrite?: boolean | undefined;
  /** Ends it after the file that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of one source. */
export interface ConvertOutcome {
  /** Its path. */
  readonly source: string;
  /** Which one it is, counted from 0. */
  readonly index: number;
  /** How many there are. */
  readonly total: number;
  /** `'skipped'`: it stands in a folder that was named, and is no mail. */
  readonly status: 'converted' | 'skipped' | 'failed';
  /** The files that were written. */
  readonly targets: readonly string[];
  /** Its format, when that was found out. */
  readonly from?: ConvertReport['from'];
  /** How many messages it holds. */
  readonly messages: number;
  /** What the target could not hold, and what was wrong with the source; each once. */
  readonly losses: readonly Loss[];
  /** Why it failed. */
  readonly error?: PosthornError;
}

/**
 * Converts files, and all mail in folders. A file of many messages (mbox) becomes a folder with a file for each, unless the
 * target is mbox too. Names are those of the sources with another extension, made safe and different.
 *
 * @param sources Paths of files and folders.
 * @throws Node's error for a path that is not there; {@link OptionError}: an option has a value it can't have.
 */
export async function* convertAll(
  sources: Iterable<string>,
  options: ConvertAllOptions,
): AsyncGenerator<ConvertOutcome> {
  const to = checkTarget(options.to);
  checkTnef(options.tnef);
  const { out, overwrite = false, signal } = options;
  const files = await findSources(sources);
  const isOneFile = to === 'mbox' && out !== undefined && /\.(?:mbox|mbx)$/i.test(out);
  const collected = isOneFile ? await MboxFile.create(out, overwrite) : undefined;
  const names = new TargetNames(isOneFile ? undefined : out, to);
  let isDone = false;
  try {
    for (const [index, file] of files.entries()) {
      if (signal?.aborted) break;
      const each = new SourceConversion(file, { ...options, to, overwrite });
      const outcome = await each.run(names, collected);
      const targets = collected && out !== undefined && each.isWritten ? [out] : outcome.targets;
      yield { ...outcome, targets, source: file.path, index, total: files.length };
    }
    isDone = true;
  } finally {
    if (isDone) await collected?.finish();
    else await collected?.abandon();
  }
}

type SourceOutcome = Omit<ConvertOutcome, 'source' | 'index' | 'total'>;
type SourceOptions = ConvertAllOptions & { readonly overwrite: boolean };

/** One source on its way. */
class SourceConversion {
  readonly #file: SourceFile;
  readonly #options: SourceOptions;
  readonly #targets: string[] = [];
  #conversion: Conversion | undefined;
  isWritten = false;

  constructor(file: SourceFile, options: SourceOptions) {
    this.#file = file;
    this.#options = options;
  }

  async run(names: TargetNames, collected: MboxFile | undefined): Promise<SourceOutcome> {
    const { path, isNamed } = this.#file;
    try {
      if (!isNamed && this.#options.from === undefined && !(await isMail(path))) {
        return { status: 'skipped', targets: [], messages: 0, losses: [] };
      }
      const opened = await openPath(path);
      const bytes = opened instanceof Uint8Array ? memorySource(opened) : opened;
      this.#conversion = new Conversion(bytes, path, this.#options);
      await this.#write(this.#conversion, names, collected);
      return this.#outcome('converted');
    } catch (error) {
      return { ...this.#outcome('failed'), error: asPosthorn(error, path) };
    }
  }

  async #write(
    conversion: Conversion,
    names: TargetNames,
    collected: MboxFile | undefined,
  ): Promise<void> {
    const { to, overwrite } = this.#options;
    if (collected) {
      for await (const message of conversion.allMessages()) {
        await collected.add(message);
        this.isWritten = true;
      }
    } else if (conversion.from === 'mbox' && to !== 'mbox') {
      let number = 0;
      for await (const message of conversion.allMessages()) {
        number += 1;
        const target = names.ofMessage(this.#file, number, message.subject);
        await writeTarget(target, conversion.write(message, target), overwrite);
        this.#targets.push(target);
      }
    } else {
      const target = names.of(this.#file);
      await writeTarget(target, conversion.run(target), overwrite);
      this.#targets.push(target);
    }
  }

  #outcome(status: 'converted' | 'failed'): SourceOutcome {
    const report = this.#conversion?.report();
    const { from, messages = 0, losses = [] } = report ?? {};
    return { status, targets: this.#targets, ...(from && { from }), messages, losses };
  }
}

// What is called so and is no mail is damaged: it fails, and is not passed over.
const CALLED_MAIL = /\.(?:eml|emlx|msg|oft|mht|mhtml|tnef|mbox)$|^winmail\.dat$/i;

async function isMail(path: string): Promise<boolean> {
  const found = await detectFormat(path);
  if (found === undefined) return CALLED_MAIL.test(basename(path));
  return found === 'mbox' || isMessageFormat(found);
}

/** What a file system says is told in the words of this library. */
function asPosthorn(error: unknown, path: string): PosthornError {
  if (error instanceof PosthornError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const isSystem = error instanceof Error && 'syscall' in error;
  if (!isSystem) throw error;
  return new InvalidMessageError(
    'FILE_INACCESSIBLE',
    `Converting '${printable(path, 200)}' failed (${printable(reason)}); check the paths and their permissions`,
    { cause: error },
  );
}
