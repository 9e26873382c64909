/** Exit codes of the command line; one table, printed by `--help` and documented in docs/exit-codes.md. */
export const EXIT = {
  ok: 0,
  gateFailed: 1,
  badInput: 2,
  internal: 70,
  cannotCollect: 125,
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
} as const;

export interface UserErrorOptions {
  /** What the person does next: a command to run, a flag to give. */
  readonly hint?: string;
  /** One of {@link EXIT}. Default: 2, bad input or usage. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/**
 * An error that a person can mend. Thrown where the cause is known; printed in one place (src/cli.ts) as one line
 * `pforge-prof: error: MESSAGE: HINT`. Every other class of error is a bug of ours.
 */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.badInput;
  }
}

/** What the commonest errors of the file system mean to a person. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EISDIR', 'it is a directory'],
  ['EIO', 'the disk reports an error'],
  ['ERR_INVALID_ARG_VALUE', 'the name holds a NUL character'],
]);

/** What of an error of the file system a person is told. @returns a UserError; whatever else it is, as it is */
export function readError(path: string, error: unknown): unknown {
  if (error instanceof UserError) return error;
  const code = (error as { readonly code?: string }).code;
  if (code === undefined) return error;
  return cannotRead(path, REASONS.get(code) ?? (error as Error).message, undefined, error);
}

/** @param reason what keeps a file from being read */
export function cannotRead(path: string, reason: string, hint?: string, cause?: unknown): UserError {
  return new UserError(`cannot read ${path.replaceAll('\0', '\\0')}: ${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
