import pc from 'picocolors';
import type { CounterColumn, CounterRuns } from '../../profile/counters/counter-runs.ts';
import { type Derived, derive } from '../../profile/counters/derive.ts';
import { eventName, standsBeside } from '../../profile/counters/event-name.ts';
import { type Spread, spreadOf } from '../../profile/counters/spread.ts';
import { type Verdict, verdicts } from '../../profile/counters/verdicts.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { derivedQuantity, quantity, uncertainty } from './counter-values.ts';
import { partsText } from './parts-text.ts';
import { seriesText } from './series-text.ts';
import { sparklines } from './sparklines-text.ts';
import { subjectTitle } from './subject-title.ts';
import { wrapWords } from './wrap-words.ts';

export interface CountersTextOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
  /** Only ASCII. Default false. */
  readonly ascii?: boolean;
  /** What stands for PROGRAM in commands to run next. */
  readonly program: string;
}

/** One line of the table. */
interface Line {
  readonly value: string;
  readonly unit: string;
  readonly name: string;
  readonly metric: string;
  readonly metricUnit: string;
  readonly error: string;
  /** Smallest and largest run. */
  readonly range: string;
  readonly meaning: string;
  /** The meaning is of this value, not of the counter. */
  readonly judged: boolean;
}

/** From this width on columns are as wide as perf's. */
const WIDE = 110;

/** Shown below the table, as perf stat has them. */
const TIMES = new Map([
  ['wall-time', 'seconds time elapsed'],
  ['user-time', 'seconds user'],
  ['system-time', 'seconds sys'],
]);
/** Names that need a word. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['max-rss', 'the most memory that was held at once'],
  ['minor-faults', 'pages mapped when first touched'],
  ['major-faults', 'pages that came from a disk'],
  ['run-delay', 'ready to run, without a CPU (at least)'],
  ['blocks-in', 'read from disks, 512 bytes each'],
  ['blocks-out', 'written to disks, 512 bytes each'],
  ['throttled-periods', 'times that the limit of its control group was reached'],
]);

/**
 * perf stat's report with what perf leaves out: a column that says what a number means, runs side by side, what stands
 * out and what to do next.
 */
export function countersText(runs: CounterRuns, options: CountersTextOptions): string {
  const paint = pc.createColors(options.color);
  const derived = derive(runs);
  const shown = runs.counters.filter(
    (column) => column.missing === undefined && !TIMES.has(column.name) && !isDull(column),
  );
  const lines = shown.flatMap((column) => linesOf(column, derived, runs.runs, options.width < WIDE));
  const times = timeLines(runs, derived, paint);
  const count = runs.runs > 1 ? ` (${runs.runs} runs)` : '';
  const table = layOut(lines, options.width, paint);
  return [
    '',
    ` Performance counter stats for ${escapeTerminal(subjectTitle(runs))}${count}:`,
    '',
    ...table,
    ...missingLines(runs, options.width, paint),
    ...times.flatMap((line, i) => (i === 0 ? ['', line] : [line])),
    ...sparklines(runs.series, options),
    ...seriesText(runs.series, options),
    ...partsText(runs.parts, options),
    ...verdictLines(verdicts(runs), options, paint),
    '',
  ].join('\n');
}

/** Nothing was read or written: not worth a line. */
function isDull({ name, values }: CounterColumn): boolean {
  return name.startsWith('blocks-') && values.every((value) => value === 0);
}

type Paint = ReturnType<typeof pc.createColors>;

function linesOf(column: CounterColumn, derived: readonly Derived[], runs: number, narrow: boolean): Line[] {
  const spread = spreadOf(column.values);
  const { event, pmu } = eventName(column.name);
  const beside = derived.filter((one) => standsBeside(event, one.beside) && (one.pmu === '' || one.pmu === pmu));
  const value = quantity(spread.mean, column.unit);
  const blank = {
    value: '',
    unit: '',
    name: '',
    error: '',
    range: '',
    metric: '',
    metricUnit: '',
    meaning: '',
    judged: false,
  };
  const first: Line = {
    ...blank,
    value: value.text,
    unit: escapeTerminal(value.unit),
    name: escapeTerminal(column.name),
    error: uncertainty(column, spread.errorPercent, runs, narrow),
    range: rangeOf(spread, column.unit),
    meaning: MEANINGS.get(column.name) ?? '',
  };
  const [top, ...others] = beside.map((one) => {
    const { text, unit } = derivedQuantity(one);
    return { metric: text, metricUnit: unit, meaning: one.meaning, judged: one.judged };
  });
  return [{ ...first, ...(top === undefined ? {} : top) }, ...others.map((other) => ({ ...blank, ...other }))];
}

function rangeOf({ count, min, max }: Spread, unit: string): string {
  return count < 2 ? '' : `${quantity(min, unit).text} .. ${quantity(max, unit).text}`;
}

/** Widths follow what is there; where a line has no room the ranges go first, then the meanings get lines of their own. */
function layOut(lines: readonly Line[], width: number, paint: Paint): string[] {
  const widest = (field: Exclude<keyof Line, 'judged'>): number =>
    lines.reduce((most, line) => Math.max(most, line[field].length), 0);
  const wide = width >= WIDE;
  const value = Math.max(wide ? 18 : 12, widest('value'));
  const unit = Math.max(4, widest('unit'));
  const name = Math.max(wide ? 24 : 16, widest('name'));
  const metric = Math.max(8, widest('metric'));
  const metricUnit = widest('metricUnit');
  const error = widest('error');
  let used = value + unit + name + metric + metricUnit + 8 + (error > 0 ? error + 2 : 0);
  const withMeaning = used + 2 + widest('meaning') <= width;
  used += withMeaning ? widest('meaning') + 2 : 0;
  const withRange = widest('range') > 0 && used + 2 + widest('range') <= width;
  return lines.flatMap((line) => {
    const hasMetric = line.metric !== '';
    const mark = hasMetric || (withMeaning && line.meaning !== '') ? '#' : ' ';
    const cells = [
      `${line.value.padStart(value)} ${line.unit.padEnd(unit)} ${line.name.padEnd(name)} ${paint.dim(mark)}`,
      `${line.metric.padStart(metric)} ${line.metricUnit.padEnd(used > width ? 0 : metricUnit)}`,
      ...(error > 0 ? [paint.dim(line.error.padEnd(error))] : []),
      ...(withMeaning ? [paint.cyan(line.meaning.padEnd(withRange ? widest('meaning') : 0))] : []),
      ...(withRange ? [paint.dim(line.range)] : []),
    ];
    const text = cells.join('  ').trimEnd();
    if (withMeaning || line.meaning === '') return [text];
    // Without room beside the numbers words stand below, if they are of this value
    const words = ` ${paint.dim('#')} ${paint.cyan(line.meaning)}`;
    const upToName = value + unit + name + 2;
    if (!hasMetric && line.error === '') return [text.padEnd(upToName) + words];
    return line.judged ? [text, ' '.repeat(upToName) + words] : [text];
  });
}

/** Events that were asked for and have no number, in as few lines as they need. */
function missingLines({ counters }: CounterRuns, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  for (const word of ['not supported', 'not counted'] as const) {
    const names = counters.filter(({ missing }) => missing === word).map(({ name }) => escapeTerminal(name));
    if (names.length === 0) continue;
    const head = `<${word}>`.padStart(width >= WIDE ? 18 : 16);
    wrapWords(names.join(', '), width - head.length - 6).forEach((text, line) => {
      lines.push(paint.dim(`${line === 0 ? head : ' '.repeat(head.length)}      ${text}`));
    });
  }
  return lines;
}

function timeLines(runs: CounterRuns, derived: readonly Derived[], paint: Paint): string[] {
  const share = derived.find(({ name }) => name === 'kernel-share');
  const rows = [...TIMES].flatMap(([name, title]) => {
    const column = runs.counters.find((one) => one.name === name && one.missing === undefined);
    if (column === undefined) return [];
    const { mean, errorPercent, count } = spreadOf(column.values);
    if (count === 0) return [];
    const seconds = (mean / 1e9).toFixed(column.source === 'clock' ? 9 : 6);
    const percent = column.summary?.variancePercent ?? (count < 2 ? undefined : errorPercent);
    const error = percent === undefined ? '' : ` +- ${((mean * percent) / 1e11).toFixed(6)}`;
    const relative = percent === undefined ? '' : `  ( +-${percent.toFixed(2).padStart(6)}% )`;
    const ofKernel = name === 'system-time' && share !== undefined;
    const words = ofKernel ? `  # ${share.value.toFixed(1)} % ${share.meaning}` : '';
    return [{ name, number: `${seconds}${error}`, rest: ` ${title}${relative}${paint.cyan(words)}` }];
  });
  const widest = Math.max(18, ...rows.map(({ number }) => number.length));
  return rows.flatMap(({ name, number, rest }) => [
    number.padStart(widest) + rest,
    ...(name === 'wall-time' && rows.length > 1 ? [''] : []),
  ]);
}

function verdictLines(found: readonly Verdict[], { width, program }: CountersTextOptions, paint: Paint): string[] {
  if (found.length === 0) return [];
  const lines = ['', paint.bold(' What stands out')];
  for (const { text, because, rule, next, advice } of found) {
    const [head, ...tail] = text.split(':');
    lines.push(
      '',
      ...wrapWords(`${head}:${tail.join(':')} (${because})`, width - 3).map(
        (line, i) => `   ${i === 0 ? line.replace(head!, paint.yellow(head!)) : line}`,
      ),
    );
    lines.push(...wrapWords(`rule: ${rule}`, width - 5).map((line) => paint.dim(`     ${line}`)));
    const command = (next ?? advice ?? '').replace('PROGRAM', () => program);
    lines.push(`     ${next === undefined ? 'try' : 'next'}: ${paint.bold(escapeTerminal(command))}`);
  }
  return lines;
}
