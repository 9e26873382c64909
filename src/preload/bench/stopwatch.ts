/** A process that has a processor for less than this part of the time is given no more time for it. */
const LEAST_SHARE = 0.25;

/**
 * Time that a process had for itself: on a busy machine it counts slower than the clock, down to a quarter, so that what
 * lasts so long still does as much.
 */
export class Stopwatch {
  private readonly begin = process.hrtime.bigint();
  private readonly cpu = process.cpuUsage();

  /** Nanoseconds since it was made. */
  get wall(): number {
    return Number(process.hrtime.bigint() - this.begin);
  }

  /** Whether so many nanoseconds are over. */
  isOver(time: number): boolean {
    const { wall } = this;
    // The clock alone is cheap to look at
    if (wall < time) return false;
    if (wall >= time / LEAST_SHARE) return true;
    const { user, system } = process.cpuUsage(this.cpu);
    return (user + system) * 1e3 >= time * 0.9;
  }
}
