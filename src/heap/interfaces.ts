import { Int32Column } from '../profile/columns.ts';
import { codeOf, type HeapGraph } from './graph.ts';
import { PairTable } from './pair-table.ts';

/** What many plain objects have in common: these properties, and maybe more. */
export interface ObjectInterface {
  /** `{id, name, tags}`. */
  readonly name: string;
  readonly properties: readonly string[];
}

/** Names of interfaces are no longer, but for the first property. */
const LONGEST_NAME = 120;
/** So many objects at least, and one of so many. */
const LEAST_OBJECTS = 2;
const LEAST_SHARE = 1000;
const NOWHERE = 0xffffffff;
const PROTO = '__proto__';

/**
 * Finds what plain objects (`Object` and nothing else) of a heap are: lists of properties that many have, the most
 * frequent first. As DevTools does (`HeapSnapshot.inferInterfaceDefinitions`).
 */
export function inferInterfaces(graph: HeapGraph): readonly ObjectInterface[] {
  const { strings, firstEdge, edgeType, edgeName } = graph;
  const property = codeOf(graph.edgeTypes, 'property');
  // A list of properties is a path in a trie, whose nodes are numbers: no text is made for an object
  const trie = new PairTable();
  const lengths = new Map<number, number>();
  const widthOf = (name: number): number => {
    let width = lengths.get(name);
    if (width === undefined) {
      const text = strings.text(name);
      width = text === PROTO ? -1 : formatProperty(text).length;
      lengths.set(name, width);
    }
    return width;
  };
  const counts = new Map<number, number>();
  let total = 0;
  for (const node of plainObjects(graph)) {
    total++;
    let path = NOWHERE;
    let width = 1;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeType[edge] !== property) continue;
      const more = widthOf(edgeName[edge]!);
      if (more < 0) continue;
      if (width > 1 && width + more > LONGEST_NAME) break;
      width += more + (width === 1 ? 0 : 2);
      path = trie.intern(path, edgeName[edge]!);
    }
    if (path !== NOWHERE) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const least = Math.max(LEAST_OBJECTS, total / LEAST_SHARE);
  return [...counts]
    .filter(([, count]) => count >= least)
    .sort(([, a], [, b]) => b - a)
    .map(([path]) => {
      const properties: string[] = [];
      for (let at = path; at !== NOWHERE; at = trie.first(at)) properties.push(strings.text(trie.second(at)));
      properties.reverse();
      return { name: `{${properties.map(formatProperty).join(', ')}}`, properties };
    });
}

/** A place in the tree of all interfaces, whose properties are taken in order. */
interface Place {
  readonly next: Map<number, Place>;
  /** The interface that ends here. */
  found: number;
  size: number;
}

/**
 * Which interface each plain object is of: the one with the most properties, of such the first. As DevTools does
 * (`HeapSnapshot.applyInterfaceDefinitions`).
 *
 * @param take gets each plain object and the place of its interface in the list; -1 = of none
 */
export function matchInterfaces(
  graph: HeapGraph,
  interfaces: readonly ObjectInterface[],
  take: (node: number, match: number) => void,
): void {
  const { strings, firstEdge, edgeType, edgeName } = graph;
  const property = codeOf(graph.edgeTypes, 'property');
  const words = [...new Set(interfaces.flatMap(({ properties }) => properties))].sort();
  const rankOfWord = new Map(words.map((word, rank) => [word, rank]));
  const tree = interfaceTree(interfaces, rankOfWord);
  const ranks = new Map<number, number>();
  const rankOf = (name: number): number => {
    let rank = ranks.get(name);
    if (rank === undefined) {
      rank = rankOfWord.get(strings.text(name)) ?? -1;
      ranks.set(name, rank);
    }
    return rank;
  };
  // Objects with the same properties that matter, in the same order, are of one interface
  const trie = new PairTable();
  const matches: number[] = [];
  for (const node of plainObjects(graph)) {
    let path = NOWHERE;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeType[edge] !== property) continue;
      const rank = rankOf(edgeName[edge]!);
      if (rank >= 0) path = trie.intern(path, rank);
    }
    if (path === NOWHERE) {
      take(node, tree.found);
      continue;
    }
    matches[path] ??= bestMatch(tree, trie, path);
    take(node, matches[path]!);
  }
}

function interfaceTree(interfaces: readonly ObjectInterface[], rankOf: ReadonlyMap<string, number>): Place {
  const root: Place = { next: new Map(), found: -1, size: 0 };
  interfaces.forEach(({ properties }, index) => {
    let place = root;
    const ranks = properties.map((word) => rankOf.get(word)!).sort((a, b) => a - b);
    for (const rank of ranks) {
      let next = place.next.get(rank);
      if (next === undefined) {
        next = { next: new Map(), found: -1, size: place.size + 1 };
        place.next.set(rank, next);
      }
      place = next;
    }
    if (place.found < 0) place.found = index;
  });
  return root;
}

function bestMatch(tree: Place, trie: PairTable, path: number): number {
  const ranks: number[] = [];
  for (let at = path; at !== NOWHERE; at = trie.first(at)) ranks.push(trie.second(at));
  ranks.sort((a, b) => a - b);
  let best = tree;
  const places = new Set([tree]);
  for (const rank of ranks) {
    for (const place of [...places]) {
      const next = place.next.get(rank);
      if (next === undefined) continue;
      places.add(next);
      if (next.found < 0) continue;
      if (best.found < 0 || next.size > best.size || (next.size === best.size && next.found < best.found)) best = next;
    }
  }
  return best.found;
}

function plainObjects({ nodeCount, nodeType, nodeName, nodeTypes, strings }: HeapGraph): Int32Array {
  const object = codeOf(nodeTypes, 'object');
  const name = strings.find('Object');
  const nodes = new Int32Column();
  for (let node = 0; node < nodeCount; node++)
    if (nodeName[node] === name && nodeType[node] === object) nodes.push(node);
  return nodes.toArray();
}

/** A name that would be mistaken in a list is written as in JSON. */
function formatProperty(name: string): string {
  return /[,'"{}]/.test(name) ? JSON.stringify(name) : name;
}
