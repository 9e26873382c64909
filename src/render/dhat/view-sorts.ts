import type { AllocationPoints, Metric } from '../../profile/allocation-points.ts';
import type { PointNode } from './point-tree.ts';
import { ratio, type ViewNumbers } from './view-numbers.ts';

/** Parts of a node that dh_view writes even where the node itself says little. */
export type Shown = 'total' | 'totalBytes' | 'totalBlocks' | 'size' | 'lifetime' | 'gmax' | 'end' | Access;
type Access = 'reads' | 'readBytes' | 'readsPerByte' | 'writes' | 'writtenBytes' | 'writesPerByte';

/** One of dh_view's sort metrics. */
export interface ViewSort {
  readonly id: string;
  /** What nodes are sorted by. */
  readonly metric: Metric;
  /** What a file must have so that dh_view offers it. */
  readonly needs: readonly Metric[];
  readonly shown: ReadonlySet<Shown>;
  /** Part of the whole below which a node is not significant. */
  readonly least: number;
  /** What else makes it significant. */
  also(node: PointNode, points: AllocationPoints): boolean;
  /** The condition in words. */
  condition(numbers: ViewNumbers, points: AllocationPoints, root: PointNode): string;
}

interface Variant {
  readonly suffix: string;
  readonly needs: readonly Metric[];
  readonly shown: readonly Shown[];
  also(node: PointNode, points: AllocationPoints): boolean;
  words(numbers: ViewNumbers, points: AllocationPoints): string;
}

/** The lengths up to which a block is tiny, accesses up to which it is hardly used, and from which it is hot: dh_view's. */
const TINY = 16;
const LOW_ACCESS = 0.4;
const HIGH_ACCESS = 1000;

const readsOf = (node: PointNode): number => ratio(node.value('rb'), node.value('tb'));
const writesOf = (node: PointNode): number => ratio(node.value('wb'), node.value('tb'));

const tiny: Variant = {
  suffix: 'tiny',
  needs: [],
  shown: ['size'],
  also: (node) => ratio(node.value('tb'), node.value('tbk')) <= TINY,
  words: (numbers) => `(avg size <= ${numbers.bytes(TINY)})`,
};
const shortLived: Variant = {
  suffix: 'short-lived',
  needs: ['tl'],
  shown: ['lifetime'],
  also: (node, points) => ratio(node.value('tl'), node.value('tbk')) <= (points.shortLived ?? Number.NaN),
  words: (numbers, points) => `(avg lifetime <= ${numbers.time(points.shortLived ?? Number.NaN)})`,
};
const unused: Variant = {
  suffix: 'unused',
  needs: ['rb'],
  shown: ['reads', 'readBytes', 'writes', 'writtenBytes'],
  also: (node) => node.value('rb') === 0 || node.value('wb') === 0,
  words: (numbers) => `((reads == ${numbers.bytes(0)}) || (writes == ${numbers.bytes(0)}))`,
};
const lowAccess: Variant = {
  suffix: 'low-access',
  needs: ['rb'],
  shown: ['reads', 'readsPerByte', 'writes', 'writesPerByte'],
  also: (node) =>
    node.value('rb') !== 0 && node.value('wb') !== 0 && (readsOf(node) <= LOW_ACCESS || writesOf(node) <= LOW_ACCESS),
  words: (numbers) => {
    const low = numbers.perByte(LOW_ACCESS);
    const none = numbers.bytes(0);
    return `(reads != ${none}) && (writes != ${none}) && ((reads <= ${low}) || (writes <= ${low}))`;
  },
};
const highAccess = (shown: Shown): Variant => ({
  suffix: 'high-access',
  needs: ['rb'],
  shown: [shown],
  also: (node) => readsOf(node) >= HIGH_ACCESS || writesOf(node) >= HIGH_ACCESS,
  words: (numbers) => `((reads >= ${numbers.perByte(HIGH_ACCESS)}) || (writes >= ${numbers.perByte(HIGH_ACCESS)}))`,
});

function sort(metric: Metric, word: string, shown: readonly Shown[], variant?: Variant): ViewSort {
  const least = variant === undefined ? 0.01 : 0.005;
  return {
    id: variant === undefined ? metric : `${metric}-${variant.suffix}`,
    metric,
    needs: [metric, ...(variant?.needs ?? [])],
    shown: new Set([...shown, ...(variant?.shown ?? [])]),
    least,
    also: variant?.also ?? (() => true),
    condition: (numbers, points, root) => {
      const whole = root.value(metric);
      const size = least * whole;
      const enough = `${word} >= ${metric === 'tbk' ? numbers.blocksOf(size, whole) : numbers.bytesOf(size, whole)}`;
      return variant === undefined ? enough : `(${enough}) && ${variant.words(numbers, points)}`;
    },
  };
}

const BYTES: readonly Shown[] = ['total', 'totalBytes'];
const BLOCKS: readonly Shown[] = ['total', 'totalBlocks'];

/** In the order of dh_view's menu. Of what a file has no metric for, nothing is significant. */
export const VIEW_SORTS: readonly ViewSort[] = [
  sort('tb', 'total', BYTES),
  sort('tbk', 'total', BLOCKS),
  sort('tbk', 'total', BLOCKS, tiny),
  sort('tbk', 'total', BLOCKS, shortLived),
  sort('tb', 'total', BYTES, unused),
  sort('tbk', 'total', BLOCKS, unused),
  sort('tb', 'total', BYTES, lowAccess),
  sort('tbk', 'total', BLOCKS, lowAccess),
  sort('gb', 'at-t-gmax', ['gmax']),
  sort('eb', 'at-t-end', ['end']),
  sort('rb', 'reads', ['reads', 'readBytes']),
  sort('rb', 'reads', ['reads', 'readBytes'], highAccess('readsPerByte')),
  sort('wb', 'writes', ['writes', 'writtenBytes']),
  sort('wb', 'writes', ['writes', 'writtenBytes'], highAccess('writesPerByte')),
];
