import { type AllocationPoints, type Metric, siteOf, totalOf } from './allocation-points.ts';
import type { FrameWords } from './builder.ts';

/** A place in the code that wanted memory, with the sums of its program points. */
export interface AllocationSite {
  readonly words: FrameWords;
  /** A sum for each metric that the file has. */
  readonly values: ReadonlyMap<Metric, number>;
}

/** Points by who wanted the memory, the largest first. @param metric one that the file has */
export function sitesBy(points: AllocationPoints, metric: Metric): AllocationSite[] {
  return sitesOf(points, metric, () => true).filter(({ values }) => values.get(metric)! > 0);
}

function sitesOf(points: AllocationPoints, metric: Metric, wanted: (point: number) => boolean): AllocationSite[] {
  const sites = new Map<string, { words: FrameWords; values: Map<Metric, number> }>();
  for (let point = 0; point < points.length; point++) {
    if (!wanted(point)) continue;
    const words = points.frames[siteOf(points, point)]?.words ?? { name: '[root]' };
    const { name, file, line, module } = words;
    // Another address in the same line is the same place
    const key = JSON.stringify([name, file, line, module]);
    let site = sites.get(key);
    if (site === undefined) {
      site = { words, values: new Map() };
      sites.set(key, site);
    }
    for (const [id, column] of points.values) site.values.set(id, (site.values.get(id) ?? 0) + column[point]!);
  }
  return [...sites.values()].sort((a, b) => b.values.get(metric)! - a.values.get(metric)!);
}

export const FINDINGS = ['untouched', 'never-read', 'never-written', 'holes', 'short-lived', 'not-freed'] as const;

/** What is worth a look, and where. */
export interface Finding {
  readonly kind: (typeof FINDINGS)[number];
  readonly bytes: number;
  readonly blocks: number;
  /** Bytes of the whole that it is a share of, or blocks of short-lived ones. */
  readonly share: number;
  readonly sites: readonly AllocationSite[];
  /** Of holes: bytes of the largest site's blocks that nobody touches, as `8-15`, and how long such a block is. */
  readonly holes?: { readonly ranges: string; readonly size: number };
}

/** Less than this part of the whole is no finding: half a percent, as dh_view has it. */
const LEAST = 0.005;

/** What stands out in a run, most waste first. Empty where neither lifetimes nor accesses are known. */
export function findingsOf(points: AllocationPoints): Finding[] {
  const value = (metric: Metric, point: number): number => points.values.get(metric)![point]!;
  const findings: Finding[] = [];
  const add = (kind: Finding['kind'], metric: 'tb' | 'tbk' | 'eb', wanted: (point: number) => boolean): void => {
    const sites = sitesOf(points, metric, wanted).filter(({ values }) => values.get(metric)! > 0);
    const sum = (id: Metric): number => sites.reduce((total, { values }) => total + values.get(id)!, 0);
    const whole = totalOf(points, metric === 'tbk' ? 'tbk' : 'tb');
    const [bytes, blocks] = metric === 'eb' ? [sum('eb'), sum('ebk')] : [sum('tb'), sum('tbk')];
    const share = whole === 0 ? 0 : sum(metric) / whole;
    if (share >= LEAST) findings.push({ kind, bytes, blocks, share, sites });
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
  const unused = new Map<number, number>();
  let bytes = 0;
  let blocks = 0;
  let largest = -1;
  for (const [point, counts] of points.accesses) {
    const holes = counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
    if (holes === 0 || holes === counts.length) continue;
    const count = points.values.get('tbk')![point]!;
    unused.set(point, holes * count);
    bytes += holes * count;
    blocks += count;
    if (largest < 0 || holes * count > unused.get(largest)!) largest = point;
  }
  const whole = totalOf(points, 'tb');
  if (largest < 0 || bytes < LEAST * whole) return undefined;
  const counts = points.accesses.get(largest)!;
  const sites = sitesOf(points, 'tb', (point) => unused.has(point));
  const words = points.frames[siteOf(points, largest)]!.words;
  const first = sites.findIndex((site) => site.words === words);
  // The site that the ranges are of stands first
  const ordered = first > 0 ? [sites[first]!, ...sites.slice(0, first), ...sites.slice(first + 1)] : sites;
  return {
    kind: 'holes',
    bytes,
    blocks,
    share: bytes / whole,
    sites: ordered,
    holes: { ranges: rangesOf(counts), size: counts.length },
  };
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
