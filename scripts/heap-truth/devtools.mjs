// DevTools' own code for heap snapshots as a program for node: `chrome-devtools-frontend` from npm, as it is.
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** What it asks a browser for: locales, of which nothing is printed here. */
const LOCALES = `export const LOCALES = ['en-US']; export const BUNDLED_LOCALES = LOCALES; export const DEFAULT_LOCALE = 'en-US';
  export const REMOTE_FETCH_PATTERN = ''; export const LOCAL_FETCH_PATTERN = '';`;
const locales = {
  name: 'locales',
  setup(bundle) {
    bundle.onResolve({ filter: /\/locales\.js$/ }, () => ({ path: 'locales', namespace: 'locales' }));
    bundle.onLoad({ filter: /.*/, namespace: 'locales' }, () => ({ contents: LOCALES }));
  },
};

/** Node 20 has none. */
const POLYFILL = `Promise.withResolvers ??= () => { let resolve, reject;
  const promise = new Promise((yes, no) => { resolve = yes; reject = no; }); return { promise, resolve, reject }; };`;

/** The second thread, which finds retainers and dominators. */
const SECOND = `
  import { parentPort } from 'node:worker_threads';
  import { SecondaryInitManager } from './HeapSnapshot.ts';
  const heard = new Map();
  new SecondaryInitManager({
    addEventListener: (name, listener) => { heard.set(listener, (data) => listener({ data })); parentPort.on(name, heard.get(listener)); },
    removeEventListener: (name, listener) => parentPort.off(name, heard.get(listener)),
    postMessage: (message, moved) => parentPort.postMessage(message, moved),
    start() {},
  });`;

/** Loads a snapshot as the Memory panel does, aggregates included. With a second argument writes there what it found. */
const MAIN = `
  import { createReadStream, writeFileSync } from 'node:fs';
  import { Worker } from 'node:worker_threads';
  import { HeapSnapshotLoader } from './HeapSnapshotLoader.ts';
  const [file, out] = process.argv.slice(2);
  const worker = new Worker(new URL('./devtools-second.mjs', import.meta.url));
  const heard = new Map();
  const second = {
    addEventListener: (name, listener) => { heard.set(listener, (data) => listener({ data })); worker.on(name, heard.get(listener)); },
    removeEventListener: (name, listener) => worker.off(name, heard.get(listener)),
    postMessage: (message, moved) => worker.postMessage(message, moved),
    start() {},
  };
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) loader.write(chunk);
  loader.close();
  const snapshot = await loader.buildSnapshot(second);
  await worker.terminate();
  const aggregates = snapshot.aggregatesWithFilter({});
  if (out) {
    const { nodeCount, nodeFieldCount, nodes, nodeSelfSizeOffset } = snapshot;
    const shallow = Float64Array.from({ length: nodeCount }, (_, i) => nodes.getValue(i * nodeFieldCount + nodeSelfSizeOffset));
    const columns = { dominator: snapshot.dominatorsTree, retained: snapshot.retainedSizes, distance: snapshot.nodeDistances, shallow };
    for (const [name, column] of Object.entries(columns)) writeFileSync(out + '.' + name, new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const classes = Object.entries(aggregates).map(([key, { name, count, distance, self, maxRet }]) => ({ key, name, count, distance, self, maxRet }));
    const { containmentEdges, edgeFieldsCount, totalSize } = snapshot;
    writeFileSync(out + '.json', JSON.stringify({
      nodeCount, edgeCount: containmentEdges.length / edgeFieldsCount, totalSize, statistics: snapshot.getStatistics(), classes,
    }));
  }`;

/**
 * @param {string} frontend folder of the package
 * @param {string} folder where the program goes
 * @returns {Promise<string>} its path: `node PROGRAM SNAPSHOT [OUT]`
 */
export async function bundleDevTools(frontend, folder) {
  const worker = join(resolve(frontend), 'front_end/entrypoints/heap_snapshot_worker');
  for (const [name, contents] of Object.entries({ 'devtools-main': MAIN, 'devtools-second': SECOND })) {
    await build({
      stdin: { contents, resolveDir: worker, loader: 'js' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      plugins: [locales],
      banner: { js: POLYFILL },
      logLevel: 'error',
      outfile: join(folder, `${name}.mjs`),
    });
  }
  return join(folder, 'devtools-main.mjs');
}
