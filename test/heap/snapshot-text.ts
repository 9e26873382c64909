import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { inputOf } from '../../src/formats/input.ts';
import type { HeapGraph } from '../../src/heap/graph.ts';

export const NODE_TYPES = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
];
export const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];

/** A node as V8 has it, in words. The first one is the root. */
export interface NodeWords {
  /** Default: object. */
  readonly type?: string;
  /** Default: `Thing`. */
  readonly name?: string;
  /** Default: odd, by its place. */
  readonly id?: number;
  /** Default: 16. */
  readonly size?: number;
  readonly detachedness?: number;
  readonly trace?: number;
}

/** From node, to node (by their places), its name, its type (default: property, or element where the name is a number). */
export type EdgeWords = readonly [from: number, to: number, name?: string | number, type?: string];

export interface SnapshotWords {
  readonly nodes: readonly NodeWords[];
  readonly edges: readonly EdgeWords[];
  /** Members in the place of, or beside, those of the file. */
  readonly rest?: object;
  /** Members of its head. */
  readonly head?: object;
  readonly meta?: object;
}

/** The object that V8 would write. */
export function snapshotObject({ nodes, edges, rest, head, meta }: SnapshotWords): Record<string, unknown> {
  const strings: string[] = ['<dummy>'];
  const indexes = new Map<string, number>();
  const indexOf = (text: string): number => {
    if (!indexes.has(text)) indexes.set(text, strings.push(text) - 1);
    return indexes.get(text)!;
  };
  const rows: number[] = [];
  const edgeRows: number[] = [];
  nodes.forEach(({ type = 'object', name = 'Thing', id, size = 16, detachedness = 0, trace = 0 }, place) => {
    const own = edges.filter(([from]) => from === place);
    rows.push(NODE_TYPES.indexOf(type), indexOf(name), id ?? 2 * place + 1, size, own.length, trace, detachedness);
    for (const [, to, label = 'property', edgeType] of own) {
      const word = edgeType ?? (typeof label === 'number' ? 'element' : 'property');
      edgeRows.push(EDGE_TYPES.indexOf(word), typeof label === 'number' ? label : indexOf(label), to * 7);
    }
  });
  return {
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
        node_types: [NODE_TYPES, 'string', 'number', 'number', 'number', 'number', 'number'],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
        trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
        trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
        sample_fields: ['timestamp_us', 'last_assigned_id'],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
        ...meta,
      },
      node_count: nodes.length,
      edge_count: edges.length,
      trace_function_count: 0,
      ...head,
    },
    nodes: rows,
    edges: edgeRows,
    trace_function_infos: [],
    trace_tree: [],
    samples: [],
    locations: [],
    strings,
    ...rest,
  };
}

/** As V8 writes it: a node, an edge, a string in a line of its own. */
export function snapshotText(words: SnapshotWords): string {
  const object = snapshotObject(words);
  const members = Object.entries(object).map(([key, value]) => {
    const width = key === 'nodes' ? 7 : key === 'edges' ? 3 : 0;
    if (!Array.isArray(value)) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    if (key === 'strings') return `"strings":[${value.map((text) => JSON.stringify(text)).join(',\n')}]`;
    const parts: string[] = [];
    for (let i = 0; i < value.length; i += width || value.length) {
      parts.push(JSON.stringify(value.slice(i, i + (width || value.length))).slice(1, -1));
    }
    return `${JSON.stringify(key)}:[${parts.join('\n,')}${parts.length > 0 ? '\n' : ''}]`;
  });
  return `{${members.join(',\n')}}\n`;
}

/** @param chunkSize bytes that come at once */
export function readGraph(text: string | Uint8Array, chunkSize?: number): Promise<HeapGraph> {
  return readHeapSnapshot(inputOf(text, 'x', chunkSize), new Notes());
}

export function graphOf(words: SnapshotWords): Promise<HeapGraph> {
  return readGraph(snapshotText(words));
}
