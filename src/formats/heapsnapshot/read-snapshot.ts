import { propagateDetachedness } from '../../heap/dom-state.ts';
import type { HeapGraph } from '../../heap/graph.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { type JsonObject, jsonObject, readJson } from '../json-stream/input.ts';
import { ALL, HOLLOW, members, type Shape } from '../json-stream/shape.ts';
import { EdgeColumns } from './edge-columns.ts';
import { readHead, type SnapshotHead } from './head.ts';
import { LocationColumns, NO_LOCATIONS } from './locations.ts';
import { NodeColumns } from './node-columns.ts';
import { numberTaker } from './number-taker.ts';
import { roomFor } from './rooms.ts';
import { StringBytes } from './string-bytes.ts';
import { SampleColumns, TraceColumns } from './traces.ts';

/** What a snapshot consists of beside its head, in the order in which V8 writes it. */
const PARTS = ['nodes', 'edges', 'trace_function_infos', 'trace_tree', 'samples', 'locations', 'strings'] as const;
type Part = (typeof PARTS)[number];

/**
 * Reads a V8 heap snapshot of any size: bytes go into columns as they come in, no text is ever held as one.
 *
 * Format: V8's `HeapSnapshotJSONSerializer` (src/profiler/heap-snapshot-generator.cc). Fields are found by the names that
 * the file gives, as every version of V8 has others.
 *
 * @param notes gets what is odd and was read nevertheless
 * @throws {FormatError} it is cut, no JSON, or its parts contradict each other
 */
export async function readHeapSnapshot(input: Input, notes: Notes): Promise<HeapGraph> {
  const reader = new SnapshotReader(input);
  const file = await readJson(input, reader.shape());
  return reader.graph(jsonObject(input, '$', file), notes);
}

class SnapshotReader {
  private readonly input: Input;
  private readonly seen = new Set<Part>();
  private head: SnapshotHead | undefined;
  private nodes!: NodeColumns;
  private edges!: EdgeColumns;
  private traces!: TraceColumns;
  private samples!: SampleColumns;
  private locations: LocationColumns | undefined;
  private readonly strings: StringBytes;

  constructor(input: Input) {
    this.input = input;
    this.strings = new StringBytes(input);
  }

  shape(): Shape {
    const head: Shape = {
      ...ALL,
      closed: (value) => {
        if (this.head) throw new FormatError(this.input, '$.snapshot', 'it stands there twice');
        this.takeHead(readHead(this.input, value));
        return undefined;
      },
    };
    const parts: [Part, () => Shape][] = [
      ['nodes', () => this.nodes.rows.shape()],
      ['edges', () => this.edges.rows.shape()],
      ['trace_function_infos', () => this.traces.functions.shape()],
      ['trace_tree', () => this.traces.treeShape()],
      ['samples', () => this.samples.rows.shape()],
      ['locations', () => this.locations?.rows.shape() ?? HOLLOW],
      ['strings', () => this.strings.shape()],
    ];
    return members({
      snapshot: head,
      ...Object.fromEntries(parts.map(([part, shape]) => [part, this.once(part, shape)])),
    });
  }

  /** Everything that was read. */
  graph(file: JsonObject, notes: Notes): HeapGraph {
    const { head, nodes, edges } = this;
    if (head === undefined) {
      if (file.snapshot !== undefined) jsonObject(this.input, '$.snapshot', file.snapshot);
      throw new FormatError(this.input, '$', 'it has no head (`snapshot`)');
    }
    for (const part of ['nodes', 'edges', 'strings'] as const) {
      if (!this.seen.has(part)) throw new FormatError(this.input, '$', `it has no ${part}`);
    }
    nodes.finish();
    edges.finish();
    const strings = this.strings.strings();
    checkNames(this.input, nodes, head, strings.count);
    edges.checkNames(strings.count);
    if (head.nodeCount === 0) throw new FormatError(this.input, '$.nodes', 'it holds no nodes');
    const root = head.rootIndex / head.nodeFields.length;
    if (!Number.isInteger(root) || root >= head.nodeCount) {
      throw new FormatError(this.input, '$.snapshot.root_index', `no node starts at ${head.rootIndex}`);
    }
    const traces = this.traces.traces(strings.count);
    if (head.extraNativeBytes > 0) {
      notes.add(`${head.extraNativeBytes} bytes outside of V8's heap belong to no object`);
    }
    const graph: HeapGraph = {
      nodeCount: head.nodeCount,
      edgeCount: head.edgeCount,
      root,
      nodeTypes: head.nodeTypes,
      edgeTypes: head.edgeTypes,
      nodeType: nodes.type,
      nodeName: nodes.name,
      nodeId: nodes.id,
      selfSize: nodes.selfSize,
      detachedness: nodes.detachedness,
      traceNode: traces === undefined ? undefined : nodes.trace,
      firstEdge: nodes.firstEdge,
      edgeType: edges.type,
      edgeName: edges.name,
      edgeTo: edges.to,
      strings,
      locations: this.locations?.locations() ?? NO_LOCATIONS,
      traces,
      samples: this.samples.samples(),
      extraNativeBytes: head.extraNativeBytes,
    };
    propagateDetachedness(graph, head.nodeFields.includes('detachedness'));
    return graph;
  }

  private takeHead(head: SnapshotHead): void {
    const { input } = this;
    const room = roomFor(input);
    const taker = numberTaker();
    this.head = head;
    this.nodes = new NodeColumns(input, head, room, taker);
    this.edges = new EdgeColumns(input, head, room, taker);
    this.traces = new TraceColumns(input, head, taker);
    this.samples = new SampleColumns(input, head, taker);
    if (head.locationFields.length > 0) this.locations = new LocationColumns(input, head, taker);
  }

  /** A shape that is made when its array begins: before that nobody knows what it consists of. */
  private once(part: Part, make: () => Shape): Shape {
    let shape: Shape | undefined;
    const of = (): Shape => {
      shape ??= this.begin(part, make);
      return shape;
    };
    return {
      get each() {
        return of().each;
      },
      get run() {
        return of().run;
      },
      get items() {
        return of().items;
      },
      opened: () => {
        if (this.seen.has(part)) throw new FormatError(this.input, `$.${part}`, 'it stands there twice');
        this.seen.add(part);
        of().opened?.();
      },
      closed: (value) => of().closed?.(value),
    } as Shape;
  }

  private begin(part: Part, make: () => Shape): Shape {
    if (this.head !== undefined || part === 'strings') return make();
    throw new FormatError(
      this.input,
      `$.${part}`,
      'it stands before the head (`snapshot`) that says what it is made of',
    );
  }
}

/** @throws {FormatError} the name of a node is none of so many strings */
function checkNames(
  input: Input,
  { name }: NodeColumns,
  { nodeCount, nodeFields }: SnapshotHead,
  strings: number,
): void {
  for (let i = 0; i < nodeCount; i++) {
    if (name[i]! < strings) continue;
    const path = `$.nodes[${i * nodeFields.length + nodeFields.indexOf('name')}]`;
    throw new FormatError(input, path, `there is no string ${name[i]}: there are ${strings}`);
  }
}
