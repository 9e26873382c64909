import type { FrameWords } from '../../profile/builder.ts';

/** Percent of a moment's heap below which callers are put together, as massif does by default. */
const THRESHOLD = 1;

/** What one stack has in use. */
export interface HeapPart {
  /** Lines as {@link treeLine} makes them, who allocated first; equal lines are one object. */
  readonly path: readonly TreeLine[];
  readonly bytes: number;
}

export interface TreeLine {
  readonly text: string;
}

export interface MassifHead {
  /** What recorded it. */
  readonly description: string;
  readonly command: string;
  /** Milliseconds, or bytes allocated and freed. */
  readonly timeUnit: 'ms' | 'B';
}

export interface HeapMoment {
  /** In the head's unit. */
  readonly time: number;
  /** Bytes in use; no less than those of the parts together. */
  readonly heap: number;
  readonly peak: boolean;
  /** Who has how much; undefined where that was not kept. */
  parts(): readonly HeapPart[] | undefined;
}

/**
 * The heap over time in the format of valgrind's massif (massif/ms_main.c, coregrind/m_xtree.c), so that everything which
 * shows massif's recordings can show it: one snapshot a moment.
 * @param moments in the order of time
 */
export function* writeMassif(
  { description, command, timeUnit }: MassifHead,
  moments: Iterable<HeapMoment>,
): Iterable<string> {
  yield `desc: ${oneLine(description)}\ncmd: ${oneLine(command)}\ntime_unit: ${timeUnit}\n`;
  let number = 0;
  for (const moment of moments) {
    const parts = moment.parts();
    yield `#-----------\nsnapshot=${number++}\n#-----------\ntime=${moment.time}\n`;
    yield `mem_heap_B=${moment.heap}\nmem_heap_extra_B=0\nmem_stacks_B=0\n`;
    yield `heap_tree=${parts === undefined ? 'empty' : moment.peak ? 'peak' : 'detailed'}\n`;
    if (parts !== undefined) yield* treeOf(moment.heap, parts);
  }
}

/** The line of a tree for a function at an address (`0x10918E`; '' = not known). */
export function treeLine(address: string, { name, file, line = 0, module = '' }: FrameWords): TreeLine {
  const where = file !== undefined && line > 0 ? ` (${file}:${line})` : module === '' ? '' : ` (in ${module})`;
  // What has no name is called by its module, which stands behind it already
  const symbol = name.startsWith('[') && module !== '' ? '???' : name;
  return { text: oneLine(`${address === '' ? '' : `${address}: `}${symbol}${where}`) };
}

interface Node {
  readonly parts: readonly HeapPart[];
  readonly depth: number;
  readonly bytes: number;
  readonly text: string;
}

/** Callees first, the largest of siblings first. A pile of open nodes, not recursion: stacks may be deep. */
function* treeOf(heap: number, parts: readonly HeapPart[]): Iterable<string> {
  const least = Math.floor((heap * THRESHOLD) / 100);
  const top = '(heap allocation functions) malloc/new/new[], --alloc-fns, etc.';
  const pile: Node[] = [{ parts, depth: 0, bytes: heap, text: top }];
  for (let node = pile.pop(); node !== undefined; node = pile.pop()) {
    const children = childrenOf(node, least);
    yield `${' '.repeat(node.depth)}n${children.length}: ${node.bytes} ${node.text}\n`;
    // The largest comes first: it is put on the pile last
    for (let i = children.length - 1; i >= 0; i--) pile.push(children[i]!);
  }
}

function childrenOf({ parts, depth }: Node, least: number): Node[] {
  const groups = new Map<TreeLine, HeapPart[]>();
  for (const part of parts) {
    const line = part.path[depth];
    if (line === undefined) continue;
    const group = groups.get(line);
    if (group === undefined) groups.set(line, [part]);
    else group.push(part);
  }
  const children: Node[] = [];
  let small = 0;
  let smallBytes = 0;
  for (const [{ text }, group] of groups) {
    const bytes = group.reduce((sum, part) => sum + part.bytes, 0);
    if (bytes >= least) children.push({ parts: group, depth: depth + 1, bytes, text });
    else {
      small++;
      smallBytes += bytes;
    }
  }
  if (small > 0) {
    const where = small === 1 ? 'in 1 place,' : `in ${small} places, all`;
    const text = `${where} below massif's threshold (${THRESHOLD}.00%)`;
    children.push({ parts: [], depth: depth + 1, bytes: smallBytes, text });
  }
  return children.sort((a, b) => b.bytes - a.bytes);
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
