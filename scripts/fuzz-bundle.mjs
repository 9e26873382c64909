// The fuzzer's thread, bundled with small buffers: see SMALL.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minifiedScripts } from './minified-scripts.mjs';

/**
 * What readers make for large recordings, made small: a run of a kilobyte must not clear megabytes, and what lies across the end of a
 * buffer is met by small inputs as well. Kernels run as the JavaScript that they are written in, where coverage sees them, unless a
 * run asks for WebAssembly. Each is the end of a path below src/, what stands there, and what stands there instead.
 */
const SMALL = [
  ['folded/bytes.ts', 'WINDOW = 1 << 20', 'WINDOW = 1 << 10'],
  ['folded/drawing.ts', 'WINDOW = 1 << 20', 'WINDOW = 1 << 10'],
  ['perf-script/blocks.ts', 'WINDOW = 1 << 20', 'WINDOW = 1 << 12'],
  ['json-stream/window.ts', 'START_BYTES = 1 << 20', 'START_BYTES = 1 << 9'],
  ['input/contiguous-bytes.ts', '(1 << 20)', '(1 << 9)'],
  ['text/byte-texts.ts', '1 << 14', '1 << 7'],
  ['text/byte-texts.ts', 'new Int32Array(256)', 'new Int32Array(8)'],
  ['text/byte-texts.ts', 'new Int32Array(257)', 'new Int32Array(9)'],
  ['text/byte-texts.ts', 'new Int32Array(1024)', 'new Int32Array(16)'],
  ['text/byte-keys.ts', '1 << 14', '1 << 7'],
  ['text/byte-keys.ts', 'new Int32Array(1024 * SLOT)', 'new Int32Array(16 * SLOT)'],
  ['cpuprofile/node-bytes.ts', '(1 << 12)', '(1 << 4)'],
  ['cpuprofile/node-bytes.ts', 'new Int32Array(64)', 'new Int32Array(4)'],
  ['cpuprofile/samples.ts', 'WORTH_STORAGE = 100_000', 'WORTH_STORAGE = 10'],
  ['cpuprofile/samples.ts', 'MOST_STORAGE = 1 << 28', 'MOST_STORAGE = 1 << 10'],
  ['json-stream/words.ts', 'SLOTS = 4096', 'SLOTS = 16'],
  ['json-stream/list.ts', 'BLOCK_BITS = 16', 'BLOCK_BITS = 4'],
  ['folded/write.ts', 'PIECE = 1 << 17', 'PIECE = 1 << 10'],
  ['folded/print.ts', 'PIECE = 1 << 18', 'PIECE = 1 << 10'],
  ['compat/raw-lines.ts', 'WINDOW = 1 << 16', 'WINDOW = 1 << 10'],
  ['massif/spool.ts', 'PIECE = 1 << 16', 'PIECE = 1 << 10'],
  ['heapsnapshot/rooms.ts', 'FIRST_ROWS = 1 << 16', 'FIRST_ROWS = 1 << 4'],
  ['heapsnapshot/string-bytes.ts', '1 << 16', '1 << 7'],
  ['heapsnapshot/string-bytes.ts', '1 << 12', '1 << 3'],
  ['heapsnapshot/number-taker.ts', 'BATCH = 1 << 15', 'BATCH = 1 << 6'],
  ['heapsnapshot/number-taker.ts', 'wasmTaker() ?? ', '(globalThis.fuzzWasm && wasmTaker()) || '],
  ['perf-kernel/blocks.ts', 'LINES: i32 = 65536', 'LINES: i32 = 512'],
  ['perf-kernel/blocks.ts', 'FIRST_SLOTS: i32 = 4096', 'FIRST_SLOTS: i32 = 16'],
  ['perf-kernel/stack-table.ts', 'FIRST_SLOTS: i32 = 4096', 'FIRST_SLOTS: i32 = 16'],
  [
    'perf-kernel/memory.ts',
    '  top = START;\n  use(new ArrayBuffer(1 << 22));',
    '  bytes.fill(0, 0, top);\n  top = START;\n  if (buffer.byteLength === 0) use(new ArrayBuffer(1 << 22));',
  ],
  [
    'perf-kernel/open-kernel.ts',
    "import type * as script from './kernel.ts';",
    "import * as script from './kernel.ts';\nimport { clearMemory, memoryBuffer } from './memory.ts';",
  ],
  [
    'perf-kernel/open-kernel.ts',
    'export function wasmKernel(): Kernel | undefined {',
    `export function wasmKernel(): Kernel | undefined {
      if (!globalThis.fuzzWasm) {
        clearMemory();
        return { ...script, memory: memoryBuffer, close: clearMemory };
      }`,
  ],
  ['profile/columns.ts', 'SMALLEST = 64', 'SMALLEST = 4'],
  ['profile/columns.ts', 'new Int32Array(256).fill(-1)', 'new Int32Array(8).fill(-1)'],
  ['profile/columns.ts', 'slots = 1024', 'slots = 16'],
  ['profile/sequences.ts', 'new Int32Array(2048)', 'new Int32Array(16)'],
  ['profile/sequences.ts', 'Math.max(1024, items)', 'Math.max(16, items)'],
  ['profile/sequences.ts', 'Math.max(1024, sequences)', 'Math.max(8, sequences)'],
  ['profile/sequences.ts', 'MUCH = 1 << 22', 'MUCH = 1 << 6'],
  ['profile/sequences.ts', 'LOOKED_UP = 1 << 14', 'LOOKED_UP = 1 << 4'],
  ['perf-data/chunk.ts', 'CHUNK_BYTES = 256 * 1024', 'CHUNK_BYTES = 72 * 1024'],
  ['perf-data/held-records.ts', 'columns = new Columns(1024)', 'columns = new Columns(8)'],
  ['perf-data/held-records.ts', 'spare = new Columns(1024)', 'spare = new Columns(8)'],
  ['perf-data/held-records.ts', 'LEAST_BYTES = 1 << 20', 'LEAST_BYTES = 1 << 8'],
  ['perf-binary/address-table.ts', 'new Float64Array(256)', 'new Float64Array(8)'],
  ['perf-binary/address-table.ts', 'new Int32Array(256)', 'new Int32Array(8)'],
  ['perf-binary/sample-reader.ts', 'new Int32Array(DEEPEST * 2)', shared('symbols', 'Int32Array', 2048)],
  ['perf-binary/sample-reader.ts', 'new Float64Array(DEEPEST)', shared('unwound', 'Float64Array', 1024)],
  ['console/recording.ts', 'PIECE = 1 << 20', 'PIECE = 1 << 9'],
  ['perf-data/feed.ts', 'private buffer = new Uint8Array(SCRATCH_BYTES)', 'private buffer = new Uint8Array(64)'],
  ['perf-data/feed.ts', 'new Uint8Array(SCRATCH_BYTES)', shared('feed', 'Uint8Array', 1 << 16)],
  ['perf-data/counter-values.ts', 'new Float64Array(MOST_VALUES)', shared('ids', 'Float64Array', 8192)],
  ['perf-data/counter-values.ts', 'new Float64Array(MOST_VALUES)', shared('values', 'Float64Array', 8192)],
  ['perf-data/chain-words.ts', 'new Float64Array(MOST_WORDS)', shared('words', 'Float64Array', 8192)],
  ['perf-data/chain-words.ts', 'new Uint8Array(MOST_WORDS)', shared('kernel', 'Uint8Array', 8192)],
  ['perf-data/sample-fields.ts', 'new Float64Array(2 * MOST_BRANCHES)', shared('branches', 'Float64Array', 5460)],
];

/** Columns that are written before they are read: one for all runs, which follow each other. */
function shared(name, type, length) {
  return `(globalThis.fuzz_${name} ??= new ${type}(${length}))`;
}

/** @param outfile within the package, as bundles look for its root around them */
export async function buildFuzzer(outfile) {
  await build({
    entryPoints: ['test/fuzz/worker.entry.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [minifiedScripts, smallBuffers, hereAsInSources],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
}

const smallBuffers = {
  name: 'small-buffers',
  setup({ onLoad, onEnd }) {
    const left = new Set(SMALL);
    onLoad({ filter: /\/src\/(?:console|formats|profile)\/.*\.ts$/ }, ({ path }) => {
      const changes = SMALL.filter(([file]) => path.endsWith(`/${file}`));
      if (changes.length === 0) return undefined;
      let contents = readFileSync(path, 'utf8');
      for (const change of changes) {
        const [file, large, small] = change;
        if (!contents.includes(large))
          throw new Error(`${file} has no ${large} any more: mend scripts/fuzz-bundle.mjs`);
        contents = contents.replace(large, () => small);
        left.delete(change);
      }
      return { contents, loader: 'ts' };
    });
    onEnd(() => {
      const [first] = left;
      if (first !== undefined) throw new Error(`there is no ${first[0]} any more: mend scripts/fuzz-bundle.mjs`);
    });
  },
};

/** Tests' own modules name files by where their source lies. */
const hereAsInSources = {
  name: 'here-as-in-sources',
  setup({ onLoad }) {
    onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.dirname',
        JSON.stringify(path.replace(/\/[^/]*$/, '')),
      ),
      loader: 'ts',
    }));
  },
};
