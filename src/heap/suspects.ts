import { type AllocationCall, allocationStacks } from './allocation-stack.ts';
import type { HeapAnalysis } from './dominators.ts';
import { edgeLabel, type HeapGraph } from './graph.ts';
import type { Grower } from './growth.ts';
import { follower, type ObjectWords } from './object-words.ts';
import { type PathLine, pathLines } from './path-words.ts';
import { type PathStep, retainingPath } from './retaining-path.ts';

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
  const calledBy = follower(graph, 'property', '_onTimeout');
  return growers.map((grower) => {
    const [first] = grower.classes;
    const member = nearest(analysis, first!.members);
    const path = pathLines(graph, words, withCallback(graph, retainingPath(graph, analysis, member)));
    return {
      ...grower,
      what: whatGrows(graph, words, first!.className, member, calledBy),
      ...holderWords(graph, words, grower.holder, path),
      path,
      allocatedBy: firstStack(stackOf, first!.members),
    };
  });
}

/** Of a timer the function that it calls tells most. */
function withCallback(graph: HeapGraph, steps: readonly PathStep[]): readonly PathStep[] {
  const { node } = steps.at(-1)!;
  for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge++) {
    if (graph.edgeTypes[graph.edgeType[edge]!] !== 'property' || edgeLabel(graph, edge) !== '_onTimeout') continue;
    return [...steps.slice(0, -1), { node, edge }, { node: graph.edgeTo[edge]!, edge: -1 }];
  }
  return steps;
}

/** `refreshPage()`, `Timeout for expireVisit()`, `Session` */
function whatGrows(
  graph: HeapGraph,
  words: ObjectWords,
  className: string,
  member: number,
  calledBy: (node: number) => number,
): string {
  if (graph.nodeTypes[graph.nodeType[member]!] === 'closure') return words.name(member);
  const called = className === 'Timeout' || className === 'Immediate' ? calledBy(member) : -1;
  if (called >= 0) return `${className} for ${words.name(called)}`;
  return className === 'system / Context' ? 'Context' : className;
}

/** The holder by the name of the property or variable that leads to it; a scope by its variable. */
function holderWords(
  graph: HeapGraph,
  words: ObjectWords,
  id: number,
  path: readonly PathLine[],
): Pick<LeakSuspect, 'holderName' | 'holderPlace'> {
  const node = graph.nodeId.indexOf(id);
  const at = path.findIndex((line) => line.scope === id);
  if (at > 0) {
    const variable = path[at]!.reference.replace(/ \(variable\)$/, '');
    const owner = path[at - 1]!;
    // V8 runs a module as a generator
    const module = owner.name === 'Generator' ? /([^/]+):\d+$/.exec(owner.place)?.[1] : undefined;
    const scope = module === undefined ? `in the scope of ${owner.name}` : `of the module ${module}`;
    return { holderName: `variable ${variable} ${scope}`, holderPlace: owner.place };
  }
  const reference = path.find((line) => line.id === id)?.reference ?? '';
  const found = /^(?:\.([\w$]+)|([\w$]+) \(variable\))$/.exec(reference);
  const held = found === null ? '' : `${found[1] ?? found[2]}: `;
  return { holderName: `${held}${words.name(node)}`, holderPlace: words.place(node) };
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
