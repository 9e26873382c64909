import { type Format, type Input, Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import { readPprof } from '../../src/formats/pprof/read-pprof.ts';
import { openPprofKernel, type PprofKernelSource } from '../../src/formats/pprof-kernel/open-pprof-kernel.ts';
import { formats, readInput } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { headOf, smallFiles, someOf } from './seeds.ts';
import { type FuzzTarget, readOrRefused } from './target.ts';

/** Every format of the registry: `detect`, `read`, and where there are any the ways around the profile. */
export async function formatTargets(): Promise<FuzzTarget[]> {
  const seeds = new Map<string, Buffer[]>(formats.map(({ id }) => [id, []]));
  for (const { bytes } of smallFiles()) {
    const { head } = inputOf(bytes, 'seed');
    const sure = formats.find((format) => format.detect(head) === 'yes');
    const found = sure ?? formats.find((format) => format.detect(head) === 'maybe');
    if (found !== undefined) seeds.get(found.id)!.push(bytes);
  }
  const recording = await readInput(inputOf(headOf('folded/threads.folded', 2000), 'seed'));
  for (const format of formats) if (format.write) seeds.get(format.id)!.push(written(format, recording));
  seeds.get('heapsnapshot')!.push(SNAPSHOT);
  // Each reading of V8's log is a process; what that prints is of the format v8-ticks
  const own = formats.filter(({ id }) => id !== 'v8-log');
  return [
    ...own.map((format) => ({
      id: `read:${format.id}`,
      seeds: someOf(seeds.get(format.id)!),
      run: (bytes: Buffer) => readEveryWay(format, bytes),
    })),
    { id: 'kernel:pprof', seeds: someOf(seeds.get('pprof')!), run: readPprofBothWays },
  ];
}

/** Small files never reach the kernel by themselves; it may refuse no more and no less than the reader beside it. */
async function readPprofBothWays(bytes: Buffer): Promise<boolean> {
  const read = (kernel: PprofKernelSource) =>
    readOrRefused(async () => checkRead(await readPprof(inputOf(bytes, 'x'), new Notes(), kernel, 0)));
  const byKernel = await read(openPprofKernel);
  const plainly = await read(() => undefined);
  if (byKernel !== plainly) throw new Error(`with a kernel: ${byKernel}, without: ${plainly}`);
  return plainly;
}

/** Set where kernels are to be WebAssembly (scripts/fuzz-bundle.mjs). */
const fuzzing = globalThis as { fuzzWasm?: boolean };

/**
 * Most runs read the profile, the others one of the ways around it, which take longer: the bytes decide which, so that a run can be
 * had again.
 */
async function readEveryWay(format: Format, bytes: Buffer): Promise<boolean> {
  const input = () => inputOf(bytes, 'x');
  const way = (bytes.length + 7 * (bytes[bytes.length >> 1] ?? 0) + 31 * (bytes[bytes.length >> 2] ?? 0)) % 64;
  fuzzing.fuzzWasm = bytes.length % 64 === 63;
  const read = () => readOrRefused(async () => checkRead(await format.read(input(), new Notes())));
  if (way === 0) {
    for (const known of formats) known.detect(input().head);
  }
  if (way === 1 && format.collapse !== undefined) {
    const collapsed = await readOrRefused(() => collapse(format, input()));
    const isRead = await read();
    if (collapsed !== isRead) throw new Error(`read: ${isRead}, collapsed: ${collapsed}`);
    return isRead;
  }
  if (way === 2 && format.draw !== undefined) {
    return readOrRefused(() => format.draw?.(input(), 0.001, new Notes(), {}));
  }
  const dialects = [...(format.dialects?.values() ?? [])];
  // Those of perf.data are of the text of `perf script`, which would be a process for each run
  if (way % 8 === 7 && dialects.length > 0 && format.id !== 'perf-data') {
    return readOrRefused(() => dialects[way % dialects.length]!(input(), new Notes(), {}));
  }
  return read();
}

async function collapse(format: Format, input: Input): Promise<void> {
  const text = await format.collapse?.(input, new Notes(), 'comm', {});
  if (text === undefined) return;
  const { total } = text.weight;
  if (!Number.isFinite(total) || total < 0) throw new Error(`the total of the text is ${total}`);
  let length = 0;
  for (const chunk of text.chunks) length += chunk.length;
  if (length === 0 && text.samples > 0 && total > 0) throw new Error('samples, and no text');
}

/** @throws {Error} it breaks what every profile promises */
export function checkRead(profile: Profile): void {
  checkProfile(profile);
  for (let i = 0; i < profile.valueTypes.length; i++) {
    const total = totalWeight(profile, i);
    if (!Number.isFinite(total) || total < 0) throw new Error(`the total of value ${i} is ${total}`);
  }
}

export function written(format: Format, profile: Profile): Buffer {
  return Buffer.concat(Array.from(format.write!(profile), (chunk) => Buffer.from(chunk)));
}

/** A heap of five objects, as V8 writes it: a root, two objects, a string, a closure. */
export const SNAPSHOT = Buffer.from(
  JSON.stringify({
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
        node_types: [
          ['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'number', 'native', 'synthetic'],
          ...['string', 'number', 'number', 'number', 'number', 'number'],
        ],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [
          ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'],
          'string_or_number',
          'node',
        ],
        trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
        trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
        sample_fields: ['timestamp_us', 'last_assigned_id'],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
      },
      node_count: 5,
      edge_count: 5,
      trace_function_count: 0,
    },
    nodes: [9, 0, 1, 0, 1, 0, 0, 9, 1, 3, 0, 2, 0, 0, 3, 2, 5, 32, 2, 0, 0, 5, 3, 7, 64, 0, 0, 0, 2, 4, 9, 24, 0, 0, 0],
    edges: [1, 1, 7, 2, 5, 14, 4, 1, 21, 2, 6, 21, 6, 7, 28],
    trace_function_infos: [],
    trace_tree: [],
    samples: [],
    locations: [21, 3, 4, 5],
    strings: ['', '(GC roots)', 'Cart', 'checkout', 'text', 'cart', 'run', 'weak'],
  }),
);
