import type { AllocationPoints } from '../../profile/allocation-points.ts';
import { PointNode, pointTree } from './point-tree.ts';
import { type NodePlace, nodeLines } from './view-node.ts';
import { ViewNumbers } from './view-numbers.ts';
import type { ViewSort } from './view-sorts.ts';

/** A piece of text is about so long. */
const PIECE = 1 << 16;

/**
 * The text that valgrind's dh_view shows of a file, byte for byte.
 * @param sort one of VIEW_SORTS
 */
export function* viewText(points: AllocationPoints, sort: ViewSort): Iterable<string> {
  const numbers = new ViewNumbers(points);
  let text = head(points, numbers);
  const view: View = { points, sort, significant: new Map() };
  const root = pointTree(points);
  rate(view, root);
  /** Frames and numbers of the nodes above, as far as they are those of the node at hand. */
  const above: number[] = [];
  const path: number[] = [];
  const open: Open[] = [
    { node: root, number: 1, siblings: 1, first: '', rest: '  ', above: 0, depth: 0, significance: ownOf(view, root) },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    above.length = at.above;
    path.length = at.depth;
    path.push(at.number);
    const children = at.node.kind === 'branch' ? shownChildren(view, at.node) : [];
    const place: NodePlace = {
      path,
      siblings: at.siblings,
      children: children.length,
      above,
      root,
      significant: at.significance === SELF,
    };
    const arrow = at.node.kind === 'branch' ? '▼ ' : '─ ';
    text += `${at.first}${arrow}${nodeLines(at.node, place, points, sort, numbers).join(`\n${at.rest}`)}\n`;
    if (text.length > PIECE) {
      yield text;
      text = '';
    }
    for (const frame of at.node.frames) above.push(frame);
    for (let i = children.length - 1; i >= 0; i--) {
      const last = i === children.length - 1;
      open.push({
        node: children[i]!,
        number: i + 1,
        siblings: children.length,
        first: `${at.rest}${last ? '└─' : '├─'}`,
        rest: `${at.rest}${last ? '    ' : '│   '}`,
        above: above.length,
        depth: path.length,
        significance: ownOf(view, children[i]!),
      });
    }
  }
  yield `${text}\nPP significance threshold: ${sort.condition(numbers, points, root)}\n`;
}

interface Open {
  readonly node: PointNode;
  readonly number: number;
  readonly siblings: number;
  /** In front of the node's first line, and of its others. */
  readonly first: string;
  readonly rest: string;
  /** How many frames stand above, and how many nodes. */
  readonly above: number;
  readonly depth: number;
  readonly significance: Significance;
}

/** Nothing in it is significant: put together with others. Something below is: told in short. It is itself: told whole. */
const NONE = 0;
const BELOW = 1;
const SELF = 2;
type Significance = typeof NONE | typeof BELOW | typeof SELF;

interface View {
  readonly points: AllocationPoints;
  readonly sort: ViewSort;
  readonly significant: Map<PointNode, Significance>;
}

function head({ mode, command, pid, peak, end }: AllocationPoints, numbers: ViewNumbers): string {
  const peakLine =
    peak === undefined ? '' : `  t-gmax: ${numbers.time(peak)} (${numbers.percent(peak, end)} of program duration)\n`;
  return (
    `Invocation {\n  Mode:    ${mode}\n  Command: ${command}\n  PID:     ${pid}\n}\n\n` +
    `Times {\n${peakLine}  t-end:  ${numbers.time(end)}\n}\n\n`
  );
}

/** Says of each node how significant it is, those below first. */
function rate({ points, sort, significant }: View, root: PointNode): void {
  const least = sort.least * root.value(sort.metric);
  const order: PointNode[] = [root];
  for (let i = 0; i < order.length; i++) for (const child of order[i]!.children) order.push(child);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    if (node.value(sort.metric) >= least && sort.also(node, points)) significant.set(node, SELF);
    else significant.set(node, node.children.some((child) => significant.get(child) !== NONE) ? BELOW : NONE);
  }
}

function ownOf({ significant }: View, node: PointNode): Significance {
  return significant.get(node) ?? NONE;
}

/** The children that say something, and one node for all others, the largest first. */
function shownChildren(view: View, node: PointNode): PointNode[] {
  const shown: PointNode[] = [];
  let rest: PointNode | undefined;
  for (const child of node.children) {
    if (ownOf(view, child) !== NONE) shown.push(child);
    else {
      if (rest === undefined) {
        rest = new PointNode('rest', []);
        shown.push(rest);
      }
      rest.addNode(child);
    }
  }
  const { metric } = view.sort;
  return shown.sort((a, b) => b.value(metric) - a.value(metric) || b.value('tb') - a.value('tb'));
}
