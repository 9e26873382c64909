import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines, wrongLine } from './result-lines.ts';
import { nanosecondsIn } from './time-units.ts';

const SECOND = 1e9;

/** What hyperfine prints for people. */
export const hyperfineText: ResultFormat = {
  id: 'hyperfine-text',
  title: 'hyperfine text',
  detect: ({ text }) => /^Benchmark (?:#?\d+): .*\r?\n\s+Time \((?:mean|abs)/m.test(text),
  read({ text }) {
    const benchmarks: ImportedBenchmark[] = [];
    let name = '';
    for (const line of plainLines(text)) {
      name = /^Benchmark #?\d+: (.*)$/.exec(line)?.[1] ?? name;
      const [, mean, unit, deviation, ownUnit] =
        /^\s+Time \((?:mean ± σ|abs ≡)\):\s+([\d.]+) (\S+)(?:\s+±\s+([\d.]+) (\S+))?/.exec(line) ?? [];
      if (mean === undefined) continue;
      const known = deviation === undefined ? {} : { std_dev: { point: Number(deviation) * nanosecondsIn(ownUnit!)! } };
      benchmarks.push(single(name, 'ns', Number(mean) * nanosecondsIn(unit!)!, { estimates: known }));
    }
    return { benchmarks, notes: [] };
  },
};

/** `--export-csv`: seconds. */
export const hyperfineCsv: ResultFormat = {
  id: 'hyperfine-csv',
  title: 'hyperfine CSV',
  detect: ({ text }) => /^command,mean,stddev,median,user,system,min,max/.test(text),
  read({ text, name: file }) {
    const benchmarks = csvRows(text)
      .slice(1)
      .map((cells, at) => {
        const [command, mean, deviation, median] = cells;
        const time = (cell: string | undefined): number => {
          const seconds = Number(cell);
          if (cell === undefined || cell === '' || !Number.isFinite(seconds))
            throw wrongLine(file, at + 1, 'has no time where one belongs');
          return seconds * SECOND;
        };
        const known = deviation === '' ? {} : { std_dev: { point: time(deviation) } };
        return single(command!, 'ns', time(mean), { estimates: { median: { point: time(median) }, ...known } });
      });
    return { benchmarks, notes: [] };
  },
};

/** Rows of RFC 4180. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '' && row.length === 0) break;
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const HEADS = [
  /^\| Command \| Mean \[(\w+)\] \|/m,
  /^\| Command {2}\| {2}Mean \[(\w+)\] \|/m,
  /^\| Command ?\n\| Mean \[(\w+)\]/m,
];

/** `--export-markdown`, `--export-orgmode`, `--export-asciidoc`. */
export const hyperfineTable: ResultFormat = {
  id: 'hyperfine-table',
  title: 'hyperfine table (Markdown, org-mode, AsciiDoc)',
  detect: ({ text }) => HEADS.some((head) => head.test(text)),
  read({ text }) {
    const unit = nanosecondsIn(HEADS.map((head) => head.exec(text)?.[1]).find((one) => one !== undefined)!) ?? 1;
    // A name and its mean stand in two cells, or in two lines
    const cells = /^\| [`=](.*?)[`=] *(?:\||\n\|)\s+([\d.]+)(?: ± ([\d.]+))?/gm;
    const benchmarks = [...text.matchAll(cells)].map(([, name, mean, deviation]) =>
      single(name!.replaceAll('\\|', '|').replaceAll('\\vert{}', '|'), 'ns', Number(mean) * unit, {
        estimates: deviation === undefined ? {} : { std_dev: { point: Number(deviation) * unit } },
      }),
    );
    return { benchmarks, notes: [] };
  },
};
