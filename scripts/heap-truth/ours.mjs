// Our reading of heap snapshots as a program for node.
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** Loads a snapshot with all that DevTools works out when it does, and can write the same files. */
const MAIN = `
  import { writeFileSync } from 'node:fs';
  import { Notes } from './src/formats/format.ts';
  import { readHeapSnapshot } from './src/formats/heapsnapshot/read-snapshot.ts';
  import { openInput } from './src/formats/input.ts';
  import { classesOf, classTotals } from './src/heap/classes.ts';
  import { analyseHeap } from './src/heap/dominators.ts';
  const [file, out] = process.argv.slice(2);
  const start = performance.now();
  const graph = await readHeapSnapshot(await openInput(file), new Notes());
  const read = performance.now();
  const analysis = analyseHeap(graph);
  const analysed = performance.now();
  const totals = classTotals(graph, analysis, classesOf(graph));
  const end = performance.now();
  const { dominator, retainedSize, distance, shallowSize } = analysis;
  if (out) {
    const columns = { dominator, retained: retainedSize, distance, shallow: Float64Array.from(shallowSize),
      id: Float64Array.from(graph.nodeId), self: Float64Array.from(graph.selfSize) };
    for (const [name, column] of Object.entries(columns)) writeFileSync(out + '.' + name, new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const classes = totals.map(({ key, name, count, distance, shallow, retained }) => ({ key, name, count, distance, self: shallow, maxRet: retained }));
    writeFileSync(out + '.json', JSON.stringify({
      nodeCount: graph.nodeCount, edgeCount: graph.edgeCount, totalSize: retainedSize[graph.root] + graph.extraNativeBytes, classes,
      milliseconds: { read: read - start, analyse: analysed - read, classes: end - analysed },
    }));
  }`;

/**
 * Inside of the package, where it finds what the build has made.
 * @returns {Promise<string>} the path of the program: `node PROGRAM SNAPSHOT [OUT]`
 */
export async function bundleOurs() {
  const outfile = join(root, 'node_modules/.cache/pforge-prof', 'heap-truth.mjs');
  await build({
    stdin: { contents: MAIN, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    outfile,
  });
  return outfile;
}
