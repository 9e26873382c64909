/**
 * Columns of a number for each node that are needed for a while only. They are handed on, not made anew: at millions of
 * nodes each takes tens of megabytes, and the engine gives memory back late.
 */
export class Scratch {
  private readonly length: number;
  private readonly idle: Uint32Array[] = [];

  /** @param length of each column */
  constructor(length: number) {
    this.length = length;
  }

  /** A column whose contents are whatever they are. */
  take(): Uint32Array {
    return this.idle.pop() ?? new Uint32Array(this.length);
  }

  /** Takes columns back that nobody uses any more. */
  give(...columns: Uint32Array[]): void {
    this.idle.push(...columns);
  }
}
