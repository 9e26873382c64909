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
