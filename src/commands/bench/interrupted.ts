import type { Found } from '../../bench/runner/found.ts';
import type { BenchResult } from '../../bench/runner/result.ts';
import type { Side } from '../../bench/runner/side.ts';
import type { Warning } from '../../bench/runner/warnings.ts';
import { EXIT } from '../../errors.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import type { Progress } from '../../terminal/progress.ts';

/**
 * Ctrl-C while benchmarks are measured. Before {@link listen} and after {@link release} it ends the command, as there is
 * nothing to tell; between them it ends measuring when the process or the pair that runs is done, so that what was measured is
 * told, and a second one gives up at once (130).
 */
export class Interruption {
  /** The person wants measuring to end. */
  asked = false;
  release: () => void = () => {};
  private readonly progress: Progress;

  constructor(progress: Progress) {
    this.progress = progress;
  }

  listen(): void {
    this.release = onInterrupts(({ count }) => {
      if (count > 1) process.exit(EXIT.interrupted);
      this.asked = true;
      this.progress.say('ending with what is measured now; Ctrl-C again gives up at once');
    });
  }
}

/**
 * A Ctrl-C that the terminal sends to the whole group may reach a process before it leads a group of its own: that one did not
 * fail by itself.
 * @returns whether it was so; there is no failure then
 */
export function diedOfInterrupt(side: Pick<Side, 'failure'>, { asked }: Interruption): boolean {
  const { signal } = side.failure ?? {};
  const died = asked && (signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP' || signal === 'SIGQUIT');
  if (died) side.failure = undefined;
  return died;
}

/** @param what `2 of 5 processes` */
export function interruptedAfter(what: string): Warning {
  return {
    kind: 'interrupted',
    text: `interrupted after ${what}: the interval is wider for it`,
    advice: 'measure it again without Ctrl-C before you rely on it',
  };
}

export function wasInterrupted({ warnings }: BenchResult): boolean {
  return warnings.some(({ kind }) => kind === 'interrupted');
}

/** What was to be measured and was not. @returns undefined where there is nothing */
export function notMeasured(
  chosen: readonly Found[],
  results: readonly { readonly found: Found }[],
): string | undefined {
  const names = chosen.filter((found) => !results.some((result) => result.found === found)).map(({ id }) => id.fullId);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 5).join(', ');
  return `interrupted: ${names.length} of ${chosen.length} were not measured: ${shown}${names.length > 5 ? ', ...' : ''}`;
}
