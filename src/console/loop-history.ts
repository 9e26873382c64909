import type { ConsoleSnapshot, LoopFigures } from './snapshot.ts';

/** Snapshots that are kept: ten minutes of one a second. */
const MOST = 600;

/** Figures of the event loop at one moment: milliseconds since 1970. */
export interface LoopMoment {
  readonly time: number;
  readonly loop: LoopFigures;
}

/** What the event loop did in the last minutes. Snapshots may come in any order, as a recording can be played from anywhere. */
export class LoopHistory {
  private readonly moments: LoopMoment[] = [];

  add({ time, loop }: ConsoleSnapshot): void {
    if (loop === undefined) return;
    let at = this.moments.length;
    while (at > 0 && this.moments[at - 1]!.time > time) at--;
    if (this.moments[at - 1]?.time === time) return;
    this.moments.splice(at, 0, { time, loop });
    if (this.moments.length > MOST) this.moments.shift();
  }

  /** From the oldest on, none of them later than `time`. */
  until(time: number): readonly LoopMoment[] {
    let end = this.moments.length;
    while (end > 0 && this.moments[end - 1]!.time > time) end--;
    return this.moments.slice(0, end);
  }
}
