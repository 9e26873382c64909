import type { HeapAnalysis } from './dominators.ts';
import { codeOf, type HeapGraph } from './graph.ts';
import { inferInterfaces, matchInterfaces, type ObjectInterface } from './interfaces.ts';
import { PairTable } from './pair-table.ts';
import { NO_GROUP, retainedByGroup } from './retained-sums.ts';

/** What the nodes of a heap are: by their constructor, or by what V8 uses them for. */
export interface HeapClasses {
  /** Class by node: a place in the other columns. */
  readonly classOf: Uint32Array;
  /** `Session`, `{id, name}`, `Function`, `(string)`, `Detached <div>`. */
  readonly names: readonly string[];
  /** The name, and for objects of a class the place of its constructor: the same in every snapshot of a process. */
  readonly keys: readonly string[];
  /** Of plain objects. To be handed over where another snapshot is compared, so that both name them alike. */
  readonly interfaces: readonly ObjectInterface[];
}

/** All objects of a class. */
export interface ClassTotals {
  /** Place in the columns of {@link HeapClasses}. */
  readonly index: number;
  readonly key: string;
  readonly name: string;
  readonly count: number;
  /** Bytes of the objects themselves. */
  readonly shallow: number;
  /** Bytes that hang on them; those that another of the same class holds count once. */
  readonly retained: number;
  /** The least of theirs. */
  readonly distance: number;
}

/**
 * Names what each node is, as DevTools does (`HeapSnapshot.calculateObjectNames`, `classKeyInternal`).
 * @param interfaces default: {@link inferInterfaces}
 */
export function classesOf(graph: HeapGraph, interfaces = inferInterfaces(graph)): HeapClasses {
  const { nodeCount, nodeType, nodeName, strings, locations } = graph;
  const classOf = new Uint32Array(nodeCount);
  const texts: string[] = [];
  const byText = new Map<string, number>();
  const idOf = (text: string): number => {
    let id = byText.get(text);
    if (id === undefined) {
      id = texts.push(text) - 1;
      byText.set(text, id);
    }
    return id;
  };
  const fixed = Int32Array.from(graph.nodeTypes, (type) => {
    const text = nameOfType(type);
    return text === undefined ? -1 : idOf(text);
  });
  const byName = new Int32Array(strings.count).fill(-1);
  for (let node = 0; node < nodeCount; node++) {
    let id = fixed[nodeType[node]!]!;
    if (id < 0) {
      const name = nodeName[node]!;
      id = byName[name]!;
      if (id < 0) {
        id = idOf(withoutAttributes(strings.text(name)));
        byName[name] = id;
      }
    }
    classOf[node] = id;
  }
  const ofInterface = interfaces.map(({ name }) => idOf(name));
  matchInterfaces(graph, interfaces, (node, match) => {
    if (match >= 0) classOf[node] = ofInterface[match]!;
  });
  const names = [...texts];
  const keys = texts.map((text) => `,${text}`);
  // Constructors of one name in different places are different classes
  const object = codeOf(graph.nodeTypes, 'object');
  const places = new PairTable();
  const columns = new PairTable();
  const located = new PairTable();
  for (let row = 0; row < locations.node.length; row++) {
    const node = locations.node[row]!;
    if (nodeType[node] !== object) continue;
    const line = places.intern(locations.scriptId[row]!, locations.line[row]!);
    const text = classOf[node]!;
    const id = texts.length + located.intern(columns.intern(line, locations.column[row]!), text);
    if (id === names.length) {
      names.push(texts[text]!);
      keys.push(`${locations.scriptId[row]},${locations.line[row]},${locations.column[row]},${texts[text]}`);
    }
    classOf[node] = id;
  }
  return { classOf, names, keys, interfaces };
}

/** @returns undefined where nodes of the type are named one by one */
function nameOfType(type: string): string | undefined {
  switch (type) {
    case 'object':
    case 'native':
      return undefined;
    case 'hidden':
      return '(system)';
    case 'code':
      return '(compiled code)';
    case 'closure':
      return 'Function';
    case 'regexp':
      return 'RegExp';
    default:
      return `(${type})`;
  }
}

/** `<div id="a">` is a `<div>`. */
function withoutAttributes(name: string): string {
  const space = name.startsWith('<') ? name.indexOf(' ') : name.startsWith('Detached <') ? name.indexOf(' ', 10) : -1;
  return space < 0 ? name : `${name.slice(0, space)}>`;
}

/**
 * Sums of classes, as the Summary of DevTools has them (`HeapSnapshot.buildAggregates`, `calculateClassesRetainedSize`),
 * the largest retained size first. Nodes without a size do not count.
 */
export function classTotals(
  graph: HeapGraph,
  analysis: HeapAnalysis,
  { classOf, keys, names }: HeapClasses,
): ClassTotals[] {
  const { shallowSize, distance } = analysis;
  const count = new Float64Array(keys.length);
  const shallow = new Float64Array(keys.length);
  const nearest = new Float64Array(keys.length).fill(Number.POSITIVE_INFINITY);
  for (let node = 0; node < graph.nodeCount; node++) {
    const size = shallowSize[node]!;
    if (size === 0) continue;
    const id = classOf[node]!;
    count[id]!++;
    shallow[id]! += size;
    if (distance[node]! < nearest[id]!) nearest[id] = distance[node]!;
  }
  const retained = retainedByGroup(
    graph,
    analysis,
    (node) => (shallowSize[node]! > 0 ? classOf[node]! : NO_GROUP),
    keys.length,
  );
  const totals: ClassTotals[] = [];
  for (let id = 0; id < keys.length; id++) {
    if (count[id] === 0) continue;
    totals.push({
      index: id,
      key: keys[id]!,
      name: names[id]!,
      count: count[id]!,
      shallow: shallow[id]!,
      retained: retained[id]!,
      distance: nearest[id]!,
    });
  }
  return totals.sort((a, b) => b.retained - a.retained || b.shallow - a.shallow);
}
