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

const { findTool, JitCode, openJitDump, openPerfMap, openSidecar, perfRecord } = await ourParts();
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
    const recorded = await record(node, program);
    const pid = recorded.launcherPid;
    const result = judge(pid, recorded.files[0]);
    await recorded.dispose(new Set([pid]));
    rmSync(`jit-${pid}.dump`);
    const share = (count) => `${((100 * count) / result.frames).toFixed(1)} %`;
    console.log(`${version}, ${title}: ${result.frames} optimised frames in ${result.samples} samples`);
    console.log(`  the dated map     ${share(result.dated)}   (${result.unknown} not found)`);
    console.log(`  the last line     ${share(result.last)}`);
    console.log(`  perf script       ${share(result.perf)}`);
    for (const wrong of result.wrong) console.log(`    ${wrong}`);
  }
}

/** Our own modules, as they are in the sources. */
async function ourParts() {
  const modules = {
    findTool: 'processes/executables.ts',
    JitCode: 'symbols/jit-names.ts',
    openJitDump: 'symbols/jitdump.ts',
    'openPerfMap, openSidecar': 'symbols/perf-map.ts',
    perfRecord: 'collectors/perf-record.ts',
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

/**
 * Records as `record` does, into a private folder; V8's dump goes into the current one. It holds interpreted functions too,
 * which take memory of optimised ones, unless V8 is told to leave them out.
 */
function record(node, program) {
  const options = { frequency: 999, event: 'cpu-clock', say() {}, progress() {} };
  const flags = ['--perf-prof', '--no-perf-basic-prof-only-functions'];
  return perfRecord.collect({ program: [node, ...flags, ...program] }, options);
}

function judge(pid, file) {
  const truth = new JitCode();
  truth.set(pid, openJitDump(`jit-${pid}.dump`, [us]).table);
  const dated = new JitCode();
  for (const [process, table] of openSidecar(`${file}.jit`, [us]).tables) dated.set(process, table);
  const last = new JitCode();
  last.set(pid, openPerfMap(pid));
  const result = { samples: 0, frames: 0, dated: 0, last: 0, perf: 0, unknown: 0, wrong: [] };
  for (const { time, frames } of perfScript(pid, file)) {
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
function* perfScript(pid, file) {
  const options = ['--force', '--no-inline', '--ns', '--max-stack', '1024', '-F', 'pid,time,ip,sym', '-i', file];
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
