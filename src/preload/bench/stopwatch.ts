/** A process that has a processor for less than this part of the time is given no more time for it. */
const LEAST_SHARE = 0.25;

/**
 * Time that a process had for itself: on a busy machine it counts slower than the clock, down to a quarter, so that what
 * lasts so long still does as much. What passes while it is stopped does not count.
 */
export class Stopwatch {
  private begin = process.hrtime.bigint();
  private cpu = process.cpuUsage();
  private stoppedAt: { readonly wall: bigint; readonly cpu: NodeJS.CpuUsage } | undefined;

  /** Nanoseconds since it was made. */
  get wall(): number {
    return Number((this.stoppedAt?.wall ?? process.hrtime.bigint()) - this.begin);
  }

  stop(): void {
    this.stoppedAt = { wall: process.hrtime.bigint(), cpu: process.cpuUsage() };
  }

  start(): void {
    if (this.stoppedAt === undefined) return;
    const { user, system } = process.cpuUsage(this.stoppedAt.cpu);
    this.begin += process.hrtime.bigint() - this.stoppedAt.wall;
    this.cpu = { user: this.cpu.user + user, system: this.cpu.system + system };
    this.stoppedAt = undefined;
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
