import type { FunctionSampling } from '../preload/settings.ts';
import type { Artefact, CollectOptions, Collector, Subject } from './collector.ts';
import { attachV8 } from './v8-attach.ts';
import { recordV8Program } from './v8-program.ts';

/** V8's own CPU profiler, in every node process that the program is or starts. Needs nothing but node. A running process is
 * attached to by its inspector. */
export const v8Cpu: Collector = {
  id: 'v8',
  title: "V8's CPU profiler",
  async detect() {
    return { ok: true, version: process.version, path: process.execPath };
  },
  collect,
};

async function collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
  const sampling: FunctionSampling = { what: 'cpu', intervalMicros: Math.max(1, Math.round(1e6 / options.frequency)) };
  const run =
    'pid' in subject
      ? await attachV8(subject.pid, sampling, options)
      : await recordV8Program(subject.program, sampling, options);
  return { ...run, collector: v8Cpu.id, format: 'cpuprofile' };
}
