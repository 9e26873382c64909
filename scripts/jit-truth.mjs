// How often optimised JavaScript is named right. A program is recorded with perf while V8 writes both its map, which we
// date, and a jitdump, whose times are exact: the truth.
//     node scripts/jit-truth.mjs [--seconds N] [NODE...]      paths of node programs; default: this one
// For each node and program: the share of frames of optimised functions that have their right name by the dated map, by
// the map alone (the last line wins) and in perf script's text.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '6' } },
});
const here = import.meta.dirname;
const root = resolve(here, '..');
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-jit-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const { attachPerf, findTool, followJitMaps, JitCode, openJitDump, openPerfMap, openSidecar, startTarget } =
  await ourParts();
const perf = findTool('perf');
if (perf === undefined) throw new Error('perf is needed');
const us = process.geteuid();
const programs = [
  ['code comes and goes', [join(here, 'jit-truth/churn.cjs'), values.seconds]],
  ['a server under load', [join(root, 'examples/server.js'), '--load', values.seconds]],
];
process.chdir(folder);
for (const node of positionals.length > 0 ? positionals : [process.execPath]) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const [title, program] of programs) {
    const { pid, cpu } = await record(node, program);
    const result = judge(pid);
    const share = (count) => `${((100 * count) / result.frames).toFixed(1)} %`;
    console.log(`${version}, ${title}: ${result.frames} optimised frames in ${result.samples} samples`);
    console.log(`  the dated map     ${share(result.dated)}   (${result.unknown} not found)`);
    console.log(`  the last line     ${share(result.last)}`);
    console.log(`  perf script       ${share(result.perf)}`);
    console.log(`  dating took ${(100 * cpu).toFixed(2)} % of a processor; ${result.wrong.join(' | ')}`);
    rmSync(`/tmp/perf-${pid}.map`);
  }
}

/** Our own modules, as they are in the sources. */
async function ourParts() {
  const modules = {
    attachPerf: 'collectors/perf-process.ts',
    findTool: 'processes/executables.ts',
    followJitMaps: 'collectors/jit-tail.ts',
    JitCode: 'symbols/jit-names.ts',
    openJitDump: 'symbols/jitdump.ts',
    'openPerfMap, openSidecar': 'symbols/perf-map.ts',
    startTarget: 'processes/target.ts',
  };
  const contents = Object.entries(modules).map(([names, path]) => `export { ${names} } from './src/${path}';`);
  const outfile = join(folder, 'parts.mjs');
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile));
}

/** Records into the current folder; what it costs us to date the map meanwhile, as a share of one processor. */
async function record(node, program) {
  const flags = ['--perf-basic-prof', '--perf-prof', '--interpreted-frames-native-stack'];
  const target = await startTarget([node, ...flags, ...program], { env: process.env, stopped: true });
  const args = ['-o', 'perf.data', '-F', '999', '-e', 'cpu-clock', '--call-graph', 'fp'];
  rmSync('perf.data.jit', { force: true });
  const recording = await attachPerf(perf, args, target.pid, folder);
  const names = followJitMaps(target.pid, 'perf.data.jit');
  const before = process.cpuUsage();
  const started = performance.now();
  target.resume();
  await target.exited;
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1000 / (performance.now() - started);
  await recording.stop();
  names.stop();
  return { pid: target.pid, cpu };
}

function judge(pid) {
  const truth = new JitCode();
  truth.set(pid, openJitDump(`jit-${pid}.dump`, [us]).table);
  const dated = new JitCode();
  for (const [process, table] of openSidecar('perf.data.jit', [us])) dated.set(process, table);
  const last = new JitCode();
  last.set(pid, openPerfMap(pid));
  const result = { samples: 0, frames: 0, dated: 0, last: 0, perf: 0, unknown: 0, wrong: [] };
  for (const { time, frames } of perfScript(pid)) {
    result.samples++;
    for (const [depth, frame] of frames.entries()) {
      const address = depth === 0 ? frame.address : frame.address - 1;
      const name = truth.find(pid, address, time);
      if (name === undefined || !/^JS:o?\*/.test(name)) continue;
      result.frames++;
      const ours = dated.find(pid, address, time);
      if (ours === name) result.dated++;
      else if (ours === undefined) result.unknown++;
      if (ours !== name && result.wrong.length < 3) result.wrong.push(`${name} is not ${ours}`);
      if (last.find(pid, address, Number.NaN) === name) result.last++;
      if (frame.name === name) result.perf++;
    }
  }
  return result;
}

/** Samples of one process in perf script's text: head lines `PID SECONDS.NANOSECONDS:`, then ` ADDRESS NAME` a line. */
function* perfScript(pid) {
  const options = ['--force', '--no-inline', '--ns', '--max-stack', '1024', '-F', 'pid,time,ip,sym', '-i', 'perf.data'];
  const text = execFileSync(perf, ['script', ...options], { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] });
  for (const block of text.toString('utf8').split('\n\n')) {
    const [head = '', ...lines] = block.split('\n');
    const [, process, seconds, nanoseconds] = /^\s*(\d+)\s+(\d+)\.(\d{9}):/.exec(head) ?? [];
    if (Number(process) !== pid) continue;
    const frames = lines.map((line) => {
      const [, address = '', name = ''] = /^\s*([0-9a-f]+)\s(.*)$/.exec(line) ?? [];
      return { address: Number.parseInt(address, 16), name };
    });
    yield { time: Number(seconds) * 1e9 + Number(nanoseconds), frames };
  }
}
