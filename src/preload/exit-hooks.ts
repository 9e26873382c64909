import { type SharedState, WORD } from './shared-state.ts';

/** Ways out of a process that run no 'exit' listener, or run it too early; native, so called through `process`. */
interface ProcessExits {
  reallyExit(code?: number): never;
  abort(): never;
  execve?(...rest: unknown[]): never;
  /** What process.kill ends in. */
  _kill(pid: number, signal: number): number;
  readonly _exiting?: boolean;
}

export interface ExitHooks {
  /** Writes what all threads have; the process may go on. @param dies it will not */
  flush(dies?: boolean): void;
  /** Writes what all threads have; the process ends. */
  finish(): void;
  /** Writes what this thread has done since: the program's own 'exit' listeners. */
  finishAgain(): void;
}

/** Listeners that take less are not worth another file. */
const TAIL_MS = 5;

/** Has everything written before the process ends by its own doing, whichever way. */
export function hookExits(shared: SharedState, hooks: ExitHooks): void {
  const exits = process as unknown as ProcessExits;
  const now = process.hrtime.bigint;
  let finished: bigint | undefined;
  function end(): void {
    if (finished === undefined) hooks.finish();
    else if (now() - finished > BigInt(TAIL_MS * 1e6)) hooks.finishAgain();
    finished = now();
  }

  process.on('exit', () => {
    // A program may emit 'exit' by hand.
    if (exits._exiting === true) end();
    else hooks.flush();
  });
  const { reallyExit, abort, execve, _kill } = exits;
  exits.reallyExit = function (this: unknown, code) {
    end();
    return reallyExit.call(this, code);
  };
  if (execve !== undefined) {
    exits.execve = function (this: unknown, ...rest) {
      hooks.flush();
      return execve.apply(this, rest);
    };
  }
  // Node reports an abort with the JavaScript stack, so no function of ours may call it: reading the property must do.
  let currentAbort = abort;
  Object.defineProperty(process, 'abort', {
    configurable: true,
    enumerable: true,
    get() {
      hooks.flush();
      return currentAbort;
    },
    set(value) {
      currentAbort = value;
    },
  });
  exits._kill = function (this: unknown, pid, signal) {
    if (signal === 0 || (pid !== process.pid && pid !== 0)) return _kill.call(this, pid, signal);
    hooks.flush(isHeld(shared, signal));
    Atomics.store(shared, WORD.dying, signal);
    const error = _kill.call(this, pid, signal);
    // Without us the program would not run on after killing itself; with us the control thread has to let go first.
    if (error === 0 && isHeld(shared, signal)) Atomics.wait(shared, WORD.never, 0, 2_000);
    return error;
  };
}

/** True when only the control thread keeps the signal from ending the process. */
function isHeld(shared: SharedState, signal: number): boolean {
  return Atomics.load(shared, WORD.held + signal) === 1 && Atomics.load(shared, WORD.caught + signal) === 0;
}
