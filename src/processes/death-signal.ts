import { spawnSync } from 'node:child_process';
import { findTool } from './executables.ts';

let prefixFor: ((signal: string) => string[]) | undefined;

/**
 * The words to put before a command so that the kernel sends it `signal` when we die, even by SIGKILL
 * (prctl PR_SET_PDEATHSIG by util-linux's setpriv). Empty where this system has no such setpriv (busybox's has not).
 */
export function deathSignalPrefix(signal: 'TERM' | 'INT' | 'KILL'): string[] {
  prefixFor ??= probe();
  return prefixFor(signal);
}

/** True where {@link deathSignalPrefix} works. */
export function hasDeathSignal(): boolean {
  return deathSignalPrefix('TERM').length > 0;
}

function probe(): (signal: string) => string[] {
  const setpriv = findTool('setpriv');
  const works =
    setpriv !== undefined &&
    spawnSync(setpriv, ['--pdeathsig', 'TERM', '--', setpriv, '--version'], { stdio: 'ignore' }).status === 0;
  return works ? (signal) => [setpriv, '--pdeathsig', signal, '--'] : () => [];
}
