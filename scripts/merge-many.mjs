// Memory and time of merging many recordings of a fleet: peak resident memory of `convert` by the number of its inputs.
//     node scripts/merge-many.mjs [FILES...]
// Default: 50, 500 and 5000 files of each format. There are 50 different recordings of each; the others are the same again
// under other names, so that the result is as large whatever the number. GNU time is needed.
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { xorshift } from './bench/xorshift.mjs';

const DIFFERENT = 50;
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [50, 500, 5000];
const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-merge-'));

try {
  const most = Math.max(...counts);
  for (const extension of ['folded', 'cpuprofile', 'pb.gz']) {
    const names = recordings(extension, most);
    for (const count of counts) measure(extension, names.slice(0, count));
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Stacks of a service: 150 of 20,000 in a recording, 4 to 24 deep. */
function stacksOf(recording) {
  const random = xorshift(recording + 1);
  return Array.from({ length: 150 }, () => {
    const pick = xorshift(1 + random(20_000));
    const depth = 4 + pick(20);
    return Array.from({ length: depth }, (_, level) => `handler${level}_${pick(2 + level)}`);
  });
}

function folded(recording) {
  return stacksOf(recording)
    .map((stack, i) => `node;${stack.join(';')} ${1 + (i % 7)}\n`)
    .join('');
}

/** A timeline of 2,000 samples. */
function cpuprofile(recording) {
  const nodes = [];
  const add = (name) =>
    nodes.push({
      id: nodes.length + 1,
      callFrame: {
        functionName: name,
        scriptId: '1',
        url: 'file:///srv/app/server.js',
        lineNumber: name.length,
        columnNumber: 2,
      },
      children: [],
    });
  add('(root)');
  const leaves = stacksOf(recording).map((stack) => {
    let at = nodes[0];
    for (const name of stack) {
      const known = at.children.map((id) => nodes[id - 1]).find(({ callFrame }) => callFrame.functionName === name);
      if (known === undefined) at.children.push(add(name));
      at = known ?? nodes.at(-1);
    }
    return at.id;
  });
  const samples = Array.from({ length: 2_000 }, (_, i) => leaves[i % leaves.length]);
  return JSON.stringify({
    nodes,
    startTime: recording * 1e9,
    endTime: recording * 1e9 + 2e6,
    samples,
    timeDeltas: samples.map(() => 1_000),
  });
}

function recordings(extension, count) {
  const home = join(folder, extension);
  mkdirSync(home);
  const names = [];
  for (let i = 0; i < Math.min(DIFFERENT, count); i++) {
    const name = join(home, `${i}.${extension}`);
    if (extension === 'cpuprofile') writeFileSync(name, cpuprofile(i));
    else if (extension === 'folded') writeFileSync(name, folded(i));
    else spawnSync('node', [bin, 'convert', '-q', join(folder, 'cpuprofile', `${i}.cpuprofile`), '-o', name]);
    names.push(name);
  }
  for (let i = DIFFERENT; i < count; i++) {
    const name = join(home, `${i}.${extension}`);
    linkSync(names[i % DIFFERENT], name);
    names.push(name);
  }
  return names;
}

function measure(extension, names) {
  const list = join(folder, 'names');
  writeFileSync(list, `${names.join('\n')}\n`);
  const out = join(folder, 'out.pb.gz');
  const inputs = process.env.AS_WORDS ? names : ['--inputs-from', list];
  const { stderr, status } = spawnSync(
    '/usr/bin/time',
    ['-f', '%M %U %S', 'node', bin, 'convert', '-q', ...inputs, '-o', out],
    { encoding: 'utf8' },
  );
  const [kib, user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  if (status !== 0) throw new Error(stderr);
  const size = names.reduce((sum, name) => sum + statSync(name).size, 0) / 2 ** 20;
  console.log(
    `${extension.padEnd(11)} ${String(names.length).padStart(6)} files ${size.toFixed(1).padStart(7)} MiB   ${(kib / 1024).toFixed(0).padStart(5)} MiB resident   ${(user + system).toFixed(1).padStart(6)} s of CPU time   ${(statSync(out).size / 1024).toFixed(0)} KiB out`,
  );
}
