// Whether our numbers of heap snapshots are those of DevTools' own code, on every node, and how they differ from memlab's:
//     node scripts/heap-truth.mjs [--golden] NODE_MODULES SNAPSHOT...
// NODE_MODULES is a folder with chrome-devtools-frontend, and @memlab/heap-analysis where that is to be asked too
// (`npm i --ignore-scripts chrome-devtools-frontend@1.0.1705227 @memlab/heap-analysis@2.0.5` in a folder of its own).
// --golden writes what DevTools says beside each snapshot, as NAME.devtools.golden: fixtures/heapsnapshot has such.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decompress } from 'fzstd';
import { bundleDevTools } from './heap-truth/devtools.mjs';
import { bundleOurs } from './heap-truth/ours.mjs';

const COLUMNS = { dominator: Uint32Array, retained: Float64Array, distance: Int32Array, shallow: Float64Array };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { golden: { type: 'boolean', default: false } },
});
const [modules, ...snapshots] = positionals;
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-heap-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const devtools = await bundleDevTools(join(modules, 'chrome-devtools-frontend'), folder);
const ours = await bundleOurs();
const memlab = join(import.meta.dirname, 'heap-truth/memlab.mjs');

for (const snapshot of snapshots) {
  console.log(snapshot);
  run(ours, snapshot, 'ours');
  const plain = uncompressed(snapshot);
  run(devtools, plain, 'devtools');
  const we = read('ours');
  const they = read('devtools');
  const { milliseconds } = we;
  console.log(
    `  ours in ms: ${Object.entries(milliseconds)
      .map(([stage, ms]) => `${stage} ${Math.round(ms)}`)
      .join(', ')}`,
  );
  for (const what of ['nodeCount', 'edgeCount', 'totalSize']) tell(what, we[what], they[what]);
  for (const [name, Column] of Object.entries(COLUMNS))
    compare(name, column('ours', name, Column), column('devtools', name, Column));
  compareClasses(we.classes, they.classes);
  if (values.golden) writeGolden(snapshot, they);
  if (existsSync(join(modules, '@memlab/heap-analysis'))) {
    execFileSync(process.execPath, ['--max-old-space-size=8000', memlab, modules, plain, join(folder, 'memlab')]);
    const lab = read('memlab');
    tell('nodes, memlab', we.nodeCount, lab.nodeCount);
    tell('edges, memlab', we.edgeCount, lab.edgeCount);
    compare('self size, memlab', column('ours', 'self', Float64Array), column('memlab', 'shallow', Float64Array));
    const ids = column('ours', 'id', Float64Array);
    const dominators = Float64Array.from(column('ours', 'dominator', Uint32Array), (node) => ids[node]);
    compare('dominator, memlab', dominators, column('memlab', 'dominator', Float64Array));
    compare('retained, memlab', column('ours', 'retained', Float64Array), column('memlab', 'retained', Float64Array));
  }
}

function run(program, snapshot, name) {
  execFileSync(process.execPath, ['--max-old-space-size=8000', program, snapshot, join(folder, name)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function uncompressed(snapshot) {
  if (!snapshot.endsWith('.zst')) return snapshot;
  const plain = join(folder, 'plain.heapsnapshot');
  writeFileSync(plain, decompress(readFileSync(snapshot)));
  return plain;
}

function read(name) {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

function column(name, what, Column) {
  const bytes = readFileSync(join(folder, `${name}.${what}`));
  return new Column(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function tell(what, one, other) {
  console.log(`  ${what.padEnd(18)} ${one === other ? `${one}, equal` : `OURS ${one}, THEIRS ${other}`}`);
  if (one !== other && !what.includes('memlab')) process.exitCode = 1;
}

function compare(what, one, other) {
  let different = Math.abs(one.length - other.length);
  for (let i = 0; i < Math.min(one.length, other.length); i++) if (one[i] !== other[i]) different++;
  console.log(
    `  ${what.padEnd(18)} ${different === 0 ? `equal on all ${one.length} nodes` : `${different} of ${one.length} DIFFER`}`,
  );
  if (different > 0 && !what.includes('memlab')) process.exitCode = 1;
}

function compareClasses(one, other) {
  const theirs = new Map(
    other.map((row) => [row.key, JSON.stringify(row, ['key', 'name', 'count', 'distance', 'self', 'maxRet'])]),
  );
  const different = one.filter(
    (row) => theirs.get(row.key) !== JSON.stringify(row, ['key', 'name', 'count', 'distance', 'self', 'maxRet']),
  );
  tell('classes', one.length, other.length);
  tell('classes that differ', different.map(({ key }) => key).join(' | ') || 'none', 'none');
}

function writeGolden(snapshot, { nodeCount, edgeCount, totalSize, statistics, classes }) {
  const sha256 = Object.fromEntries(
    Object.keys(COLUMNS).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, `devtools.${name}`)))
        .digest('hex'),
    ]),
  );
  const { version } = JSON.parse(readFileSync(join(modules, 'chrome-devtools-frontend/package.json'), 'utf8'));
  const rows = classes.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  const head = JSON.stringify(
    { tool: `chrome-devtools-frontend ${version}`, nodeCount, edgeCount, totalSize, statistics, sha256 },
    null,
    2,
  );
  writeFileSync(
    snapshot.replace(/\.heapsnapshot.*/, '.devtools.golden'),
    `${head.slice(0, -2)},\n  "classes": [\n${rows}\n  ]\n}\n`,
  );
}
