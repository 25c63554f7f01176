// Errors of the operating system, as Node reports them, in words.

/** An error of the operating system, such as ENOENT. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** Whether this is an error of the operating system. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

// What is wrong with a path, rather than with the disk behind it.
const pathReasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file; check the path'],
  ['EISDIR', 'it is a directory; name a file'],
  ['ENOTDIR', 'a part of the path is not a directory; check the path'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['EACCES', 'permission is missing; check who may use it'],
  ['EPERM', 'permission is missing; check who may use it'],
]);

/** Whether another path would cure it. */
export function isPathError(error: SystemError): boolean {
  return pathReasons.has(error.code);
}

/** What happened and what to do; not escaped. */
export function systemErrorText(error: SystemError): string {
  const reason = pathReasons.get(error.code) ?? error.message;
  return error.path === undefined ? reason : `'${error.path}': ${reason}`;
}
