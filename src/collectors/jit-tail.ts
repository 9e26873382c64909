import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { childrenOf, lookInside } from '../processes/inside.ts';
import { isAlive } from '../processes/proc.ts';
import { SIDECAR_HEAD } from '../symbols/perf-map.ts';
import { JitMapTail } from './jit-map-tail.ts';

/** How often each map is looked at, where there are few. */
const POLL_MS = 10;
/** How many maps are looked at each time; more than these take turns. */
const POLLED_AT_ONCE = 8;
/** How often new processes are looked for; less often where that costs more than a hundredth of this time. */
const SCAN_MS = 50;
const SCAN_SHARE = 1 / 200;
const FOLLOWED_AT_MOST = 256;

/** Maps of the recorded processes that are being dated. */
export interface JitTail {
  /** Reads what is left. To be called when the programs have ended, or the recording has. */
  stop(): void;
  /** What was left out, one line each; whole after `stop`. */
  readonly problems: readonly string[];
}

/**
 * V8 and others write a line into /tmp/perf-PID.map for each function that they compile, and use memory again, so that
 * an address alone does not tell the function. The lines have no times; but V8 writes each at once. So while perf records
 * (with CLOCK_MONOTONIC), the maps of a process and its descendants are looked at a hundred times a second, and what is
 * new is written with the time of the look before (see `openSidecar` for the file). The program notices nothing.
 * @param file where to; made when there is a line
 */
export function followJitMaps(root: number, file: string): JitTail {
  const writer = new SidecarWriter(file);
  const follower = new Follower(root, writer);
  const timer = setInterval(() => follower.tick(), POLL_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      follower.finish();
    },
    problems: follower.problems,
  };
}

class Follower {
  private readonly started = Date.now();
  private readonly writer: SidecarWriter;
  /** Every process seen; undefined while it has no map. */
  private readonly processes = new Map<number, JitMapTail | undefined>();
  private readonly living = new Set<number>();
  private polled: { readonly pid: number; readonly tail: JitMapTail }[] = [];
  private turn = 0;
  private nextScan = 0;
  readonly problems: string[] = [];

  constructor(root: number, writer: SidecarWriter) {
    this.writer = writer;
    this.processes.set(root, undefined);
    this.living.add(root);
    this.tick();
  }

  tick(): void {
    const count = Math.min(this.polled.length, POLLED_AT_ONCE);
    for (let i = 0; i < count; i++) {
      this.turn = (this.turn + 1) % this.polled.length;
      this.poll(this.polled[this.turn]!);
    }
    const start = performance.now();
    if (start < this.nextScan) return;
    this.scan();
    this.nextScan = start + Math.max(SCAN_MS, (performance.now() - start) / SCAN_SHARE);
  }

  finish(): void {
    this.scan();
    for (const entry of this.polled) this.poll(entry);
    this.addMissed();
    for (const { tail } of this.polled) tail.close();
    this.writer.close();
  }

  private poll({ pid, tail }: { readonly pid: number; readonly tail: JitMapTail }): void {
    const before = tail.problem;
    try {
      tail.poll((lines, date) => this.writer.write(pid, date, lines));
    } catch (error) {
      tail.problem = (error as Error).message;
    }
    if (before === undefined && tail.problem !== undefined) {
      this.problems.push(`names of just-in-time code of process ${pid} are incomplete: ${tail.problem}`);
    }
  }

  /** Finds children, and maps of processes that had none. */
  private scan(): void {
    for (const pid of this.living) {
      for (const child of childrenOf(pid)) {
        if (this.processes.has(child)) continue;
        this.processes.set(child, undefined);
        // A set that grows while it is walked is walked to its new end
        this.living.add(child);
      }
      const known = this.processes.get(pid);
      if (known === undefined || known.gone) this.open(pid);
      if (!isAlive(pid)) this.living.delete(pid);
    }
  }

  private open(pid: number): void {
    if (this.polled.length >= FOLLOWED_AT_MOST) return;
    const inside = lookInside(pid);
    if (inside === undefined) return;
    const tail = JitMapTail.open(`${inside.tmp}/perf-${inside.pid}.map`, [...inside.users, 0]);
    if (tail === undefined) return;
    const entry = { pid, tail };
    this.processes.get(pid)?.close();
    this.processes.set(pid, tail);
    this.polled = [...this.polled.filter((other) => other.pid !== pid), entry];
    this.poll(entry);
  }

  /** Processes that were over before they were seen left maps too; that all is old is the best that can be said of those. */
  private addMissed(): void {
    const user = process.geteuid?.() ?? 0;
    for (const name of readdirSync('/tmp')) {
      const pid = Number(/^perf-(\d+)\.map$/.exec(name)?.[1]);
      if (Number.isNaN(pid) || this.processes.get(pid) !== undefined) continue;
      const path = `/tmp/${name}`;
      if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < this.started) continue;
      const tail = JitMapTail.open(path, [user, 0]);
      if (tail === undefined) continue;
      this.poll({ pid, tail });
      tail.close();
    }
  }
}

class SidecarWriter {
  private readonly path: string;
  private file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws {Error} the disk is full */
  write(pid: number, date: number, lines: Buffer): void {
    if (this.file === undefined) {
      this.file = openSync(this.path, 'wx', 0o600);
      writeSync(this.file, SIDECAR_HEAD);
    }
    const head = `${pid} ${date} `;
    // As latin1 every byte is a character, and stays what it was.
    const text = lines.toString('latin1', 0, lines.length - 1).replaceAll('\n', `\n${head}`);
    const bytes = Buffer.from(`${head}${text}\n`, 'latin1');
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
