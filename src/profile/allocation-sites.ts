import { type AllocationPoints, type Metric, siteOf, totalOf } from './allocation-points.ts';
import type { FrameWords } from './builder.ts';

/** A place in the code that wanted memory, with the sums of its program points. */
export interface AllocationSite {
  readonly words: FrameWords;
  /** A sum for each metric that the file has. */
  readonly values: ReadonlyMap<Metric, number>;
  readonly points: readonly number[];
}

/** Where a point has no stack at all. */
const ROOT = { text: '[root]', address: '', words: { name: '[root]' } };

/** Points by who wanted the memory, the largest first. @param metric one that the file has */
export function sitesBy(points: AllocationPoints, metric: Metric): AllocationSite[] {
  const groups = sitesOf(points, points.values.get(metric)!, () => true);
  return groups.map(({ frame, points: own }) => new PointsSite(points, frame, own));
}

/**
 * Sums are made when they are asked for: a large run has tens of thousands of sites, of which a screen shows twenty.
 */
class PointsSite implements AllocationSite {
  readonly points: readonly number[];
  private readonly frame: number;
  private readonly from: AllocationPoints;
  private sums: Map<Metric, number> | undefined;

  constructor(from: AllocationPoints, frame: number, points: readonly number[]) {
    this.from = from;
    this.frame = frame;
    this.points = points;
  }

  get words(): FrameWords {
    return (this.from.frames[this.frame] ?? ROOT).words;
  }

  get values(): ReadonlyMap<Metric, number> {
    if (this.sums === undefined) {
      this.sums = new Map();
      for (const [id, column] of this.from.values)
        this.sums.set(
          id,
          this.points.reduce((sum, at) => sum + column[at]!, 0),
        );
    }
    return this.sums;
  }
}

class FoundPoints extends PointsSite implements FoundSite {
  readonly found: number;
  readonly holes?: { readonly ranges: string; readonly size: number };

  constructor(from: AllocationPoints, { frame, points, weight }: Group, holes?: FoundSite['holes']) {
    super(from, frame, points);
    this.found = weight;
    if (holes !== undefined) this.holes = holes;
  }
}

interface Group {
  /** Row of `frames`. */
  readonly frame: number;
  readonly points: readonly number[];
  /** More than 0. */
  readonly weight: number;
}

/**
 * Sites of the wanted points that weigh something, the heaviest first.
 * @param weights by point
 */
function sitesOf(
  points: AllocationPoints,
  weights: { readonly [point: number]: number },
  wanted: (point: number) => boolean,
): Group[] {
  type Growing = { readonly frame: number; readonly points: number[]; weight: number };
  const groups = new Map<string, Growing>();
  const byFrame = new Map<number, Growing>();
  for (let point = 0; point < points.length; point++) {
    if (!wanted(point)) continue;
    const frame = siteOf(points, point);
    let group = byFrame.get(frame);
    if (group === undefined) {
      const { text, address } = points.frames[frame] ?? ROOT;
      // Another address in the same line is the same place
      const key = text.slice(address.length);
      group = groups.get(key) ?? { frame, points: [], weight: 0 };
      groups.set(key, group);
      byFrame.set(frame, group);
    }
    group.points.push(point);
    group.weight += weights[point]!;
  }
  return [...groups.values()].filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
}

/** What is worth a look, and where. */
export interface Finding {
  readonly kind: 'untouched' | 'never-read' | 'never-written' | 'holes' | 'short-lived' | 'not-freed';
  readonly bytes: number;
  readonly blocks: number;
  /** Bytes of the whole that it is a share of, or blocks of short-lived ones. */
  readonly share: number;
  readonly sites: readonly FoundSite[];
}

export interface FoundSite extends AllocationSite {
  /** What was found there, as the finding counts it: bytes, or blocks of short-lived ones. */
  readonly found: number;
  /** Where blocks of so many bytes are never used, where most is lost: `8-15, 24`. */
  readonly holes?: { readonly ranges: string; readonly size: number };
}

/** Less than this part of the whole is no finding: half a percent, as dh_view has it. */
const LEAST = 0.005;

/** What stands out in a run, most waste first. Empty where neither lifetimes nor accesses are known. */
export function findingsOf(points: AllocationPoints): Finding[] {
  const value = (metric: Metric, point: number): number => points.values.get(metric)![point]!;
  const findings: Finding[] = [];
  const add = (kind: Finding['kind'], metric: 'tb' | 'tbk' | 'eb', wanted: (point: number) => boolean): void => {
    const sum = (id: Metric): number => {
      let total = 0;
      for (let point = 0; point < points.length; point++) {
        if (wanted(point) && value(metric, point) > 0) total += value(id, point);
      }
      return total;
    };
    const whole = totalOf(points, metric === 'tbk' ? 'tbk' : 'tb');
    const share = whole === 0 ? 0 : sum(metric) / whole;
    if (share < LEAST) return;
    const [bytes, blocks] = metric === 'eb' ? [sum('eb'), sum('ebk')] : [sum('tb'), sum('tbk')];
    const sites = sitesOf(points, points.values.get(metric)!, wanted);
    findings.push({ kind, bytes, blocks, share, sites: sites.map((group) => new FoundPoints(points, group)) });
  };
  if (points.values.has('rb')) {
    const read = (point: number): boolean => value('rb', point) > 0;
    const written = (point: number): boolean => value('wb', point) > 0;
    add('untouched', 'tb', (point) => !read(point) && !written(point));
    add('never-read', 'tb', (point) => !read(point) && written(point));
    add('never-written', 'tb', (point) => read(point) && !written(point));
    const holes = holesOf(points);
    if (holes !== undefined) findings.push(holes);
  }
  if (points.shortLived !== undefined) {
    const { shortLived } = points;
    add('short-lived', 'tbk', (point) => value('tl', point) <= shortLived * value('tbk', point));
    add('not-freed', 'eb', (point) => value('eb', point) > 0);
  }
  return findings;
}

/** Bytes that no block of a program point ever used, though others of the block are: room that a structure does not need. */
function holesOf(points: AllocationPoints): Finding | undefined {
  const unused = new Float64Array(points.length);
  let [bytes, blocks] = [0, 0];
  for (const [point, counts] of points.accesses) {
    const holes = counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
    if (holes === 0 || holes === counts.length) continue;
    const count = points.values.get('tbk')![point]!;
    unused[point] = holes * count;
    bytes += holes * count;
    blocks += count;
  }
  const whole = totalOf(points, 'tb');
  if (bytes === 0 || bytes < LEAST * whole) return undefined;
  const sites = sitesOf(points, unused, (point) => unused[point]! > 0).map((group) => {
    const at = group.points.reduce((most, point) => (unused[point]! > unused[most]! ? point : most));
    const counts = points.accesses.get(at)!;
    return new FoundPoints(points, group, { ranges: rangesOf(counts), size: counts.length });
  });
  return { kind: 'holes', bytes, blocks, share: bytes / whole, sites };
}

/** Where a block has bytes that were never accessed: `8-15, 24`. */
function rangesOf(counts: Float64Array): string {
  const ranges: string[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] !== 0) continue;
    const start = i;
    while (i + 1 < counts.length && counts[i + 1] === 0) i++;
    ranges.push(start === i ? `${i}` : `${start}-${i}`);
  }
  const MOST = 6;
  return ranges.length <= MOST ? ranges.join(', ') : `${ranges.slice(0, MOST).join(', ')}, ...`;
}
