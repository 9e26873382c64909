import { codeSpan, plainText } from '../markdown-escape.ts';
import { growthWords, seriesOf } from './group-plots.ts';
import { type BenchReport, groupsOf, type ReportRow, type ReportVerdict, rowOf } from './report.ts';
import { changeWithInterval, shortChange, timeCells, verdictText } from './report-cells.ts';

/** What a reader of a pull request looks for first. */
const ORDER: readonly ReportVerdict[] = [
  'regressed',
  'improved',
  'inconclusive',
  'within noise',
  'no change',
  'equivalent',
];

/**
 * A report as Markdown for a pull request: the finding in one line, a table with what changed first, how functions grow,
 * warnings. GitHub's dialect; names are inert.
 */
export function* benchMarkdown({ title, facts, benchmarks }: BenchReport): Iterable<string> {
  const rows = Array.from(benchmarks, rowOf);
  yield `# ${plainText(title)}\n\n**${finding(rows)}**\n\n`;
  yield* table(rows);
  const growths = [...groupsOf(rows)].flatMap(([group, members]) => seriesOf(group, members));
  if (growths.length > 0) {
    yield '\n';
    for (const { name, growth } of growths) yield `- ${codeSpan(name)}: ${plainText(growthWords(growth))}\n`;
  }
  const warned = rows.filter(({ warnings }) => warnings.length > 0);
  if (warned.length > 0) {
    yield '\n**Warnings**\n\n';
    for (const { id, warnings } of warned) {
      for (const text of warnings) yield `- ${codeSpan(id.title)}: ${plainText(text)}\n`;
    }
  }
  if (facts.length > 0) yield `\n${facts.map(([name, text]) => plainText(`${name}: ${text}`)).join(' · ')}\n`;
}

/** `2 regressed (worst +4.2%), 1 improved, 12 without a change` */
function finding(rows: readonly ReportRow[]): string {
  const judged = rows.flatMap((row) => (row.judged === undefined ? [] : [row.judged]));
  const count = `${rows.length} ${rows.length === 1 ? 'benchmark' : 'benchmarks'}`;
  if (judged.length === 0) return count;
  const changes = (verdict: ReportVerdict): number[] =>
    judged.filter((one) => one.verdict === verdict).map(({ change }) => change?.point ?? 0);
  const slower = changes('regressed');
  const faster = changes('improved');
  const open = changes('inconclusive').length;
  const same = judged.length - slower.length - faster.length - open;
  return [
    slower.length > 0 ? `${slower.length} regressed (worst ${plainText(shortChange(Math.max(...slower)))})` : '',
    faster.length > 0 ? `${faster.length} improved (best ${plainText(shortChange(Math.min(...faster)))})` : '',
    open > 0 ? `${open} inconclusive` : '',
    same > 0 ? `${same} without a change` : '',
    judged.length < rows.length ? `${rows.length - judged.length} not compared` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function* table(rows: readonly ReportRow[]): Iterable<string> {
  const compared = rows.some(({ judged }) => judged !== undefined);
  const hasRate = rows.some(({ throughput }) => throughput !== undefined);
  const titles = ['benchmark', 'time', 'interval', ...(hasRate ? ['throughput'] : [])];
  if (compared) titles.push('change', 'verdict');
  yield `| ${titles.join(' | ')} |\n|${titles.map((_, i) => (i === 0 ? ' --- |' : ' ---: |')).join('')}\n`;
  for (const row of sortedRows(rows)) {
    const { time, interval, rate } = timeCells(row);
    const cells = [codeSpan(row.id.title), plainText(time), plainText(interval), ...(hasRate ? [plainText(rate)] : [])];
    if (compared) cells.push(...verdictCells(row));
    yield `| ${cells.join(' | ')} |\n`;
  }
}

function verdictCells({ judged }: ReportRow): [string, string] {
  if (judged === undefined) return ['', 'not compared'];
  const { verdict, basis } = judged;
  const word = verdict === 'regressed' || verdict === 'improved' ? `**${verdict}**` : verdictText(verdict);
  return [plainText(changeWithInterval(judged)), basis === undefined ? word : `${word} (${plainText(basis)})`];
}

function sortedRows(rows: readonly ReportRow[]): ReportRow[] {
  const rank = ({ judged }: ReportRow): number => (judged === undefined ? ORDER.length : ORDER.indexOf(judged.verdict));
  const size = ({ judged }: ReportRow): number => Math.abs(judged?.change?.point ?? 0);
  const changed = ({ judged }: ReportRow): boolean => judged?.verdict === 'regressed' || judged?.verdict === 'improved';
  return [...rows].sort((a, b) => rank(a) - rank(b) || (changed(a) ? size(b) - size(a) : 0));
}
