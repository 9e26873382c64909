import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, someLine } from './result-lines.ts';
import { betterOf, grouped, normalized } from './time-units.ts';

const LINE = /^test (.+?)\s+\.\.\. bench:\s+([0-9][0-9,.]*)\s+(\S+) \(\+\/- ([0-9,.]+)\)/;
const FAILED = /^test (.+?)\s+\.\.\. FAILED/;

/** `cargo bench` of Rust's own harness, and Criterion's `--output-format bencher`; +/- is half the spread. */
export const libtest: ResultFormat = {
  id: 'libtest',
  title: "cargo bench's own text (libtest, bencher)",
  detect: ({ text }) => someLine(text, LINE) || (/^running \d+ tests?$/m.test(text) && /^test result: /m.test(text)),
  read({ text }) {
    const benchmarks: ImportedBenchmark[] = [];
    const notes: string[] = [];
    for (const line of plainLines(text)) {
      const failed = FAILED.exec(line)?.[1];
      if (failed !== undefined) notes.push(`${failed} failed`);
      const [, name, digits, unit, range] = LINE.exec(line) ?? [];
      if (name === undefined) continue;
      const { value, unit: own } = normalized(grouped(digits!), unit!);
      const half = normalized(grouped(range!), unit!).value;
      const mean = { point: value, lower: value - half, upper: value + half };
      benchmarks.push(single(name, own, mean, { better: betterOf(unit!) }));
    }
    if (benchmarks.length === 0) notes.push('no benchmark ran');
    return { benchmarks, notes };
  },
};
