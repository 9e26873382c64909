import pc from 'picocolors';
import { type AllocationPoints, METRICS, type Metric } from '../../profile/allocation-points.ts';
import { PairInterner } from '../../profile/columns.ts';
import { labelRanks } from '../../profile/label-ranks.ts';
import type { Profile } from '../../profile/profile.ts';
import { restack } from '../../profile/restack.ts';
import { selfWeights, subtreeWeights } from '../../profile/weights.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { siteLabel } from '../heap/site-table.ts';
import { columnsFor, layOutColumns } from './columns-text.ts';
import { totalsLines } from './totals-text.ts';

export interface CallerTreeOptions {
  readonly metric: Metric;
  /** Parts of the tree below this share are left out. Default: 0.5 */
  readonly minPercent?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

/** Branches are not drawn below this depth: no line is wide enough. */
const MOST_BRANCHES = 200;

/**
 * Who called whom until memory was allocated, callers on top, each with the numbers of all that it leads to.
 * @param profile made of the points
 */
export function callerTreeText(points: AllocationPoints, profile: Profile, options: CallerTreeOptions): string {
  const { metric, minPercent = 0.5, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const merged = new PairInterner(profile.stacks.length);
  const nodeOf = restack(profile.stacks, labelRanks(profile), merged);
  const parent = merged.first.toArray();
  const frame = new Int32Array(parent.length);
  for (let stack = 0; stack < nodeOf.length; stack++) frame[nodeOf[stack]!] = profile.stacks.frame[stack]!;
  const metrics = METRICS.filter(({ id }) => points.values.has(id)).map(({ id }) => id);
  const totals = metrics.map((_, i) => {
    const own = selfWeights(profile, i);
    const self = new Float64Array(parent.length);
    for (let stack = 0; stack < own.length; stack++) self[nodeOf[stack]!]! += own[stack]!;
    return subtreeWeights(parent, self);
  });
  const total = totals[metrics.indexOf(metric)]!;
  const columns = columnsFor(points, metric);
  const rows = drawn(parent, total, minPercent).map(({ node, branch }) => ({
    cells: columns.map(({ text }) => text(new Map(metrics.map((id, i) => [id, totals[i]![node]!])))),
    branch,
    label: siteLabel(wordsOf(profile, frame[node]!)),
  }));
  const titles = columns.map(({ title }) => title);
  const [head, ...lines] = layOutColumns(titles, 'Function', rows, width);
  const left = minPercent > 0 ? [`Parts below ${minPercent}% are left out.`] : [];
  const top = [...totalsLines(points), ...left].map((line) => colors.bold(shortenEnd(line, width)));
  return `${[...top, '', colors.dim(head!), ...lines].join('\n')}\n`;
}

interface DrawnNode {
  readonly node: number;
  readonly branch: { readonly text: string; readonly depth: number };
}

/** Nodes that weigh enough, callers first, the heaviest of siblings first, with the lines that lead to them. */
function drawn(parent: Int32Array, total: Float64Array, minPercent: number): DrawnNode[] {
  let whole = 0;
  for (let node = 0; node < parent.length; node++) if (parent[node]! < 0) whole += total[node]!;
  const children = new Map<number, number[]>();
  for (let node = 0; node < parent.length; node++) {
    if (total[node] === 0 || total[node]! < (minPercent / 100) * whole) continue;
    const siblings = children.get(parent[node]!);
    if (siblings === undefined) children.set(parent[node]!, [node]);
    else siblings.push(node);
  }
  const rows: DrawnNode[] = [];
  const pile: { readonly node: number; readonly depth: number; readonly own: string; readonly front: string }[] = [];
  const push = (node: number, depth: number, front: string): void => {
    // Pushed lightest first, so that the heaviest stands on top of the pile
    const lightestFirst = (children.get(node) ?? []).sort((a, b) => total[a]! - total[b]! || b - a);
    lightestFirst.forEach((child, i) => {
      const last = i === 0;
      if (depth === 0) pile.push({ node: child, depth, own: '', front: '' });
      else if (depth > MOST_BRANCHES) pile.push({ node: child, depth, own: front, front });
      else pile.push({ node: child, depth, own: `${front}${last ? '└ ' : '├ '}`, front: front + (last ? '  ' : '│ ') });
    });
  };
  push(-1, 0, '');
  for (let next = pile.pop(); next !== undefined; next = pile.pop()) {
    rows.push({ node: next.node, branch: { text: next.own, depth: next.depth } });
    push(next.node, next.depth + 1, next.front);
  }
  return rows;
}

function wordsOf({ strings, frames }: Profile, frame: number) {
  return {
    name: strings[frames.name[frame]!]!,
    file: strings[frames.file[frame]!]!,
    line: frames.line[frame]!,
    module: strings[frames.module[frame]!]!,
  };
}
