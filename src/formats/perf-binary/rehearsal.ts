import { readFileSync } from 'node:fs';
import type { Profile } from '../../profile/profile.ts';
import { Notes } from '../format.ts';
import { openInput } from '../input.ts';
import {
  type AddressSpace,
  type PerfInfo,
  type PerfMapping,
  type PerfSample,
  readRecording,
} from '../perf-data/recording.ts';
import { openKernel } from '../perf-kernel/open-kernel.ts';
import { SampleReader } from './sample-reader.ts';

/** Enough for the engine to compile what is done for every sample and every name. */
const SAMPLES = 400;
const DEPTH = 24;
/** Somewhere in every kernel's code: 0xffffffff81000000 and on. */
const KERNEL = -0x7f000000;

/**
 * Reads samples that are made up of a running process, so that the real ones are read quickly: the reader is compiled
 * then, symbol tables are in memory, the kernel's functions are known. What it finds is thrown away.
 * @param pid of the process
 * @param recording of it so far
 * @param signal aborted when the real samples are there
 * @returns a profile to rehearse drawing with
 */
export async function rehearse(pid: number, recording: string, signal: AbortSignal): Promise<Profile | undefined> {
  const kernel = openKernel();
  const space = spaceOf(pid);
  if (kernel === undefined || space === undefined) {
    kernel?.close();
    return undefined;
  }
  const reader = new SampleReader(undefined, new Notes(), kernel, {}, false);
  reader.about(INFO);
  for (let i = 0; i < SAMPLES; i++) reader.add(sampleOf(space, i));
  const sample = (one: PerfSample): void => {
    one.event = 0;
    reader.add(one);
  };
  const sink = { info: () => {}, sample };
  try {
    await readRecording(await openInput(recording), new Notes(), sink);
  } catch {
    // It is being written.
  }
  if (!signal.aborted) return reader.finish();
  kernel.close();
  return undefined;
}

const INFO: PerfInfo = {
  host: '',
  cmdline: [],
  perfVersion: '',
  osRelease: '',
  arch: '',
  cpus: 0,
  littleEndian: true,
  pointerSize: 8,
  buildIds: new Map(),
  clockId: undefined,
  events: [
    {
      name: 'cycles',
      frequency: true,
      period: 1,
      callchain: true,
      stackUser: false,
      branchStack: false,
      switches: false,
    },
  ],
};

/** The code that the process has in memory now; undefined where it is gone. */
function spaceOf(pid: number): AddressSpace | undefined {
  const mappings: PerfMapping[] = [];
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, start, end, offset, path] = /^(\w+)-(\w+) ..x. (\w+) \S+ \d+ *(.*)$/.exec(line) ?? [];
      if (start === undefined) continue;
      mappings.push({
        start: Number.parseInt(start, 16),
        end: Number.parseInt(end!, 16),
        offset: Number.parseInt(offset!, 16),
        path: path || '//anon',
        buildId: '',
        executable: true,
        time: 0,
      });
    }
  } catch {
    return undefined;
  }
  if (mappings.length === 0) return undefined;
  return { pid, mappings, find: (address) => mappings.find(({ start, end }) => address >= start && address < end) };
}

function sampleOf(space: AddressSpace, number: number): PerfSample {
  const { pid, mappings } = space;
  const chain = new Float64Array(DEPTH);
  const chainKernel = new Uint8Array(DEPTH).fill(1, 0, number % 4);
  for (let i = 0; i < DEPTH; i++) {
    const place = number * 7 + i * 3;
    const { start, end } = mappings[place % mappings.length]!;
    chain[i] = chainKernel[i] === 1 ? KERNEL + place * 4096 : start + ((place * 1024) % (end - start));
  }
  return {
    event: 0,
    pid,
    tid: pid,
    time: number,
    cpu: 0,
    period: 1,
    ip: chain[0]!,
    kernelIp: chainKernel[0] === 1,
    chain,
    chainLength: DEPTH,
    chainKernel,
    rawChain: undefined,
    branches: new Float64Array(0),
    branchCount: 0,
    regs: new Float64Array(0),
    regsAbi: 0,
    regsMask: [0, 0],
    stack: undefined,
    space,
    comm: 'rehearsal',
  };
}
