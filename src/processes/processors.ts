import { findTool } from './executables.ts';
import { readProc } from './inside.ts';
import { runTool } from './run-tool.ts';

/** The processors that this process may use, by number; of /proc/self/status. Empty where it does not tell. */
export function allowedProcessors(): number[] {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readProc('/proc/self/status') ?? '') ?? [];
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** How long each processor has had nothing to do since the system started, by its number: clock ticks, of /proc/stat. */
function idleTicks(): ReadonlyMap<number, number> {
  // user nice system idle iowait ...
  const lines = (readProc('/proc/stat') ?? '').matchAll(/^cpu(\d+) \d+ \d+ \d+ (\d+)/gm);
  return new Map(Array.from(lines, ([, cpu, idle]) => [Number(cpu), Number(idle)]));
}

/** Finds the processor that others use least. */
export class Processors {
  private readonly allowed = allowedProcessors();
  private before = idleTicks();

  /**
   * The one that was idle most since the last time it was asked.
   * @param chance 0 up to, not including, 1: where several were
   * @returns undefined where there is no choice
   */
  leastUsed(chance: number): number | undefined {
    if (this.allowed.length < 2) return undefined;
    const now = idleTicks();
    const idle = this.allowed.map((cpu) => (now.get(cpu) ?? 0) - (this.before.get(cpu) ?? 0));
    this.before = now;
    // What is little in comparison is chance
    const enough = 0.9 * Math.max(...idle);
    const best = this.allowed.filter((_, at) => idle[at]! >= enough);
    return best[Math.floor(chance * best.length)];
  }
}

/**
 * Keeps the first thread of a process, and those that it starts from now on, to one processor (util-linux's taskset).
 * @returns whether that could be done
 */
export async function keepThreadOn(cpu: number, pid: number): Promise<boolean> {
  const taskset = findTool('taskset');
  if (taskset === undefined) return false;
  const { code } = await runTool(taskset, ['-p', '-c', String(cpu), String(pid)]);
  return code === 0;
}
