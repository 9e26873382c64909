import { classTotals } from '../../heap/classes.ts';
import { dominatorGroups } from '../../heap/dominator-groups.ts';
import { duplicateStrings } from '../../heap/duplicate-strings.ts';
import { heapFindings } from '../../heap/findings.ts';
import { largestObjects, typeTotals } from '../../heap/largest.ts';
import { pathLines } from '../../heap/path-words.ts';
import { holdersOf, retainingPath } from '../../heap/retaining-path.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

/** An object, for programs. */
function objectJson({ graph, analysis, classes, words }: AnalysedSnapshot, node: number): object {
  return {
    id: graph.nodeId[node],
    type: graph.nodeTypes[graph.nodeType[node]!],
    class: classes.names[classes.classOf[node]!],
    name: words.name(node),
    place: words.place(node),
    shallow: analysis.shallowSize[node],
    retained: analysis.retainedSize[node],
  };
}

function headJson({ graph, analysis }: AnalysedSnapshot): object {
  return {
    format: 'heapsnapshot',
    nodes: graph.nodeCount,
    edges: graph.edgeCount,
    bytes: analysis.retainedSize[graph.root],
  };
}

/** Everything that the summary shows. @param limit rows of each list; undefined: all of them */
export function summaryJson(snapshot: AnalysedSnapshot, limit: number | undefined): object {
  const { graph, analysis, classes, notes } = snapshot;
  return {
    ...headJson(snapshot),
    types: typeTotals(graph),
    classes: classTotals(graph, analysis, classes)
      .slice(0, limit)
      .map(({ name, count, shallow, retained, distance }) => ({ name, count, shallow, retained, distance })),
    largest: largestObjects(graph, analysis, limit ?? 20).map(({ node, heldAs }) => ({
      ...objectJson(snapshot, node),
      heldAs,
    })),
    findings: heapFindings(graph, analysis, classes).map(({ examples, ...finding }) => ({
      ...finding,
      examples: examples.map(({ node, ...example }) => ({ ...objectJson(snapshot, node), ...example })),
    })),
    notes,
  };
}

/** Texts that are there several times. */
export function stringsJson(snapshot: AnalysedSnapshot, limit: number | undefined): object {
  const { graph, analysis, notes } = snapshot;
  const { texts, distinct, wasted } = duplicateStrings(graph, analysis, limit ?? Number.POSITIVE_INFINITY);
  return {
    ...headJson(snapshot),
    distinct,
    wasted,
    strings: texts.map(({ node, ...one }) => ({ ...one, example: graph.nodeId[node] })),
    notes,
  };
}

/** Why an object is alive. */
export function retainersJson(snapshot: AnalysedSnapshot, node: number, limit: number | undefined): object {
  const { graph, analysis, words, notes } = snapshot;
  const above = analysis.dominator[node]!;
  return {
    ...headJson(snapshot),
    object: objectJson(snapshot, node),
    dominator: node === graph.root ? null : objectJson(snapshot, above),
    path: pathLines(graph, words, retainingPath(graph, analysis, node)),
    retainers: holdersOf(graph, analysis, node)
      .slice(0, limit)
      .map((step) => ({
        reference: pathLines(graph, words, [step, { node, edge: -1 }]).at(-1)!.reference,
        distance: analysis.distance[step.node],
        ...objectJson(snapshot, step.node),
      })),
    notes,
  };
}

/** The dominator tree, objects of a class put together; `parent` is a place in the list, -1 for the root. */
export function dominatorsJson(snapshot: AnalysedSnapshot, minPercent: number): object {
  const { graph, analysis, classes, notes } = snapshot;
  const groups = dominatorGroups(graph, analysis, classes);
  const least = (groups.retained[0]! * minPercent) / 100;
  const places = new Map<number, number>();
  for (let group = 0; group < groups.length; group++) {
    if (groups.retained[group]! >= least) places.set(group, places.size);
  }
  return {
    ...headJson(snapshot),
    dominators: [...places.keys()].map((group) => ({
      parent: places.get(groups.parent[group]!) ?? -1,
      class: classes.names[classes.classOf[groups.node[group]!]!],
      heldAs: groups.edgeName[group]! < 0 ? '' : graph.strings.text(groups.edgeName[group]!),
      count: groups.count[group],
      shallow: groups.shallow[group],
      retained: groups.retained[group],
      example: graph.nodeId[groups.node[group]!],
    })),
    notes,
  };
}
