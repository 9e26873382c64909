import { type ImportedBenchmark, type ResultFormat, single } from './result-format.ts';
import { plainLines } from './result-lines.ts';

/** Its margin of error is that of a 95 % interval by Student's t. */
const LEVEL = 0.95;
/** Columns, as tinybench 2, 3 and later call them. */
const NAME = /^task name$/i;
const MEAN = /^(?:latency (?:avg|average)|average time) \(ns\)$/i;
const MEDIAN = /^latency (?:med|median) \(ns\)$/i;
const MARGIN = /^margin$/i;

/** What a task has, by the column's name. */
type Row = ReadonlyMap<string, string>;

/** `console.table(bench.table())` of tinybench, and `console.log` of it: the mean with its margin, the median. */
export const tinybenchText: ResultFormat = {
  id: 'tinybench-text',
  title: 'tinybench table',
  detect: ({ text }) =>
    (/'Task name':/i.test(text) && /'(?:Latency|Average)/i.test(text)) || /^│.*│ '?Task name'? +│/im.test(text),
  read({ text }) {
    const notes: string[] = [];
    const benchmarks = [...rowsOfTable(text), ...rowsOfObjects(text)].flatMap((row) => {
      const name = cell(row, NAME) ?? '';
      const mean = cell(row, MEAN);
      if (mean !== undefined) return [benchmarkOf(name, mean, row)];
      notes.push(`${name} has no times: it failed or did not run`);
      return [];
    });
    return { benchmarks, notes };
  },
};

/** @param mean `49961 ± 1.53%`, or the number alone */
function benchmarkOf(name: string, mean: string, row: Row): ImportedBenchmark {
  const [value, percent = cell(row, MARGIN)] = mean.split('±');
  const point = Number(value);
  const margin = (point * Number.parseFloat(percent?.replace('±', '') ?? '')) / 100;
  const bounds = Number.isNaN(margin) ? {} : { lower: point - margin, upper: point + margin, confidenceLevel: LEVEL };
  const median = cell(row, MEDIAN)?.split('±')[0];
  return single(name, 'ns', { point, ...bounds }, median ? { estimates: { median: { point: Number(median) } } } : {});
}

function cell(row: Row, column: RegExp): string | undefined {
  for (const [name, value] of row) if (column.test(name) && value !== '') return value;
  return undefined;
}

/** The box that console.table draws; Node quotes text in it. */
function* rowsOfTable(text: string): Iterable<Row> {
  let columns: readonly string[] | undefined;
  for (const line of plainLines(text)) {
    if (!line.startsWith('│')) continue;
    const cells = line.slice(1, -1).split('│').map(unquoted);
    if (cells.some((title) => NAME.test(title))) columns = cells;
    else if (columns?.length === cells.length) yield new Map(columns.map((title, i) => [title, cells[i]!]));
  }
}

/** The objects that console.log prints, each beginning with the name of its task. */
function* rowsOfObjects(text: string): Iterable<Row> {
  for (const part of text.split(/'Task name':/i).slice(1)) {
    const [quoted] = /^\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`)/.exec(part) ?? [''];
    const values = part.matchAll(/^\s*'?([A-Z][^':\n]*)'?: '?([^'\n]*?)'?,?$/gm);
    yield new Map([['Task name', unquoted(quoted)], ...[...values].map(([, key, value]) => [key!, value!] as const)]);
  }
}

/** Text without the quotes that `util.inspect` sets around it. */
function unquoted(text: string): string {
  const [, , inner] = /^(['"`])(.*)\1$/.exec(text.trim()) ?? [];
  return inner === undefined ? text.trim() : inner.replaceAll(/\\(['"`\\])/g, '$1');
}
