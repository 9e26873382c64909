import { dominatorGroups } from '../../heap/dominator-groups.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenMiddle } from '../../terminal/string-width.ts';
import { type LabelledRow, layOutColumns } from '../dhat/columns-text.ts';
import { fullLook, type HeapLook } from './look.ts';
import { objectLabel } from './object-label.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

export interface DominatorsLook extends HeapLook {
  /** Parts below this share of the heap are left out. Default: 1 */
  readonly minPercent?: number;
}

/**
 * The dominator tree: each row is what would be free without the object above, objects of one class put together.
 */
export function dominatorsText(snapshot: AnalysedSnapshot, look: DominatorsLook): string {
  const { width, colors } = fullLook(look);
  const { minPercent = 1 } = look;
  const { graph, analysis, classes, words } = snapshot;
  const groups = dominatorGroups(graph, analysis, classes);
  const total = groups.retained[0]!;
  const least = (total * minPercent) / 100;
  const children = new Map<number, number[]>();
  for (let group = 1; group < groups.length; group++) {
    if (groups.retained[group]! < least) continue;
    const parent = groups.parent[group]!;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [group]);
    else siblings.push(group);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => groups.retained[a]! - groups.retained[b]!);
  const rows: LabelledRow[] = [];
  const pile = [{ group: 0, depth: 0, front: '', last: true }];
  for (let next = pile.pop(); next !== undefined; next = pile.pop()) {
    const { group, depth, front, last } = next;
    rows.push({
      cells: [
        formatValue(groups.retained[group]!, 'bytes'),
        formatPercent(groups.retained[group]!, total),
        formatValue(groups.shallow[group]!, 'bytes'),
        groupDigits(groups.count[group]!),
      ],
      branch: { text: depth === 0 ? '' : `${front}${last ? '└─ ' : '├─ '}`, depth },
      label: label(group),
    });
    const below = children.get(group) ?? [];
    const ahead = depth === 0 ? '' : `${front}${last ? '   ' : '│  '}`;
    for (const [i, child] of below.entries())
      pile.push({ group: child, depth: depth + 1, front: ahead, last: i === 0 });
  }
  const [titles, ...table] = layOutColumns(['Retained', 'Share', 'Shallow', 'Count'], 'Object', rows, width);
  const left = minPercent > 0 ? `, parts below ${minPercent}% left out` : '';
  const head = shortenMiddle(escapeTerminal(`${snapshot.name}: what holds what alone${left}`), width);
  return `${[colors.bold(head), '', colors.dim(titles!), ...table].join('\n')}\n`;

  function label(group: number): string {
    if (group === 0) return '(roots)';
    const node = groups.node[group]!;
    const edge = groups.edgeName[group]!;
    const held = edge < 0 ? '' : graph.strings.text(edge);
    if (groups.count[group] === 1) return objectLabel(graph, words, node, held);
    const closure = graph.nodeTypes[graph.nodeType[node]!] === 'closure';
    return escapeTerminal(closure ? words.name(node) : classes.names[classes.classOf[node]!]!);
  }
}
