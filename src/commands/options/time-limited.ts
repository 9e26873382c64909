import { Script } from 'node:vm';
import { UserError } from '../../errors.ts';

/** So long may patterns take beyond what matching takes anyway: a million names a second. */
const LIMIT_MS = 10_000;

const run = new Script('globalThis.pforgeMatching()');

/**
 * Matches what a person asked for, for so long: `(a+)+$` tries more ways than there is time for, on names that are long
 * enough. V8 stops a regular expression in the midst only for a script that has a limit.
 * @param asked the pattern, for the message; undefined: there is none, and no limit
 * @param work matches; touches nothing else, as it may be stopped anywhere
 * @throws {UserError} the time is over
 */
export function timeLimited<Result>(asked: RegExp | undefined, work: () => Result, limitMs = LIMIT_MS): Result {
  if (asked === undefined) return work();
  const scope = globalThis as { pforgeMatching?: unknown };
  const before = scope.pforgeMatching;
  scope.pforgeMatching = work;
  try {
    return run.runInThisContext({ timeout: limitMs }) as Result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new UserError(`matching /${asked.source}/ takes more than ${limitMs / 1000} s: it tries too many ways`, {
      hint: 'a repetition within a repetition does that: (a+)+ is a+',
      cause: error,
    });
  } finally {
    scope.pforgeMatching = before;
  }
}
