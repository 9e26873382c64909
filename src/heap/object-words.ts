import { codeOf, type HeapGraph, locationRow } from './graph.ts';
import { scriptNames } from './script-names.ts';

/** What people call the objects of a snapshot. Texts are raw: whoever prints them escapes them. */
export interface ObjectWords {
  /** `Session`, `refreshPage()`, `"text"`, `(array)`; without the id. */
  name(node: number): string;
  /** `file:///app/sessions.js:12`: where a function, or the constructor of an object, stands; '' where that is unknown. */
  place(node: number): string;
}

/** Strings are told up to this many characters. */
const MOST_CHARACTERS = 60;

/** @param graph is read when words are asked for */
export function objectWords(graph: HeapGraph): ObjectWords {
  const { nodeType, nodeTypes, nodeName, strings, locations } = graph;
  let scripts: ReadonlyMap<number, string> | undefined;
  return {
    name(node) {
      const text = strings.text(nodeName[node]!);
      switch (nodeTypes[nodeType[node]!]) {
        case 'closure':
          return text === '' ? '(anonymous)()' : `${text}()`;
        case 'string':
          return JSON.stringify(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
        case 'regexp':
          return `/${text}/`;
        case 'object':
        case 'native':
          return text === 'system / Context' ? 'Context' : text || '(anonymous)';
        case 'code':
          return text === '' ? '(compiled code)' : text.startsWith('(') ? text : `(code of ${text})`;
        default:
          return text === '' ? `(${nodeTypes[nodeType[node]!]})` : text.startsWith('(') ? text : `(${text})`;
      }
    },
    place(node) {
      const row = locationRow(locations, node);
      if (row < 0) return '';
      scripts ??= scriptNames(graph);
      const script = scripts.get(locations.scriptId[row]!);
      return script === undefined || script === '' ? '' : `${script}:${locations.line[row]! + 1}`;
    },
  };
}

/**
 * Follows references of one name.
 * @param name ASCII
 * @returns of a node: where its first edge of this type and name leads to; -1 where it has none
 */
export function follower(graph: HeapGraph, type: string, name: string): (node: number) => number {
  const { firstEdge, edgeType, edgeName, edgeTo } = graph;
  const wantedType = codeOf(graph.edgeTypes, type);
  const wantedName = graph.strings.find(name);
  return (node) => {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (edgeName[edge] === wantedName && edgeType[edge] === wantedType) return edgeTo[edge]!;
    }
    return -1;
  };
}
