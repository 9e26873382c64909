import type { HeapGraph, HeapTraces } from '../../heap/graph.ts';
import { ProfileBuilder } from '../../profile/builder.ts';
import { jsKind } from '../../profile/kind.ts';
import type { Profile } from '../../profile/profile.ts';
import { ANONYMOUS, scriptFile } from '../frames/v8-names.ts';

const ROOT = '(root)';
const UNTRACKED = '(not tracked)';

/**
 * A snapshot taken while allocations were tracked as a profile: a stack is what called what when objects were allocated.
 * Value types, as pprof has them for heaps: objects and bytes allocated, whether they still live or not, and those that
 * live. What lives and was there before tracking began stands under one frame.
 */
export function allocationProfile(graph: HeapGraph, traces: HeapTraces, notes: readonly string[]): Profile {
  const builder = new ProfileBuilder([
    { type: 'alloc_objects', unit: 'count' },
    { type: 'alloc_space', unit: 'bytes' },
    { type: 'inuse_objects', unit: 'count' },
    { type: 'inuse_space', unit: 'bytes' },
  ]);
  const live = liveByTrace(graph, traces);
  const frames = traceFrames(graph, traces, builder);
  const stacks = new Int32Array(traces.id.length);
  for (let row = 0; row < stacks.length; row++) {
    const caller = traces.parent[row]!;
    const frame = frames[traces.functionInfo[row]!]!;
    const above = caller < 0 ? -1 : stacks[caller]!;
    stacks[row] = frame < 0 ? above : builder.stack(above, frame);
    const values = [traces.count[row]!, traces.size[row]!, live.count[row]!, live.size[row]!];
    if (values.some((value) => value > 0)) builder.sample(stacks[row]!, values);
  }
  const { count, size } = live.untracked;
  if (count > 0) builder.sample(builder.stack(-1, builder.frame({ name: UNTRACKED })), [0, 0, count, size]);
  return builder.build({ tool: 'v8-heap-snapshot', notes: [...notes] });
}

/** Frames of the functions, by their row; -1 for what stands above all callers. */
function traceFrames({ strings }: HeapGraph, { functions }: HeapTraces, builder: ProfileBuilder): Int32Array {
  return Int32Array.from(functions.name, (index, row) => {
    const name = strings.text(index);
    const script = strings.text(functions.scriptName[row]!);
    if (name === ROOT && script === '') return -1;
    const file = scriptFile(script);
    const place = { file, line: functions.line[row]!, column: functions.column[row]! };
    return builder.frame({ name: name || ANONYMOUS, ...place, kind: jsKind(file) });
  });
}

interface LiveObjects {
  /** By the row of the trace. */
  readonly count: Float64Array;
  /** Bytes. */
  readonly size: Float64Array;
  readonly untracked: { count: number; size: number };
}

function liveByTrace({ nodeCount, traceNode, selfSize }: HeapGraph, traces: HeapTraces): LiveObjects {
  const rows = new Map<number, number>();
  traces.id.forEach((id, row) => {
    rows.set(id, row);
  });
  const count = new Float64Array(traces.id.length);
  const size = new Float64Array(traces.id.length);
  const untracked = { count: 0, size: 0 };
  for (let node = 0; node < nodeCount; node++) {
    const bytes = selfSize[node]!;
    if (bytes === 0) continue;
    const id = traceNode?.[node] ?? 0;
    const row = id === 0 ? undefined : rows.get(id);
    if (row === undefined) {
      untracked.count++;
      untracked.size += bytes;
    } else {
      count[row]!++;
      size[row]! += bytes;
    }
  }
  return { count, size, untracked };
}
