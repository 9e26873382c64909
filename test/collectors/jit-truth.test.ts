import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artefact } from '../../src/collectors/collector.ts';
import { perfRecord } from '../../src/collectors/perf-record.ts';
import { findTool } from '../../src/processes/executables.ts';
import { JitCode } from '../../src/symbols/jit-names.ts';
import { openJitDump } from '../../src/symbols/jitdump.ts';
import { openPerfMap, openSidecar } from '../../src/symbols/perf-map.ts';
import { requireTool } from '../require-tool.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const us = [process.geteuid!()];

/** V8 dumps into the current folder, which is not ours to change; so a shell goes there and becomes node. */
describe.skipIf(!perf)('a recording of a program whose code comes and goes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-truth-'));
  const churn = resolve(import.meta.dirname, '../../scripts/jit-truth/churn.cjs');
  let artefact: Artefact;
  let pid = 0;
  let text = '';
  const dated = new JitCode();
  const last = new JitCode();
  const truth = new JitCode();
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    const flags = '--perf-prof --perf-basic-prof --interpreted-frames-native-stack --logfile=/dev/null';
    const script = `cd '${folder}' && exec node ${flags} '${churn}' 3`;
    const options = { frequency: 999, say: () => {}, progress: () => {} };
    artefact = await perfRecord.collect({ program: ['sh', '-c', script] }, options);
    pid = Number(/^jit-(\d+)\.dump$/.exec(readdirSync(folder)[0]!)![1]);
    const dump = openJitDump(join(folder, `jit-${pid}.dump`), us);
    const sidecar = openSidecar(`${artefact.files[0]}.jit`, us);
    const map = openPerfMap(pid);
    if (!sidecar || !map || !dump) throw new Error('a file is missing');
    if ('why' in sidecar || 'why' in map || 'why' in dump) throw new Error('a file is not read');
    truth.set(pid, dump.table);
    dated.set(pid, sidecar.tables.get(pid)!);
    last.set(pid, map);
    const words = ['script', '--force', '--no-inline', '--ns', '-F', 'pid,time,ip,sym', '-i', artefact.files[0]!];
    text = execFileSync('perf', words, { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  });

  test('optimised functions have their right names, more of them than without the dates', () => {
    const right = { frames: 0, dated: 0, last: 0 };
    for (const sample of text.split('\n\n')) {
      const [head = '', ...lines] = sample.split('\n');
      const [, process, seconds, nanoseconds] = /^\s*(\d+)\s+(\d+)\.(\d{9}):/.exec(head) ?? [];
      if (Number(process) !== pid) continue;
      const time = Number(seconds) * 1e9 + Number(nanoseconds);
      for (const [depth, line] of lines.entries()) {
        const address = Number.parseInt(line, 16) - Math.sign(depth);
        const name = truth.find(pid, address, time);
        if (name === undefined || !/^JS:o?\*/.test(name)) continue;
        right.frames++;
        if (dated.find(pid, address, time) === name) right.dated++;
        if (last.find(pid, address, Number.NaN) === name) right.last++;
      }
    }
    expect(right.frames).toBeGreaterThan(100);
    // How many depends on how busy the machine is: with nothing else to do it is more than 99 of 100.
    expect(right.dated / right.frames).toBeGreaterThan(0.9);
    expect(right.frames - right.dated).toBeLessThanOrEqual((right.frames - right.last) / 2);
  });

  test('what was made for it goes with it', async () => {
    const sidecar = `${artefact.files[0]}.jit`;
    expect([existsSync(sidecar), existsSync(`/tmp/perf-${pid}.map`)]).toEqual([true, true]);
    await artefact.dispose(new Set([pid]));
    expect([existsSync(sidecar), existsSync(`/tmp/perf-${pid}.map`)]).toEqual([false, false]);
  });
});
