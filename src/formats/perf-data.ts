import { readPerfAsInferno } from './compat/inferno-perf.ts';
import { readAsPerl } from './compat/perl.ts';
import type { Format, Input, Notes, ReadChoices } from './format.ts';
import { dialect, readByScript } from './perf-binary/by-script.ts';
import { GrowingReader } from './perf-binary/growing-reader.ts';
import { RecordedJit } from './perf-binary/recorded-jit.ts';
import { SampleReader } from './perf-binary/sample-reader.ts';
import { readRecording } from './perf-data/recording.ts';
import { type Kernel, openKernel, wasmKernel } from './perf-kernel/open-kernel.ts';

/** `PERFILE2`, and `PERFFILE` of before 2009, in the byte order of the machine that recorded. */
const MAGICS = ['PERFILE2', '2ELIFREP', 'PERFFILE', 'ELIFFREP'];

/** The binary file of `perf record`. Each address is looked up once; `perf script` is not needed, nor its text made. */
export const perfData: Format = {
  id: 'perf-data',
  title: "Linux perf's perf.data",
  dialects: new Map([
    ['perl', dialect(readAsPerl)],
    ['inferno', dialect(readPerfAsInferno)],
  ]),
  detect: (head) => (MAGICS.includes(Buffer.from(head.subarray(0, 8)).toString('latin1')) ? 'yes' : 'no'),
  async read(input, notes, choices = {}) {
    const begun = await choices.begun?.finish(notes, choices.recorded);
    if (begun !== undefined) return begun;
    const kernel = choices.via === 'perf-script' ? undefined : openKernel();
    if (kernel === undefined) return readByScript(input, notes, choices);
    const reader = await readBinary(input, notes, choices, kernel, false);
    performance.mark('pforge-prof:decoded');
    return reader.finish();
  },
  async collapse(input, notes, roots, choices, originals) {
    const kernel = choices.via === 'perf-script' ? undefined : wasmKernel();
    return kernel && (await readBinary(input, notes, choices, kernel, true)).collapse(roots, originals);
  },
};

/** Begins to read a recording that is being written; undefined where that cannot be done. */
export function beginPerfData(recording: string, choices: ReadChoices): GrowingReader | undefined {
  return choices.via === 'perf-script' ? undefined : GrowingReader.open(recording, choices);
}

async function readBinary(
  input: Input,
  notes: Notes,
  choices: ReadChoices,
  kernel: Kernel,
  sums: boolean,
): Promise<SampleReader> {
  const reader = new SampleReader(new RecordedJit(input.path, notes), notes, kernel, choices, sums);
  await readRecording(input, notes, reader);
  return reader;
}
