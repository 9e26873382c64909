import { type AllocationPoints, type Metric, siteOf, totalOf } from './allocation-points.ts';
import type { FrameWords } from './builder.ts';

/** A place in the code that wanted memory, with the sums of its program points. */
export interface AllocationSite {
  readonly words: FrameWords;
  /** A sum for each metric that the file has. */
  readonly values: ReadonlyMap<Metric, number>;
  readonly points: readonly number[];
}

/** Points by who wanted the memory, the largest first. @param metric one that the file has */
export function sitesBy(points: AllocationPoints, metric: Metric): AllocationSite[] {
  return sitesOf(points, metric, () => true).filter(({ values }) => values.get(metric)! > 0);
}

function sitesOf(points: AllocationPoints, metric: Metric, wanted: (point: number) => boolean): AllocationSite[] {
  const sites = new Map<string, { words: FrameWords; values: Map<Metric, number>; points: number[] }>();
  for (let point = 0; point < points.length; point++) {
    if (!wanted(point)) continue;
    const words = points.frames[siteOf(points, point)]?.words ?? { name: '[root]' };
    const { name, file, line, module } = words;
    // Another address in the same line is the same place
    const key = JSON.stringify([name, file, line, module]);
    let site = sites.get(key);
    if (site === undefined) {
      site = { words, values: new Map(), points: [] };
      sites.set(key, site);
    }
    site.points.push(point);
    for (const [id, column] of points.values) site.values.set(id, (site.values.get(id) ?? 0) + column[point]!);
  }
  return [...sites.values()].sort((a, b) => b.values.get(metric)! - a.values.get(metric)!);
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
    const sites = sitesOf(points, metric, wanted)
      .map((site): FoundSite => ({ ...site, found: site.values.get(metric)! }))
      .filter(({ found }) => found > 0);
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
  for (const [point, counts] of points.accesses) {
    const holes = counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
    if (holes > 0 && holes < counts.length) unused.set(point, holes * points.values.get('tbk')![point]!);
  }
  const sites = sitesOf(points, 'tb', (point) => unused.has(point)).map((site): FoundSite => {
    const at = site.points.reduce((most, point) => (unused.get(point)! > unused.get(most)! ? point : most));
    const counts = points.accesses.get(at)!;
    const found = site.points.reduce((sum, point) => sum + unused.get(point)!, 0);
    return { ...site, found, holes: { ranges: rangesOf(counts), size: counts.length } };
  });
  const bytes = sites.reduce((sum, { found }) => sum + found, 0);
  const blocks = sites.reduce((sum, { values }) => sum + values.get('tbk')!, 0);
  const whole = totalOf(points, 'tb');
  if (bytes === 0 || bytes < LEAST * whole) return undefined;
  return { kind: 'holes', bytes, blocks, share: bytes / whole, sites: sites.sort((a, b) => b.found - a.found) };
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
