import { console as inspected, type Profiler, Session } from 'node:inspector';
import type { RawPlace, SampledPath } from './messages.ts';

/** Microseconds between two samples: a callback of 20 ms has at least one. */
const INTERVAL = 10_000;
/** A profile is begun anew so often: its lines are sums since then. Milliseconds. */
const ROTATE_MS = 10_000;
/** Paths that are told of one block. */
const MOST_PATHS = 3;

/**
 * CPU samples of this thread, all the time, of which only those of blocks are looked at. A stack that is asked for
 * comes too late where the engine is in a builtin that knows no interruption (JSON.parse, sort): samples do not.
 *
 * The profiles are those of `console.profile`, of which there may be several at a time: the engine walks its whole heap when
 * sampling begins while nothing else is sampled in the session, so the next one begins before the last one ends.
 */
export class Samples {
  private readonly name: string;
  private session: Session | undefined;
  private number = 0;
  private since = 0;
  private finished: Profiler.Profile | undefined;

  /** @param name of no other profile in this thread */
  constructor(name: string) {
    this.name = name;
  }

  start(): void {
    if (this.session !== undefined) return;
    const session = new Session();
    session.connect();
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      if (params.title === this.title) this.finished = params.profile;
    });
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
    this.session = session;
    this.since = performance.now();
    inspected.profile(this.title);
  }

  /** To be called now and then. */
  keepShort(): void {
    if (this.session !== undefined && performance.now() - this.since > ROTATE_MS) this.next();
  }

  /**
   * What was sampled in each of some times, heaviest first.
   * @param times nanoseconds of the monotonic clock, from and to
   * @returns nothing where no samples were taken
   */
  taken(times: readonly (readonly [from: number, to: number])[]): SampledPath[][] {
    const profile = this.next();
    return profile === undefined ? [] : times.map(([from, to]) => pathsIn(profile, from / 1e3, to / 1e3));
  }

  stop(): void {
    // All that it has begun ends with it
    this.session?.disconnect();
    this.session = undefined;
  }

  private get title(): string {
    return `${this.name}.${this.number}`;
  }

  private next(): Profiler.Profile | undefined {
    if (this.session === undefined) return undefined;
    const old = this.title;
    inspected.profile(`${this.name}.${this.number + 1}`);
    this.finished = undefined;
    // The answers of a session of the same thread come at once
    inspected.profileEnd(old);
    this.number++;
    this.since = performance.now();
    const { finished } = this;
    this.finished = undefined;
    return finished;
  }
}

/** Times in microseconds. */
function pathsIn(profile: Profiler.Profile, from: number, to: number): SampledPath[] {
  const { samples = [], timeDeltas = [], nodes, startTime } = profile;
  const hits = new Map<number, number>();
  let time = startTime;
  for (let i = 0; i < samples.length; i++) {
    time += timeDeltas[i] ?? 0;
    if (time >= from && time <= to) hits.set(samples[i]!, (hits.get(samples[i]!) ?? 0) + 1);
  }
  if (hits.size === 0) return [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const heaviest = [...hits].sort((a, b) => b[1] - a[1]);
  const paths: SampledPath[] = [];
  for (const [leaf, count] of heaviest) {
    const stack: RawPlace[] = [];
    for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) {
      const { callFrame, positionTicks } = byId.get(id)!;
      if (callFrame.functionName === '(root)') break;
      const line = id === leaf ? mostTicks(positionTicks) : undefined;
      const column = line === undefined ? callFrame.columnNumber + 1 : 0;
      stack.push([callFrame.functionName, callFrame.url, line ?? callFrame.lineNumber + 1, column]);
    }
    // Nothing, or what the agent itself did
    if (stack.length === 0 || /^\((?:idle|program)\)$/.test(stack[0]![0])) continue;
    if (stack.some(([, file]) => file.endsWith(__filename))) continue;
    paths.push({ hits: count, stack });
    if (paths.length === MOST_PATHS) break;
  }
  return paths;
}

function mostTicks(ticks: readonly Profiler.PositionTickInfo[] | undefined): number | undefined {
  let best: Profiler.PositionTickInfo | undefined;
  for (const tick of ticks ?? []) if (best === undefined || tick.ticks > best.ticks) best = tick;
  return best?.line;
}
