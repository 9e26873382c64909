import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { grouped } from './time-units.ts';

const LINE = /^\s*(\S.*?)\s+x\s+([\d,.]+)\s+ops\/sec(?:\s+±([\d.]+)%)?\s+\((\d+) runs? sampled\)/;
/** Its margin of error is that of a 95 % interval by Student's t. */
const LEVEL = 0.95;

/** What benchmark.js prints, and bench-node's text reporter: operations a second. */
export const benchmarkJs: ResultFormat = {
  id: 'benchmark.js',
  title: 'benchmark.js text (also bench-node)',
  detect: ({ text }) => someLine(text, LINE),
  read({ text }) {
    const benchmarks: ImportedBenchmark[] = [];
    for (const line of plainLines(text)) {
      const [, name, rate, percent] = LINE.exec(line) ?? [];
      if (name === undefined) continue;
      const point = grouped(rate!);
      const margin = percent === undefined ? undefined : (point * Number(percent)) / 100;
      const bounds =
        margin === undefined ? {} : { lower: point - margin, upper: point + margin, confidenceLevel: LEVEL };
      benchmarks.push(single(name, 'ops/s', { point, ...bounds }, { better: 'bigger' }));
    }
    return { benchmarks, notes: [] };
  },
};
