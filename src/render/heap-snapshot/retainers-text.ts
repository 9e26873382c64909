import { type PathLine, pathLines } from '../../heap/path-words.ts';
import { holdersOf, type PathStep, retainingPath } from '../../heap/retaining-path.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { shortenEnd, shortenMiddle } from '../../terminal/string-width.ts';
import { fullLook, type HeapLook } from './look.ts';
import { objectLabel, objectLabelWithin } from './object-label.ts';
import { pathText } from './path-text.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

/** Ways to an object: the nearest by each of those that refer to it, up to this many. */
const MOST_PATHS = 3;
/** An object may have a million of them. */
const MOST_LOOKED_AT = 1000;

/** Why an object is alive: the shortest way to it from a root, and the nearest by others that refer to it. */
export function retainersText(snapshot: AnalysedSnapshot, node: number, look: HeapLook): string {
  const { width, limit, colors } = fullLook(look);
  const { graph, analysis, words } = snapshot;
  const total = analysis.retainedSize[graph.root]!;
  const shallow = formatValue(analysis.shallowSize[node]!, 'bytes');
  const retained = analysis.retainedSize[node]!;
  const size = `${shallow}, retains ${formatValue(retained, 'bytes')} (${formatPercent(retained, total)} of the heap)`;
  const lines = [colors.bold(objectLabelWithin(graph, words, node, width)), shortenEnd(size, width), ''];
  const above = analysis.dominator[node]!;
  if (node !== graph.root && above !== graph.root) {
    lines.push(shortenMiddle(`Without ${objectLabel(graph, words, above)} it would be free.`, width), '');
  }
  const holders = holdersOf(graph, analysis, node);
  if (holders.length === 0) {
    lines.push('Nothing refers to it but weakly: the next garbage collection may free it.');
    return `${lines.join('\n')}\n`;
  }
  const ways = differentWays(snapshot, node, holders, Math.min(MOST_PATHS, limit));
  for (const [i, way] of ways.entries()) {
    lines.push(
      ...(i === 0 ? [] : ['']),
      colors.bold(i === 0 ? 'Shortest way to it from a root:' : 'By another that refers to it:'),
    );
    lines.push(...pathText(way, { width, colors, indent: '  ' }));
  }
  if (holders.length > ways.length) {
    const more = `${groupDigits(holders.length)} references lead to it`;
    lines.push('', colors.dim(shortenEnd(more, width)));
  }
  return `${lines.join('\n')}\n`;
}

/** The nearest ways to an object, each by another that people know: not by an array, and by what V8 keeps for it. */
function differentWays(
  { graph, analysis, words }: AnalysedSnapshot,
  node: number,
  holders: readonly PathStep[],
  most: number,
): PathLine[][] {
  const ways = new Map<number | undefined, PathLine[]>();
  for (const { node: from, edge } of holders.slice(0, MOST_LOOKED_AT)) {
    const steps = [...retainingPath(graph, analysis, from).slice(0, -1), { node: from, edge }, { node, edge: -1 }];
    const lines = pathLines(graph, words, steps);
    const holder = lines.at(-2)?.id;
    if (!ways.has(holder)) ways.set(holder, lines);
    if (ways.size === most) break;
  }
  return [...ways.values()];
}

/** The node with an id; -1 where there is none. */
export function nodeWithId({ graph }: { readonly graph: AnalysedSnapshot['graph'] }, id: number): number {
  return graph.nodeId.indexOf(id);
}
