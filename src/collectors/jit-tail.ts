import { lstatSync, readdirSync } from 'node:fs';
import { childrenOf, latestId, lookInside } from '../processes/inside.ts';
import { JitMapTail, monotonic } from './jit-map-tail.ts';
import { SidecarWriter } from './sidecar-writer.ts';

/**
 * How often a map that grows is looked at. After so many looks in vain the kernel tells when it grows on: each look wakes
 * us up, which costs more than the look.
 */
const GROWING_MS = 10;
const LOOKS_IN_VAIN = 3;
/** How many are looked at each time; more than these take turns. */
const READ_AT_ONCE = 8;
/** How often processes, their maps, and maps that rest are looked for; this share of the time goes into it. */
const SCAN_MS = { least: 80, most: 500 };
const SCAN_SHARE = 0.003;
const FOLLOWED_AT_MOST = 256;

/** Maps of the recorded processes that are being dated. */
export interface JitTail {
  /** Looks at all maps and writes down what has come since; nothing after `stop`. */
  sync(): void;
  /** Reads what is left. To be called when the programs have ended, or the recording has. */
  stop(): void;
  /** What was left out, one line each; whole after `stop`. */
  readonly problems: readonly string[];
  /** The process and its descendants, as far as they are known to be there. */
  readonly living: ReadonlySet<number>;
  /** Those of them that had a map; whole after `stop`. */
  readonly mapped: ReadonlySet<number>;
}

/**
 * V8 and others write a line into /tmp/perf-PID.map for each function that they compile, and use memory again, so that
 * an address alone does not tell the function. The lines have no times; but V8 writes each at once. So while perf records
 * (with CLOCK_MONOTONIC), the maps of a process and its descendants are looked at a hundred times a second as long as they
 * grow, and what is new is written with the time of the look before (see `openSidecar`). The program notices nothing.
 * @param file where to; made when there is a line
 */
export function followJitMaps(root: number, file: string): JitTail {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const follower = new Follower(root, file, () => {
    clearTimeout(timer);
    lookIn(GROWING_MS);
  });
  const lookIn = (ms: number): void => {
    timer = setTimeout(() => lookIn(follower.tick()), ms);
    timer.unref();
  };
  lookIn(follower.tick());
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      follower.finish();
    },
    sync() {
      if (!stopped) follower.sync();
    },
    problems: follower.problems,
    living: follower.living,
    mapped: follower.mapped,
  };
}

interface Followed {
  readonly pid: number;
  /** Where its map is or would be. */
  readonly path: string;
  tail: JitMapTail | undefined;
  /** Nanoseconds: there was no map then. 0: not known. */
  without: number;
  /** Looks in vain, one after the other. */
  vain: number;
}

class Follower {
  readonly problems: string[] = [];
  private readonly onGrowth: () => void;
  private readonly started = Date.now();
  private readonly writer: SidecarWriter;
  private readonly seen = new Set<number>();
  readonly living = new Set<number>();
  readonly mapped = new Set<number>();
  /** Those that have a map, those of them whose map grows, and those that have none yet. */
  private read: Followed[] = [];
  private growing: Followed[] = [];
  private sought: Followed[] = [];
  private turn = 0;
  private nextScan = 0;
  /** Nanoseconds: when children were last looked for. */
  private scanned = 0;
  /** The latest id of any process when children were last looked for. */
  private latest: string | undefined;

  /** @param onGrowth called when `tick` should be called sooner than it said */
  constructor(root: number, file: string, onGrowth: () => void) {
    this.onGrowth = onGrowth;
    this.writer = new SidecarWriter(file);
    this.meet(root, 0);
  }

  /** @returns milliseconds until it is to be called again */
  tick(): number {
    this.turn++;
    for (const entry of taken(this.growing, READ_AT_ONCE, this.turn)) this.look(entry);
    const start = performance.now();
    if (start >= this.nextScan) {
      this.scanAll();
      const cost = (performance.now() - start) / SCAN_SHARE;
      this.nextScan = start + Math.min(Math.max(cost, SCAN_MS.least), SCAN_MS.most);
    }
    return this.growing.length > 0 ? GROWING_MS : SCAN_MS.least;
  }

  /** A look at a map that grew lately. */
  private look(entry: Followed): void {
    entry.vain = this.poll(entry) ? 0 : entry.vain + 1;
    if (entry.vain < LOOKS_IN_VAIN || !entry.tail!.await((since) => this.grows(entry, since))) return;
    this.growing = this.growing.filter((other) => other !== entry);
    // What came between the look and the waiting would be told to nobody
    if (this.poll(entry)) entry.vain = 0;
  }

  /** A map that rested has been written to. */
  private grows(entry: Followed, since: number): void {
    entry.vain = 0;
    this.poll(entry, since);
    this.growing = [...this.growing, entry];
    this.onGrowth();
  }

  private scanAll(): void {
    const latest = latestId();
    if (latest === undefined || latest !== this.latest) this.scan();
    this.latest = latest;
    for (const entry of this.sought) this.seek(entry);
    for (const entry of this.read) this.poll(entry);
  }

  sync(): void {
    this.lookAtAll();
    this.writes(() => this.writer.flush());
  }

  finish(): void {
    this.lookAtAll();
    this.addMissed();
    for (const { tail } of this.read) tail?.close();
    this.writes(() => this.writer.close());
  }

  private lookAtAll(): void {
    this.scan();
    for (const entry of this.sought) this.seek(entry);
    for (const entry of this.read) this.poll(entry);
  }

  private writes(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.problems.push(`names of just-in-time code are incomplete: ${(error as Error).message}`);
    }
  }

  /** @param before nanoseconds: the process was not there then */
  private meet(pid: number, before: number): void {
    const inside = lookInside(pid);
    if (inside === undefined || this.seen.has(pid)) return;
    this.seen.add(pid);
    this.living.add(pid);
    this.sought.push({ pid, path: `${inside.tmp}/perf-${inside.pid}.map`, tail: undefined, without: before, vain: 0 });
  }

  /** Finds children, forgets the dead. */
  private scan(): void {
    const now = monotonic();
    // A set that grows while it is walked is walked to its new end.
    for (const pid of this.living) {
      const children = childrenOf(pid);
      if (children === undefined) this.living.delete(pid);
      for (const child of children ?? []) this.meet(child, this.scanned);
    }
    this.scanned = now;
    for (const entry of this.read) {
      if (!entry.tail!.isGone()) continue;
      // Deleted: should the process make another, that is found.
      entry.tail!.close();
      this.read = this.read.filter((other) => other !== entry);
      this.growing = this.growing.filter((other) => other !== entry);
      this.sought = [...this.sought, { ...entry, tail: undefined, without: 0 }];
    }
  }

  private seek(entry: Followed): void {
    const now = monotonic();
    if (lstatSync(entry.path, { throwIfNoEntry: false }) === undefined) {
      entry.without = now;
      // Had it had one, that would be in /tmp, or out of reach by now; see addMissed.
      if (!this.living.has(entry.pid)) this.sought = this.sought.filter((other) => other !== entry);
      return;
    }
    const owners = lookInside(entry.pid)?.users ?? [process.geteuid?.() ?? 0];
    this.sought = this.sought.filter((other) => other !== entry);
    if (this.read.length >= FOLLOWED_AT_MOST) return;
    const tail = JitMapTail.open(entry.path, [...owners, 0], entry.without);
    if (tail === undefined) return;
    if ('why' in tail) {
      this.problems.push(`names of just-in-time code of process ${entry.pid} are not read: ${entry.path}: ${tail.why}`);
      return;
    }
    entry.tail = tail;
    this.mapped.add(entry.pid);
    this.read = [...this.read, entry];
    this.growing = [...this.growing, entry];
    this.poll(entry);
  }

  private poll(entry: Followed, since = 0): boolean {
    const tail = entry.tail!;
    if (tail.problem !== undefined) return false;
    let any = false;
    try {
      any = tail.poll((lines, date) => this.writer.write(entry.pid, date, lines), since);
    } catch (error) {
      tail.problem = (error as Error).message;
    }
    if (tail.problem !== undefined) {
      this.problems.push(`names of just-in-time code of process ${entry.pid} are incomplete: ${tail.problem}`);
    }
    return any;
  }

  /** Processes that were over before they were seen left maps too; that all is old is the best that can be said of those. */
  private addMissed(): void {
    const followed = new Set(this.read.map(({ pid }) => pid));
    for (const name of readdirSync('/tmp')) {
      const pid = Number(/^perf-(\d+)\.map$/.exec(name)?.[1]);
      if (Number.isNaN(pid) || followed.has(pid)) continue;
      const path = `/tmp/${name}`;
      const state = lstatSync(path, { throwIfNoEntry: false });
      if (state === undefined || state.mtimeMs < this.started) continue;
      const tail = JitMapTail.open(path, [process.geteuid?.() ?? 0, 0], 0);
      if (tail === undefined || 'why' in tail) continue;
      this.poll({ pid, path, tail, without: 0, vain: 0 });
      tail.close();
    }
  }
}

/** Some of a list; others at the next turn. */
function taken<Item>(list: readonly Item[], most: number, turn: number): readonly Item[] {
  if (list.length <= most) return list;
  const start = (turn * most) % list.length;
  return [...list.slice(start, start + most), ...list.slice(0, Math.max(0, start + most - list.length))];
}
