import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, example, root } from '../e2e/run-cli.ts';

const PROGRAM = `
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__attribute__((noinline)) static unsigned work(unsigned n) { unsigned x = n; for (unsigned i = 0; i < 1000; i++) x = x * 31 + i; return x; }
__attribute__((noinline)) static unsigned fill(int size) { char *block = malloc(size); memset(block, size, size); unsigned x = block[size / 2]; free(block); return x; }
int main(void) { unsigned x = 0; for (int i = 1; i < 20000; i++) { x += work(i) + fill(16 + i % 512); if (i % 1000 == 0) usleep(1000); } return x == 1; }
`;

/** Ends by itself when nobody has asked it anything for a while. */
const SERVER = `
const { createServer } = require('node:http');
const answer = () => { let x = 0; for (let i = 0; i < 20000; i++) x += Math.sqrt(i); return String(x); };
let idle = setTimeout(() => process.exit(0), 4000);
createServer((request, response) => { idle.refresh(); response.end(answer()); }).listen(Number(process.env.PORT ?? 0), '127.0.0.1');
for (const end = Date.now() + 150; Date.now() < end; ) answer();
`;

const APP = `
function parse(text) { return JSON.parse(text).map((item) => item.name.toUpperCase()); }
const text = JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, name: 'item ' + id })));
const kept = [];
for (const end = Date.now() + 250; Date.now() < end; ) kept.push(parse(text)[0]);
`;

const BENCH = `
import { bench } from 'pforge-prof/bench';
bench('json/parse', () => JSON.parse('{"a":[1,2,3]}'));
`;

const fixture = (name: string): string => join(root, 'fixtures', name);

/** The files that examples speak of, with contents of their kind. @param folder empty */
export function makeStage(folder: string): void {
  const at = (name: string): string => join(folder, name);
  const us = (...words: string[]): string =>
    execFileSync(process.execPath, [bin, ...words], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  for (const name of ['bin', 'bench', 'node_modules', 'examples', 'target', 'dev/bench', 'profiles'])
    mkdirSync(at(name), { recursive: true });
  for (const [name, script] of [
    ['pforge-prof', `exec node ${bin} "$@"`],
    ['diffflame', `exec node ${join(root, 'bin/diffflame.js')} "$@"`],
    ['other-tool', 'cat >/dev/null'],
  ]) {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }
  execFileSync('ln', ['-s', root, at('node_modules/pforge-prof')]);
  writeFileSync(at('app.c'), PROGRAM);
  execFileSync('gcc', ['-g', '-O1', '-o', at('app'), at('app.c')]);
  for (const name of ['server', 'old', 'new', 'sort', 'program', 'my-c-or-rust-program'])
    copyFileSync(at('app'), at(name));
  writeFileSync(at('server.js'), SERVER);
  writeFileSync(at('app.js'), APP);
  writeFileSync(at('job.js'), 'setTimeout(() => {}, 4000);');
  writeFileSync(at('cli.js'), 'console.log(process.version)');
  writeFileSync(at('parse.bench.ts'), BENCH);
  writeFileSync(at('bench/parse.bench.ts'), BENCH);
  writeFileSync(at('package.json'), '{"private":true,"scripts":{"start":"node app.js"}}');
  for (const name of ['leaks', 'async']) cpSync(example(name), at(`examples/${name}`), { recursive: true });
  writeFileSync(at('examples/package.json'), '{"type":"module"}');
  for (const name of ['server.js', 'load.js']) copyFileSync(example(name), at(`examples/${name}`));
  cpSync(fixture('criterion/tree'), at('target/criterion'), { recursive: true });
  for (const name of readdirSync(at('target/criterion'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('/base'),
  ))
    for (const kept of ['main', 'v1', 'v2'])
      cpSync(at(`target/criterion/${name}`), at(`target/criterion/${name.slice(0, -4)}${kept}`), { recursive: true });
  for (const [name, source] of FIXTURES) copyFileSync(fixture(source), at(name));
  us('convert', 'profile.cpuprofile', '-o', 'before.folded');
  us('convert', 'profile.cpuprofile', '-o', 'profiles/a.pb.gz');
  writeFileSync(at('list.txt'), 'profile.cpuprofile\nprofiles/a.pb.gz\n');
  us('convert', 'profile.cpuprofile', '-o', 'after.folded');
  for (const name of ['before', 'after', 'flamegraph', 'main', 'branch', 'old', 'a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
    us('flame', '-q', 'profile.cpuprofile', '-o', `${name}.svg`);
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'b3']) copyFileSync(at('profile.cpuprofile'), at(name));
  us('diff', '-q', 'before.folded', 'after.folded', '-o', 'diff.svg');
  us('bench', '--export-json', 'hyperfine.json', '--cmd', 'true', '--runs', '3');
  copyFileSync(at('hyperfine.json'), at('results.json'));
  copyFileSync(at('hyperfine.json'), at('now.json'));
  writeFileSync(at('bench.json'), us('bench', '--quick', '--discard-baseline', '--json'));
  copyFileSync(at('bench.json'), at('main.json'));
  for (const name of ['before', 'after'])
    us('load', '/', '-d', '0.5s', '--json', '-o', `${name}.json`, '--', 'node', 'server.js');
  writeFileSync(at('wrk.txt'), us('load', '/', '-d', '0.5s', '--latency', '--', 'node', 'server.js'));
  const git = (...words: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  writeFileSync(at('.gitignore'), '*\n!bench\n!bench/*\n!package.json\n');
  git('add', '.');
  git('commit', '-qm', 'measured');
  us('track', 'now.json');
}

const FIXTURES: readonly (readonly [string, string])[] = [
  ['profile.cpuprofile', 'cpuprofile/node.cpuprofile'],
  ['out.cpuprofile', 'cpuprofile/node.cpuprofile'],
  ['app.cpuprofile', 'cpuprofile/node.cpuprofile'],
  ['perf.data', 'perf-data/threads.data.gz'],
  ['slow.data', 'perf-data/threads.data.gz'],
  ['before.data', 'perf-data/threads.data.gz'],
  ['after.data', 'perf-data/threads.data.gz'],
  ['in.txt', 'perf-script/node.txt'],
  ['out.perf', 'perf-script/node.txt'],
  ['x.heapsnapshot', 'heapsnapshot/node24.heapsnapshot.zst'],
  ['before.heapsnapshot', 'heapsnapshot/node24.heapsnapshot.zst'],
  ['after.heapsnapshot', 'heapsnapshot/node24.heapsnapshot.zst'],
  ['x.heapprofile', 'heapprofile/node.heapprofile'],
  ['before.heapprofile', 'heapprofile/node.heapprofile'],
  ['after.heapprofile', 'heapprofile/node.heapprofile'],
  ['dhat.out', 'dhat/blocks.out'],
  ['dhat.out.4711', 'dhat/blocks.out'],
  ['massif.out.4711', 'massif/leak.out'],
  ['heaptrack.server.4711.zst', 'heaptrack/leak.heaptrack'],
  ['saved.txt', 'perf-stat/real-repeats.txt'],
  ['before.txt', 'perf-stat/real-repeats.txt'],
  ['after.txt', 'perf-stat/real-repeats.txt'],
];
