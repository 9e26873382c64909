import { type Input, Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { type PerfInfo, type PerfSample, readRecording } from '../../../src/formats/perf-data/recording.ts';

interface KeptSample extends PerfSample {
  /** Addresses of its chain. */
  readonly frames: readonly number[];
  readonly paths: readonly (string | undefined)[];
}

export interface Read {
  readonly info: PerfInfo;
  readonly samples: readonly KeptSample[];
  readonly notes: readonly string[];
}

/** Reads a recording and keeps copies of all that it gives. */
export async function readAll(source: Uint8Array | Input, chunkSize?: number): Promise<Read> {
  const input = source instanceof Uint8Array ? inputOf(source, 'x', chunkSize) : source;
  const notes = new Notes();
  const samples: KeptSample[] = [];
  const infos: PerfInfo[] = [];
  await readRecording(input, notes, {
    info: (info) => infos.push(info),
    sample(sample) {
      const registers = Array.from({ length: 64 }, (_, index) => sample.register(index));
      const frames = [...sample.chain.subarray(0, sample.chainLength)];
      samples.push({
        ...sample,
        chainKernel: sample.chainKernel.slice(0, sample.chainLength),
        branches: sample.branches.slice(0, 2 * sample.branchCount),
        register: (index) => registers[index] ?? Number.NaN,
        stack: sample.stack?.slice(),
        frames,
        paths: frames.map((address) => sample.space.find(address)?.path),
      });
    },
  });
  if (infos.length !== 1) throw new Error(`info came ${infos.length} times`);
  return { info: infos[0]!, samples, notes: notes.list };
}
