const SPARSEST = 1 << 16;

/** Chooses one of some operations, so that few stacks are taken and rare operations are not lost among thousands of others. */
export class Choice {
  /** One of so many is chosen. */
  every = 1;
  /** Nanoseconds spent on those that were chosen in this window. */
  spent = 0;
  private limit = Number.POSITIVE_INFINITY;
  private step = 0;
  private countdown = 1;
  private random = 0x2545f491;

  /** Whether this one is. */
  takes(): boolean {
    if (--this.countdown > 0) return false;
    this.countdown = this.nextGap();
    return true;
  }

  /** @param limit nanoseconds of this window that may be spent before fewer are chosen */
  begin(limit: number): void {
    this.spent = 0;
    this.limit = this.step = limit;
  }

  spend(nanoseconds: number): void {
    this.spent += nanoseconds;
    if (this.spent <= this.limit) return;
    this.limit += this.step;
    this.sparser(4);
  }

  /** @param part of the time that went into it, and what is allowed: 0 to 1 */
  adapt(part: number, allowed: number): void {
    if (part > allowed) this.sparser(2);
    else if (part < allowed / 4 && this.every > 1) this.every /= 2;
  }

  private sparser(times: number): void {
    this.every = Math.min(SPARSEST, this.every * times);
  }

  /** Choosing must not fall into step with what the program does in turns. */
  private nextGap(): number {
    if (this.every === 1) return 1;
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor((this.random / 2 ** 32) * (2 * this.every - 1));
  }
}
