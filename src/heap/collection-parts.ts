import { codeOf, edgeLabel, type HeapGraph } from './graph.ts';
import { follower } from './object-words.ts';

/**
 * How many entries a Map, Set or WeakMap has, elements an array, properties an object. Numbers and other values that are no
 * objects have no reference, so a Map of numbers to numbers seems empty.
 *
 * Format: `OrderedHashTable` of V8 (src/objects/ordered-hash-table.h). The table of a Map is an array with key, value and the
 * place of the next entry in turn; of a Set with key and place.
 */
export function partCounter(graph: HeapGraph): (node: number) => number {
  const { firstEdge, edgeType, edgeTypes, edgeName, strings, nodeName } = graph;
  const tableOf = follower(graph, 'internal', 'table');
  const [element, property, weak] = ['element', 'property', 'weak'].map((type) => codeOf(edgeTypes, type));
  const [map, proto] = [strings.find('Map'), strings.find('__proto__')];
  return (node) => {
    const table = tableOf(node);
    if (table >= 0) return entriesOf(table, nodeName[node] === map);
    let count = 0;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeType[edge] === element || (edgeType[edge] === property && edgeName[edge] !== proto)) count++;
    }
    return count;
  };

  function entriesOf(table: number, isMap: boolean): number {
    const byPlace = [0, 0, 0];
    let pairs = 0;
    for (let edge = firstEdge[table]!; edge < firstEdge[table + 1]!; edge++) {
      if (edgeType[edge] === weak) continue;
      const label = edgeLabel(graph, edge);
      if (/^\d+$/.test(label)) byPlace[Number(label) % 3]!++;
      // A value of a WeakMap
      else if (label.includes(' / part of key ')) pairs++;
    }
    return Math.max(pairs, isMap ? Math.max(...byPlace) : byPlace.reduce((sum, one) => sum + one, 0));
  }
}
