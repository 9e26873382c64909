import { ProfileBuilder } from '../profile/builder.ts';
import { jsKind } from '../profile/kind.ts';
import type { Kind, Profile } from '../profile/profile.ts';
import type { HeapClasses } from './classes.ts';
import { type DominatorGroups, dominatorGroups } from './dominator-groups.ts';
import type { HeapAnalysis } from './dominators.ts';
import type { HeapGraph } from './graph.ts';
import { objectWords } from './object-words.ts';

/** Parts of the heap below this share are put together: in a picture they would be invisible. */
const SMALL = 1 / 20_000;
const SMALL_NAME = '(small objects)';

/**
 * A snapshot as a profile: a "stack" is the way down the dominator tree, the outermost object first, so that a frame is as
 * wide as what would be free without those objects. Value types: objects (count) and bytes.
 * @param notes of the snapshot
 */
export function dominatorProfile(
  graph: HeapGraph,
  analysis: HeapAnalysis,
  classes: HeapClasses,
  notes: readonly string[] = [],
): Profile {
  const groups = dominatorGroups(graph, analysis, classes);
  const builder = new ProfileBuilder([
    { type: 'objects', unit: 'count' },
    { type: 'retained', unit: 'bytes' },
  ]);
  const frameOf = frames(graph, classes, groups, builder);
  const small = builder.frame({ name: SMALL_NAME });
  const least = groups.retained[0]! * SMALL;
  const stackOf = new Int32Array(groups.length).fill(-1);
  const isSmall = new Uint8Array(groups.length);
  for (let group = 0; group < groups.length; group++) {
    const parent = groups.parent[group]!;
    // The root is the whole picture
    if (parent < 0) continue;
    if (isSmall[parent] === 1) {
      isSmall[group] = 1;
      stackOf[group] = stackOf[parent]!;
    } else if (groups.retained[group]! < least) {
      isSmall[group] = 1;
      stackOf[group] = builder.stack(stackOf[parent]!, small);
    } else stackOf[group] = builder.stack(stackOf[parent]!, frameOf(group));
  }
  const counts = new Map<number, [objects: number, bytes: number]>();
  for (let group = 0; group < groups.length; group++) {
    const sum = counts.get(stackOf[group]!) ?? [0, 0];
    counts.set(stackOf[group]!, [sum[0] + groups.count[group]!, sum[1] + groups.shallow[group]!]);
  }
  for (const [stack, [objects, bytes]] of counts) if (stack >= 0 || bytes > 0) builder.sample(stack, [objects, bytes]);
  return builder.build({ tool: 'v8-heap-snapshot', format: 'heapsnapshot', notes: [...notes] });
}

/** The frame of a group: `cache: Map`, `Session`, `refreshPage()`, with its place where V8 tells that. */
function frames(
  graph: HeapGraph,
  { classOf, names }: HeapClasses,
  { node, edgeName }: DominatorGroups,
  builder: ProfileBuilder,
): (group: number) => number {
  const words = objectWords(graph);
  return (group) => {
    const of = node[group]!;
    const type = graph.nodeTypes[graph.nodeType[of]!]!;
    const className = type === 'closure' ? words.name(of) : names[classOf[of]!]!;
    const name = edgeName[group]! < 0 ? className : `${graph.strings.text(edgeName[group]!)}: ${className}`;
    const { file, line } = fileAndLine(words.place(of));
    return builder.frame({ name, file, line, kind: kindOf(type, file) });
  };
}

function fileAndLine(place: string): { readonly file: string; readonly line: number } {
  const colon = place.lastIndexOf(':');
  return colon < 0 ? { file: '', line: 0 } : { file: place.slice(0, colon), line: Number(place.slice(colon + 1)) };
}

/** What colours tell: whose code made the object, or what V8 itself keeps it for. */
function kindOf(type: string, file: string): Kind {
  switch (type) {
    case 'object':
    case 'closure':
    case 'regexp':
      return jsKind(file);
    case 'code':
    case 'object shape':
      return 'jit';
    case 'native':
    case 'wasm object':
      return 'native';
    case 'string':
    case 'concatenated string':
    case 'sliced string':
    case 'array':
      return 'builtin';
    default:
      return 'runtime';
  }
}
