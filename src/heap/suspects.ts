import { type AllocationCall, allocationStacks } from './allocation-stack.ts';
import type { HeapAnalysis } from './dominators.ts';
import type { HeapGraph } from './graph.ts';
import type { Grower } from './growth.ts';
import type { ObjectWords } from './object-words.ts';
import { type PathLine, pathLines } from './path-words.ts';
import { retainingPath } from './retaining-path.ts';

/** Something that grows, with what a person needs to find it in the program. Raw texts. */
export interface LeakSuspect extends Grower {
  /** What there is more and more of: `Session`, `refreshPage()`. */
  readonly what: string;
  /** The object that holds it: `sessions: Map`. */
  readonly holderName: string;
  readonly holderPlace: string;
  /** The shortest way to one of the newest. */
  readonly path: readonly PathLine[];
  /** Who allocated that one, the innermost call first; empty where that was not tracked. */
  readonly allocatedBy: readonly AllocationCall[];
}

/**
 * Looks growers up in the last snapshot.
 * @param growers all of them have members there
 */
export function leakSuspects(
  graph: HeapGraph,
  analysis: HeapAnalysis,
  words: ObjectWords,
  growers: readonly Grower[],
): LeakSuspect[] {
  const stackOf = allocationStacks(graph);
  return growers.map((grower) => {
    const [first] = grower.classes;
    const member = nearest(analysis, first!.members);
    const path = pathLines(graph, words, retainingPath(graph, analysis, member));
    const holder = graph.nodeId.indexOf(grower.holder);
    const reference = path.find(({ id }) => id === grower.holder)?.reference ?? '';
    const variable = /^(?:\.([\w$]+)|([\w$]+) \(variable\))$/.exec(reference);
    const held = variable === null ? '' : `${variable[1] ?? variable[2]}: `;
    const isFunction = graph.nodeTypes[graph.nodeType[member]!] === 'closure';
    return {
      ...grower,
      what: isFunction ? words.name(member) : first!.className === 'system / Context' ? 'Context' : first!.className,
      holderName: `${held}${words.name(holder)}`,
      holderPlace: words.place(holder),
      path,
      allocatedBy: firstStack(stackOf, first!.members),
    };
  });
}

function nearest({ distance }: HeapAnalysis, members: readonly number[]): number {
  return members.reduce((best, node) => (distance[node]! < distance[best]! ? node : best));
}

/** Of objects that were there before tracking began nothing is known. */
function firstStack(
  stackOf: (node: number) => readonly AllocationCall[],
  members: readonly number[],
): readonly AllocationCall[] {
  for (const node of members) {
    const calls = stackOf(node);
    if (calls.length > 0) return calls;
  }
  return [];
}
