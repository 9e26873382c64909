import { type AllocationPoints, type Metric, totalOf } from './allocation-points.ts';
import { sitesBy } from './allocation-sites.ts';
import type { FrameWords } from './builder.ts';

/** A function on both sides: a metric's sum, and how many blocks. */
interface AllocationChange {
  /** Its lines together, as lines move when a program is changed. */
  readonly site: FrameWords;
  readonly before: number;
  readonly after: number;
  readonly blocksBefore: number;
  readonly blocksAfter: number;
}

/** Two recordings of dhat against each other. */
export interface AllocationDiff {
  readonly metric: Metric;
  /** Of each metric that both sides have. */
  readonly totals: readonly { readonly metric: Metric; readonly before: number; readonly after: number }[];
  /** Functions whose metric or number of blocks changed, the largest change first. */
  readonly sites: readonly AllocationChange[];
}

/** Compares who allocated how much. Addresses and lines do not matter. @param metric one that both sides have */
export function allocationDiff(before: AllocationPoints, after: AllocationPoints, metric: Metric): AllocationDiff {
  const [old, now] = [byFunction(before, metric), byFunction(after, metric)];
  const sites: AllocationChange[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(key), now.get(key)];
    const change = {
      site: (b ?? a!).site,
      before: a?.value ?? 0,
      after: b?.value ?? 0,
      blocksBefore: a?.blocks ?? 0,
      blocksAfter: b?.blocks ?? 0,
    };
    if (change.before !== change.after || change.blocksBefore !== change.blocksAfter) sites.push(change);
  }
  const weight = ({ before: from, after: to }: AllocationChange): number => Math.abs(to - from);
  sites.sort(
    (a, b) =>
      weight(b) - weight(a) || Math.abs(b.blocksAfter - b.blocksBefore) - Math.abs(a.blocksAfter - a.blocksBefore),
  );
  const totals = [...before.values.keys()]
    .filter((id) => after.values.has(id))
    .map((id) => ({ metric: id, before: totalOf(before, id), after: totalOf(after, id) }));
  return { metric, totals, sites };
}

function byFunction(
  points: AllocationPoints,
  metric: Metric,
): Map<string, { readonly site: FrameWords; value: number; blocks: number }> {
  const sums = new Map<string, { readonly site: FrameWords; value: number; blocks: number }>();
  for (const { words, values } of sitesBy(points, metric)) {
    const { line: _moves, column: _too, ...site } = words;
    const key = `${site.name}\0${site.file ?? ''}\0${site.module ?? ''}`;
    const sum = sums.get(key) ?? { site, value: 0, blocks: 0 };
    sum.value += values.get(metric)!;
    sum.blocks += values.get('tbk')!;
    sums.set(key, sum);
  }
  return sums;
}
