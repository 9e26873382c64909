import { classesOf } from '../heap/classes.ts';
import { dominatorProfile } from '../heap/dominator-profile.ts';
import { analyseHeap } from '../heap/dominators.ts';
import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { allocationProfile } from './heapsnapshot/allocation-profile.ts';
import { readHeapSnapshot } from './heapsnapshot/read-snapshot.ts';
import { decodeText } from './text-lines.ts';

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
  const graph = await readHeapSnapshot(input, notes);
  if (graph.traces !== undefined) {
    notes.add('by who allocated; pforge-prof heap shows what keeps objects alive');
    return allocationProfile(graph, graph.traces, notes.list);
  }
  return dominatorProfile(graph, analyseHeap(graph), classesOf(graph), notes.list);
}
