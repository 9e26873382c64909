// Heap snapshots of three sizes: read, with dominators, retained sizes, distances and the sums of all classes.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleDevTools } from '../heap-truth/devtools.mjs';
import { bundleOurs } from '../heap-truth/ours.mjs';
import { compare } from './measure.mjs';

/** About 49, 280 and 690 MB. */
const SCALES = [1.5, 9, 22];
/** JSON.parse takes no longer text. */
const LONGEST_TEXT = 2 ** 29 - 24;
const LARGE_HEAP = '--max-old-space-size=8000';

/**
 * @param {(name: string, make: (path: string) => void) => string} made as in bench-self.mjs
 * @param {string} [packages] a node_modules folder with chrome-devtools-frontend and @memlab/heap-analysis
 */
export async function heap(folder, rounds, made, packages) {
  const has = (name) => packages !== undefined && existsSync(join(packages, name));
  const ours = await bundleOurs();
  const devtools = has('chrome-devtools-frontend')
    ? await bundleDevTools(join(packages, 'chrome-devtools-frontend'), folder)
    : undefined;
  if (!devtools) console.error('no chrome-devtools-frontend in the folder of --packages: left out');
  if (!has('@memlab/heap-analysis')) console.error('no @memlab/heap-analysis in the folder of --packages: left out');
  for (const scale of SCALES) {
    const input = made(`heap-${scale}.heapsnapshot`, (path) => {
      execFileSync('node', [LARGE_HEAP, 'scripts/bench/programs/mixed-heap.cjs', String(scale), path]);
    });
    const { size } = statSync(input);
    const parse = "JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))";
    compare(`heap snapshot: ${Math.round(size / 1e6)} MB`, rounds, [
      { name: 'ours', command: ['node', ours, input] },
      ...(devtools ? [{ name: "DevTools' code", command: ['node', LARGE_HEAP, devtools, input] }] : []),
      ...(has('@memlab/heap-analysis')
        ? [{ name: 'memlab', command: ['node', LARGE_HEAP, 'scripts/heap-truth/memlab.mjs', packages, input] }]
        : []),
      ...(size < LONGEST_TEXT ? [{ name: 'JSON.parse alone', command: ['node', LARGE_HEAP, '-e', parse, input] }] : []),
    ]);
  }
}
