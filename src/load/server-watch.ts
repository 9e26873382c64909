import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { LOOP_VARIABLE } from '../preload/loop-log.ts';
import { appendOption, requireOption } from '../preload/node-options.ts';
import { residentMemory } from '../processes/memory.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { descendants, readProcess } from '../processes/proc.ts';

/** What a server used in a while. */
export interface ServerUsage {
  /** Of the program and all that it started: seconds. */
  readonly cpuSeconds: number;
  /** Bytes, mean and largest. */
  readonly rss: number;
  readonly maxRss: number;
  /** Of node's event loop; undefined of other programs. Of several processes the busiest one. */
  readonly eventLoop?: {
    /** Share of the time, 0 to 1, in which it was at work. */
    readonly utilization: number;
    /** How late it was with timers: microseconds. */
    readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  };
}

const INTERVAL_MS = 200;

/** Looks at a server while it is loaded: /proc for CPU time and memory, a preload for the event loops of node programs. */
export class ServerWatch {
  private readonly dir: string;
  private pid = 0;
  private timer: NodeJS.Timeout | undefined;
  private family: number[] = [];
  private readonly cpuBefore = new Map<number, number>();
  private readonly cpuNow = new Map<number, number>();
  private readonly rss: number[] = [];
  private begun = 0;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async open(): Promise<ServerWatch> {
    return new ServerWatch(await makePrivateDir());
  }

  /** The environment in which node programs tell of their event loops; others take no notice. */
  environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const option = requireOption(join(packageRoot(), 'dist/preload/event-loop.cjs'));
    return { ...env, NODE_OPTIONS: appendOption(env.NODE_OPTIONS, option), [LOOP_VARIABLE]: this.dir };
  }

  begin(pid: number): void {
    this.pid = pid;
    this.begun = Date.now();
    this.look();
    for (const [member, seconds] of this.cpuNow) this.cpuBefore.set(member, seconds);
    this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  end(): ServerUsage {
    clearInterval(this.timer);
    if (this.pid !== 0) this.look();
    let cpuSeconds = 0;
    for (const [pid, seconds] of this.cpuNow) cpuSeconds += seconds - (this.cpuBefore.get(pid) ?? 0);
    const loops = readdirSync(this.dir).flatMap((name) => loopOf(join(this.dir, name), this.begun, Date.now()) ?? []);
    const busiest = loops.sort((a, b) => b.utilization - a.utilization)[0];
    return {
      cpuSeconds,
      rss: this.rss.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, this.rss.length),
      maxRss: this.rss.reduce((most, bytes) => Math.max(most, bytes), 0),
      ...(busiest === undefined ? {} : { eventLoop: busiest }),
    };
  }

  async dispose(): Promise<void> {
    clearInterval(this.timer);
    await removePrivateDir(this.dir);
  }

  private look(): void {
    this.family = [this.pid, ...descendants(this.pid).map(({ pid }) => pid)];
    let rss = 0;
    for (const pid of this.family) {
      const process = readProcess(pid);
      const memory = residentMemory(pid);
      if (process !== undefined && process.state !== 'Z') this.cpuNow.set(pid, process.cpuSeconds);
      if (memory !== undefined) rss += memory.anonymous + memory.file + memory.shared;
    }
    if (rss > 0) this.rss.push(rss);
  }
}

/**
 * What one process wrote of its event loop between two times.
 * @param from milliseconds since the epoch
 */
function loopOf(path: string, from: number, to: number): ServerUsage['eventLoop'] | undefined {
  const lines = readFileSync(path, 'latin1')
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .filter((numbers) => numbers.length === 6 && numbers.every(Number.isFinite))
    .filter(([time]) => time! > from && time! <= to + INTERVAL_MS);
  if (lines.length === 0) return undefined;
  let [active, idle, max] = [0, 0, 0];
  const p50s: number[] = [];
  const p99s: number[] = [];
  for (const [, activeMs, idleMs, p50, p99, most] of lines as [number, number, number, number, number, number][]) {
    active += activeMs;
    idle += idleMs;
    p50s.push(p50);
    p99s.push(p99);
    max = Math.max(max, most);
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  return {
    utilization: active + idle > 0 ? active / (active + idle) : 0,
    delay: { p50: middle(p50s), p99: middle(p99s), max },
  };
}
