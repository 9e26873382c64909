import type { DialectReader, Format } from './format.ts';

/** `PERFILE2`, and `PERFFILE` of before 2009, in the byte order of the machine that recorded. */
const MAGICS = ['PERFILE2', '2ELIFREP', 'PERFFILE', 'ELIFFREP'];

/** The binary file of `perf record`. Each address is looked up once; `perf script` is not needed, nor its text made. */
export const perfData: Format = {
  id: 'perf-data',
  title: "Linux perf's perf.data",
  dialects: new Map([
    ['perl', asDialect(async () => (await import('./compat/perl.ts')).readAsPerl)],
    ['inferno', asDialect(async () => (await import('./compat/inferno-perf.ts')).readPerfAsInferno)],
  ]),
  detect: (head) => (MAGICS.includes(Buffer.from(head.subarray(0, 8)).toString('latin1')) ? 'yes' : 'no'),
  async read(input, notes, choices = {}) {
    const begun = await choices.begun?.finish(notes, choices.recorded);
    if (begun !== undefined) return begun;
    const { readPerfData } = await import('./perf-binary/read-perf-data.ts');
    return readPerfData(input, notes, choices);
  },
  async collapse(...words) {
    const { collapsePerfData } = await import('./perf-binary/read-perf-data.ts');
    return collapsePerfData(...words);
  },
};

/** Reads what `perf script` prints of the file. */
function asDialect(reader: () => Promise<DialectReader>): DialectReader {
  return async (...words) => {
    const { dialect } = await import('./perf-binary/by-script.ts');
    return dialect(await reader())(...words);
  };
}
