import { setTimeout as sleep } from 'node:timers/promises';
import type { Profile } from '../profile/profile.ts';

/** When, after the program's start: it has its libraries by then; later it has those that it loads itself. */
const TIMES_MS = [150, 800];

/** While a program runs we have nothing to do: what comes after its end is done once before, with made-up samples. */
export class Rehearsal {
  private readonly ended = new AbortController();
  private readonly draw: (profile: Profile) => Promise<void>;

  /** @param draw writes a profile to nowhere, as the real one will be written */
  constructor(draw: (profile: Profile) => Promise<void>) {
    this.draw = draw;
  }

  /** @param recording the file that the profiler writes to */
  readonly started = (pid: number, recording: string): void => {
    void this.run(pid, recording);
  };

  private async run(pid: number, recording: string): Promise<void> {
    const { signal } = this.ended;
    let waited = 0;
    try {
      for (const time of TIMES_MS) {
        await sleep(time - waited, undefined, { signal, ref: false });
        waited = time;
        const { rehearse } = await import('../formats/perf-binary/rehearsal.ts');
        if (signal.aborted) return;
        const profile = await rehearse(pid, recording, signal);
        // A pause for signals and for the program's own end
        await sleep(1, undefined, { signal, ref: false });
        if (profile !== undefined) await this.draw(profile);
      }
    } catch {
      // The program has ended, or this is a machine on which it does not help: the real thing says what is wrong.
    }
  }

  /** The real thing comes now. */
  end(): void {
    this.ended.abort();
  }
}
