// Packages that only some stores need: loaded when such a store is opened.
import { MissingDependencyError, PosthornError } from '../../base/index.ts';

/** What `load` imports, or the error that says how to install it. */
export async function optionalPackage<Module>(
  name: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof PosthornError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new MissingDependencyError(name, purpose, { cause });
  }
}
