import type { HeapGraph } from './graph.ts';

/** A function that was at work when an object was allocated. Raw texts. */
export interface AllocationCall {
  readonly name: string;
  /** `file:///app/server.js:12`; '' = unknown. */
  readonly place: string;
}

/**
 * Who allocated objects, where that was tracked (`HeapProfiler.startTrackingHeapObjects` with `trackAllocations`).
 * @returns of a node its calls, the innermost first; none where nothing is known of it
 */
export function allocationStacks(graph: HeapGraph): (node: number) => readonly AllocationCall[] {
  const { traces, traceNode, strings } = graph;
  if (traces === undefined || traceNode === undefined) return () => [];
  const rowOf = new Map<number, number>();
  for (let row = 0; row < traces.id.length; row++) rowOf.set(traces.id[row]!, row);
  const { functions } = traces;
  return (node) => {
    const calls: AllocationCall[] = [];
    for (let row = rowOf.get(traceNode[node]!) ?? -1; row >= 0; row = traces.parent[row]!) {
      const info = traces.functionInfo[row]!;
      const script = strings.text(functions.scriptName[info]!);
      const line = functions.line[info]!;
      const name = strings.text(functions.name[info]!);
      if (name === '(root)') continue;
      calls.push({ name: name || '(anonymous)', place: script === '' ? '' : `${script}${line > 0 ? `:${line}` : ''}` });
    }
    return calls;
  };
}
