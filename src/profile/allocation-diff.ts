import { type AllocationPoints, type Metric, totalOf } from './allocation-points.ts';
import { type AllocationSite, sitesBy } from './allocation-sites.ts';
import type { FrameWords } from './builder.ts';
import { movedSites, siteKey } from './diff/moved-sites.ts';

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

/** Compares who allocated how much. Addresses, lines and folders do not matter. @param metric one that both sides have */
export function allocationDiff(before: AllocationPoints, after: AllocationPoints, metric: Metric): AllocationDiff {
  const [left, right] = [sitesBy(before, metric), sitesBy(after, metric)];
  const named = movedSites(
    left.map(({ words }) => words),
    right.map(({ words }) => words),
  );
  const [old, now] = [byFunction(left, metric, named.before), byFunction(right, metric, named.after)];
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
  sites: readonly AllocationSite[],
  metric: Metric,
  name: (site: FrameWords) => FrameWords,
): Map<string, { readonly site: FrameWords; value: number; blocks: number }> {
  const sums = new Map<string, { readonly site: FrameWords; value: number; blocks: number }>();
  for (const { words, values } of sites) {
    const site = name(words);
    const key = siteKey(site);
    const sum = sums.get(key) ?? { site, value: 0, blocks: 0 };
    sum.value += values.get(metric)!;
    sum.blocks += values.get('tbk')!;
    sums.set(key, sum);
  }
  return sums;
}
