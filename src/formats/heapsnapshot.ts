import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Heap snapshots of V8, `.heapsnapshot` (`v8.writeHeapSnapshot()`, `node --heapsnapshot-signal`, the Memory panel of
 * DevTools). As a profile: who allocated what lives, where that was tracked, else what keeps what alive, by retained size.
 */
export const heapsnapshot: Format = { id: 'heapsnapshot', title: 'V8 heap snapshot', detect, read };

function detect(head: Uint8Array): Claim {
  const text = decodeText(head);
  if (!/^\s*\{\s*"snapshot"\s*:\s*\{/.test(text)) return 'no';
  return /"(?:meta|node_fields|node_count)"\s*:/.test(text) ? 'yes' : 'maybe';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const { readHeapSnapshot } = await import('./heapsnapshot/read-snapshot.ts');
  const graph = await readHeapSnapshot(input, notes);
  if (graph.traces !== undefined) {
    notes.add('by who allocated; pforge-prof heap shows what keeps objects alive');
    const { allocationProfile } = await import('./heapsnapshot/allocation-profile.ts');
    return allocationProfile(graph, graph.traces, notes.list);
  }
  const { classesOf } = await import('../heap/classes.ts');
  const { dominatorProfile } = await import('../heap/dominator-profile.ts');
  const { analyseHeap } = await import('../heap/dominators.ts');
  return dominatorProfile(graph, analyseHeap(graph), classesOf(graph), notes.list);
}
