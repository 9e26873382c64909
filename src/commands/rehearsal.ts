import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../collectors/collector.ts';
import type { Profile } from '../profile/profile.ts';

/** When, after the program's start: it has its libraries by then; later it has those that it loads itself, and is warm. */
const TIMES_MS = [200, 700, 1600];

/** How long signals may have to wait. */
const PAUSE_AFTER_MS = 10;

/** Draws a profile, a piece at a time. */
export type Draw = (profile: Profile) => Promise<Iterable<unknown>>;

/** While a program runs we have nothing to do: what comes after its end is done before, to nowhere. */
export class Rehearsal {
  private readonly ended = new AbortController();
  private readonly draw: Draw;

  /** @param draw as the real profile will be drawn */
  constructor(draw: Draw) {
    this.draw = draw;
  }

  readonly started = (running: Running): void => {
    void this.run(running);
  };

  private async run({ recording, flush }: Running): Promise<void> {
    const { signal } = this.ended;
    const breathe = async (): Promise<void> => {
      await pause(undefined, { signal });
    };
    let waited = 0;
    try {
      for (const time of TIMES_MS) {
        await sleep(time - waited, undefined, { signal, ref: false });
        waited = time;
        await import('../formats/registry.ts');
        await breathe();
        const { rehearse } = await import('../formats/perf-binary/rehearsal.ts');
        await breathe();
        await flush();
        const profile = await rehearse(recording, breathe);
        if (profile !== undefined) await this.drawn(profile, breathe);
      }
    } catch {
      // The program has ended, or this is a machine on which it does not help: the real thing says what is wrong.
    }
  }

  private async drawn(profile: Profile, breathe: () => Promise<void>): Promise<void> {
    await breathe();
    const pieces = await this.draw(profile);
    let since = performance.now();
    for (const _piece of pieces) {
      if (performance.now() - since < PAUSE_AFTER_MS) continue;
      await breathe();
      since = performance.now();
    }
  }

  /** The real thing comes now. */
  end(): void {
    this.ended.abort();
  }
}
