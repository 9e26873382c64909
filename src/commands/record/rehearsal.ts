import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../../collectors/collector.ts';
import type { Growing, ReadChoices } from '../../formats/format.ts';
import type { Profile } from '../../profile/profile.ts';
import { tuneEngine } from '../../tune-engine.ts';

/** Before all is rehearsed: a program that has started has its libraries then; later it has those that it loads itself. */
const REHEARSALS_AFTER_MS = [200, 500, 900];
/** How often what was recorded is read after that, and which share of a processor's time that may take. */
const READ_EVERY_MS = 1000;
const SHARE = 0.05;

const PICTURES = 3;
/** How long signals may have to wait. */
const PAUSE_AFTER_MS = 10;

/** Draws a profile, a piece at a time. */
export type Draw = (profile: Profile) => Promise<Iterable<unknown>>;

/**
 * While a program runs we have nothing to do: what was recorded so far is read, and what comes after the end is done
 * before, to nowhere.
 */
export class Rehearsal {
  /** What was read of the recording. */
  begun: Growing | undefined;
  private readonly ended = new AbortController();
  private readonly choices: ReadChoices;
  private readonly draw: Draw;

  /**
   * @param choices how the recording will be read
   * @param draw as the real profile will be drawn
   */
  constructor(choices: ReadChoices, draw: Draw) {
    this.choices = choices;
    this.draw = draw;
  }

  readonly started = (running: Running): void => {
    // What is read beside it would hold up the profiler's own end
    running.ended?.then(
      () => this.end(),
      () => this.end(),
    );
    void this.run(running);
  };

  private async run({ recording, flush }: Running): Promise<void> {
    const { signal } = this.ended;
    const breathe = async (): Promise<void> => {
      await pause(undefined, { signal });
    };
    let due = 0;
    try {
      for (let turn = 0; ; turn++) {
        await sleep(REHEARSALS_AFTER_MS[turn] ?? due, undefined, { signal, ref: false });
        const { beginPerfData } = await import('../../formats/perf-binary/read-perf-data.ts');
        await breathe();
        const size = await flush();
        signal.throwIfAborted();
        if (size === 0) return;
        const start = performance.now();
        const begun = this.begun ?? beginPerfData(recording, this.choices);
        this.begun = begun;
        await begun?.more(size, breathe);
        due = Math.max(READ_EVERY_MS, (performance.now() - start) / SHARE);
        if (turn < REHEARSALS_AFTER_MS.length) await this.rehearse(recording, breathe);
      }
    } catch {
      // The program has ended, or this is a machine on which it does not help: the real thing says what is wrong.
    }
  }

  private async rehearse(recording: string, breathe: () => Promise<void>): Promise<void> {
    await import('../../formats/registry.ts');
    const { rehearse } = await import('../../formats/perf-binary/rehearsal.ts');
    await breathe();
    const profile = await rehearse(recording, this.choices, breathe);
    if (profile === undefined) return;
    // Most of drawing is done once for a picture: it takes a few pictures until the engine finds it worth compiling well
    for (let picture = 0; picture < PICTURES; picture++) {
      await breathe();
      const pieces = await this.draw(profile);
      let since = performance.now();
      for (const _piece of pieces) {
        if (performance.now() - since < PAUSE_AFTER_MS) continue;
        await breathe();
        since = performance.now();
      }
    }
  }

  /** The real thing comes now: what was worth compiling well has been, and of the recording only the end is left to read. */
  end(): void {
    if (this.ended.signal.aborted) return;
    this.ended.abort();
    if (this.begun !== undefined) tuneEngine(0);
  }
}
