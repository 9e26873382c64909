import type { AllocationPoints } from '../../profile/allocation-points.ts';
import type { PointNode } from './point-tree.ts';
import { ratio, type ViewNumbers } from './view-numbers.ts';
import type { Shown, ViewSort } from './view-sorts.ts';

/** Where a node stands. */
export interface NodePlace {
  /** Numbers of the nodes from the root to this one. */
  readonly path: readonly number[];
  /** How many nodes there are beside it, itself included. */
  readonly siblings: number;
  readonly children: number;
  /** Frames of the nodes above, that of the root first. */
  readonly above: readonly number[];
  readonly root: PointNode;
  /** It is told whole; else in short, what the sort is about. */
  readonly significant: boolean;
}

const PER_LINE = 32;

/** What dh_view writes of a node, line by line. */
export function nodeLines(
  node: PointNode,
  place: NodePlace,
  points: AllocationPoints,
  sort: ViewSort,
  numbers: ViewNumbers,
): string[] {
  const { path, siblings, children, significant, root } = place;
  const below = node.kind === 'branch' ? `(${children} children) ` : '';
  const lines = [`PP ${path.join('.')}/${siblings} ${below}{`];
  /** Adds a line of parts: those that the sort is about are always told. */
  const tell = (title: Shown, ...parts: (readonly [text: string, always: boolean])[]): void => {
    if (!significant && !sort.shown.has(title)) return;
    const told = parts.filter(([, always]) => significant || always);
    lines.push(`  ${told.map(([text]) => text).join('')}`);
  };
  const has = (...parts: Shown[]): boolean => parts.every((part) => sort.shown.has(part));
  const value = node.value.bind(node);
  const whole = root.value.bind(root);

  const average = ratio(value('tl'), value('tbk'));
  const lifetime = `avg lifetime ${numbers.time(average)} (${numbers.percent(average, points.end)} of program duration)`;
  tell(
    'total',
    ['Total:     ', true],
    [numbers.bytesAtRate(value('tb'), whole('tb')), has('totalBytes')],
    [' in ', false],
    [numbers.blocksAtRate(value('tbk'), whole('tbk')), has('totalBlocks')],
    [', ', has('size')],
    [numbers.averageSize(value('tb'), value('tbk')), has('size')],
    ...(points.peak === undefined ? [] : [[`, ${lifetime}`, has('lifetime')] as const]),
  );
  if (points.peak !== undefined) {
    if (significant && node !== root && node.kind === 'leaf') {
      const sizes = `${numbers.bytes(value('mb'))} in ${numbers.blocks(value('mbk'))}`;
      lines.push(`  Max:       ${sizes}, ${numbers.averageSize(value('mb'), value('mbk'))}`);
    }
    for (const [title, label, bytes, blocks] of [
      ['gmax', 'At t-gmax: ', 'gb', 'gbk'],
      ['end', 'At t-end:  ', 'eb', 'ebk'],
    ] as const) {
      const size = numbers.averageSize(value(bytes), value(blocks));
      tell(
        title,
        [`${label}${numbers.bytesOf(value(bytes), whole(bytes))}`, true],
        [` in ${numbers.blocksOf(value(blocks), whole(blocks))}, ${size}`, false],
      );
    }
  }
  if (points.values.has('rb')) {
    for (const [title, label, metric, bytes, perByte] of [
      ['reads', 'Reads:     ', 'rb', 'readBytes', 'readsPerByte'],
      ['writes', 'Writes:    ', 'wb', 'writtenBytes', 'writesPerByte'],
    ] as const) {
      tell(
        title,
        [label, true],
        [numbers.bytesAtRate(value(metric), whole(metric)), has(bytes)],
        [', ', has(bytes, perByte)],
        [numbers.perByte(ratio(value(metric), value('tb'))), has(perByte)],
      );
    }
    if (significant && node.accesses !== undefined) lines.push(...accessLines(node.accesses));
  }
  lines.push(`  ${points.verb} at {`, ...frameLines(node, place, points), '  }', '}');
  return lines;
}

/** How often each byte of the blocks was accessed; a ditto mark where it is as often as the byte before. */
function accessLines(accesses: Float64Array): string[] {
  if (accesses.length === 0) return [];
  const lines = ['  Accesses: {'];
  for (let start = 0; start < accesses.length; start += PER_LINE) {
    let line = `    [${String(start).padStart(3)}]  `;
    for (let i = start; i < Math.min(start + PER_LINE, accesses.length); i++) {
      const count = accesses[i]!;
      const again = i > start && count === accesses[i - 1] && count !== 0;
      line += `${again ? '〃' : accessCount(count)} `;
    }
    lines.push(line);
  }
  lines.push('  }');
  return lines;
}

function accessCount(count: number): string {
  if (count === 0) return '-';
  return count === Number.POSITIVE_INFINITY ? '∞' : String(count);
}

/** Frames of the nodes above in short, when the node is told whole, then its own. */
function frameLines(node: PointNode, { above, root, significant }: NodePlace, { frames }: AllocationPoints): string[] {
  if (node.kind === 'rest') return [`    [${node.merged} insignificant]`];
  const text = (frame: number): string => frames[frame]?.text ?? '';
  const lines: string[] = [];
  if (significant) for (let i = 1; i < above.length; i++) lines.push(`    ^${i}: ${text(above[i]!)}`);
  const first = node === root ? 0 : Math.max(1, above.length);
  node.frames.forEach((frame, i) => {
    lines.push(`    #${first + i}: ${text(frame)}`);
  });
  return lines;
}
