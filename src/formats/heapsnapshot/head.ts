import { FormatError, type Input } from '../format.ts';
import { jsonArray, jsonNumber, jsonObject, jsonString } from '../json-stream/input.ts';

/** What the first member of a snapshot says: which numbers follow, and how many. */
export interface SnapshotHead {
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly traceFunctionFields: readonly string[];
  readonly traceNodeFields: readonly string[];
  readonly sampleFields: readonly string[];
  readonly locationFields: readonly string[];
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Place of the root in the numbers of all nodes. */
  readonly rootIndex: number;
  readonly extraNativeBytes: number;
  /** Whether allocations were tracked. V8 gives a number of functions here that may be too small. */
  readonly isTracked: boolean;
}

/** Types are kept in bytes; V8 has sixteen of nodes and seven of edges. */
const MOST_TYPES = 255;
/** Ordinals are numbers of 32 bits, and some of them mean something else. */
const MOST_ROWS = 0xfffffff0;

/**
 * @param value the member `snapshot`
 * @throws {FormatError} it does not say what is needed to read the rest
 */
export function readHead(input: Input, value: unknown): SnapshotHead {
  const head = jsonObject(input, '$.snapshot', value);
  const at = '$.snapshot.meta';
  const meta = jsonObject(input, at, head.meta);
  const fields = (name: string, needed: readonly string[], optional = false): readonly string[] => {
    const path = `${at}.${name}`;
    if (optional && meta[name] === undefined) return [];
    const list = jsonArray(input, path, meta[name]);
    const names = Array.from({ length: list.length }, (_, i) => jsonString(input, `${path}[${i}]`, list.at(i)));
    const missing = needed.find((field) => !names.includes(field));
    if (missing !== undefined) throw new FormatError(input, path, `it has no '${missing}'`);
    return names;
  };
  const typeNames = (name: string, of: readonly string[]): readonly string[] => {
    const place = of.indexOf('type');
    const path = `${at}.${name}[${place}]`;
    const list = jsonArray(input, path, jsonArray(input, `${at}.${name}`, meta[name]).at(place));
    if (list.length > MOST_TYPES) throw new FormatError(input, path, `${list.length} types are more than can be kept`);
    return Array.from({ length: list.length }, (_, i) => jsonString(input, `${path}[${i}]`, list.at(i)));
  };
  const count = (name: string, fallback?: number): number => {
    const path = `$.snapshot.${name}`;
    if (head[name] === undefined && fallback !== undefined) return fallback;
    const number = jsonNumber(input, path, head[name]);
    if (Number.isInteger(number) && number >= 0 && number <= MOST_ROWS) return number;
    throw new FormatError(input, path, `${number} is no count`);
  };
  const nodeFields = fields('node_fields', ['type', 'name', 'id', 'self_size', 'edge_count']);
  const edgeFields = fields('edge_fields', ['type', 'name_or_index', 'to_node']);
  return {
    nodeFields,
    nodeTypes: typeNames('node_types', nodeFields),
    edgeFields,
    edgeTypes: typeNames('edge_types', edgeFields),
    traceFunctionFields: fields('trace_function_info_fields', [], true),
    traceNodeFields: fields('trace_node_fields', [], true),
    sampleFields: fields('sample_fields', [], true),
    locationFields: fields('location_fields', [], true),
    nodeCount: count('node_count'),
    edgeCount: count('edge_count'),
    rootIndex: count('root_index', 0),
    isTracked: count('trace_function_count', 0) > 0,
    extraNativeBytes: typeof head.extra_native_bytes === 'number' ? head.extra_native_bytes : 0,
  };
}
