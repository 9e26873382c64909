import type { FrameWords } from './builder.ts';

/** What dhat measures of a program point: ids as its files have them, types and units as a {@link Profile} has them. */
export const METRICS = [
  { id: 'tbk', type: 'alloc_objects', title: 'total blocks', counts: 'blocks' },
  { id: 'tl', type: 'lifetimes', title: 'lifetimes', counts: 'time' },
  { id: 'mb', type: 'max_space', title: 'largest bytes of each point', counts: 'bytes' },
  { id: 'mbk', type: 'max_objects', title: 'largest blocks of each point', counts: 'blocks' },
  { id: 'gb', type: 'peak_space', title: 'bytes at the peak', counts: 'bytes' },
  { id: 'gbk', type: 'peak_objects', title: 'blocks at the peak', counts: 'blocks' },
  { id: 'eb', type: 'inuse_space', title: 'bytes at the end', counts: 'bytes' },
  { id: 'ebk', type: 'inuse_objects', title: 'blocks at the end', counts: 'blocks' },
  { id: 'rb', type: 'reads', title: 'bytes read', counts: 'bytes' },
  { id: 'wb', type: 'writes', title: 'bytes written', counts: 'bytes' },
  { id: 'tb', type: 'alloc_space', title: 'total bytes', counts: 'bytes' },
] as const;

export type Metric = (typeof METRICS)[number]['id'];

/** A line of dhat's table of frames. */
export interface PointFrame {
  /** As dhat wrote it: `0x1091AD: shortlived (churn.c:5)`. */
  readonly text: string;
  readonly words: FrameWords;
  /** `0x1091AD`; '' where the line has none. */
  readonly address: string;
  /** malloc and the like, as dhat replaces them. */
  readonly allocator: boolean;
  /** Code of a container or allocator of a language's library: whoever called it is who wanted the memory. */
  readonly plumbing: boolean;
}

/** A run as dhat tells it: program points with what was allocated (or copied, or counted) at each. */
export interface AllocationPoints {
  /** `heap`, `copy`, `ad-hoc`, `rust-heap`, `rust-ad-hoc`. */
  readonly mode: string;
  /** `Allocated`, `Copied`, `Occurred`. */
  readonly verb: string;
  readonly command: string;
  readonly pid: number;
  /** The unit of times: `instrs`, `µs`. */
  readonly timeUnit: string;
  /** A million of them: `Minstr`, `s`. */
  readonly bigTimeUnit: string;
  /** When the program ended. */
  readonly end: number;
  /** When the heap was largest; absent where lifetimes are not known. */
  readonly peak?: number;
  /** Blocks that live for no longer are short-lived; absent where lifetimes are not known. */
  readonly shortLived?: number;
  /** What is counted where that is no memory: `unit`, `units`, `events`. */
  readonly units?: { readonly one?: string; readonly many?: string; readonly blocks?: string };
  readonly frames: readonly PointFrame[];
  readonly length: number;
  /** A column for each metric that the file has: always `tb` and `tbk`. */
  readonly values: ReadonlyMap<Metric, Float64Array>;
  /** Indexes into `frames` of point i: `stack[stackStart[i]]`, the innermost, up to before `stack[stackStart[i + 1]]`. */
  readonly stackStart: Int32Array;
  readonly stack: Int32Array;
  /** By point: how often each byte of its blocks was read or written in all; Infinity = 65,535 times and more. */
  readonly accesses: Iterable<readonly [number, Float64Array]> & { get(point: number): Float64Array | undefined };
}

/** A column's sum: exact to 2^53. */
export function totalOf({ values }: AllocationPoints, metric: Metric): number {
  let total = 0;
  for (const value of values.get(metric) ?? []) total += value;
  return total;
}

/** Row of {@link AllocationPoints.frames} of who wanted the memory: the innermost function that is no allocator and no
 * container; where the file tells of nothing else, the outermost of those. */
export function siteOf({ frames, stack, stackStart }: AllocationPoints, point: number): number {
  const from = stackStart[point]!;
  const to = stackStart[point + 1]!;
  let last = -1;
  for (let i = from; i < to; i++) {
    const frame = frames[stack[i]!]!;
    if (!frame.allocator && !frame.plumbing) return stack[i]!;
    if (!frame.allocator) last = stack[i]!;
  }
  return last >= 0 ? last : (stack[from] ?? 0);
}

/** What a metric counts, as value types name units. */
export function unitOf(points: AllocationPoints, metric: Metric): string {
  const { counts } = METRICS.find(({ id }) => id === metric)!;
  if (counts === 'blocks') return 'count';
  if (counts === 'bytes') return points.units === undefined ? 'bytes' : 'count';
  return points.timeUnit === 'µs' ? 'microseconds' : points.timeUnit === 'instrs' ? 'instructions' : points.timeUnit;
}

/** A metric in words: `total bytes`; where other things are counted, `total units`. */
export function titleOf({ units }: AllocationPoints, metric: Metric): string {
  const { title } = METRICS.find(({ id }) => id === metric)!;
  return title.replace('bytes', units?.many ?? 'bytes').replace('blocks', units?.blocks ?? 'blocks');
}
