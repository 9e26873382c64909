import pc from 'picocolors';
import type { CommandComparison, CommandTable } from '../../bench/commands/compare-commands.ts';
import type { CommandSummary, ShellCost } from '../../bench/commands/summary.ts';
import { warningsOf } from '../../bench/commands/warnings.ts';
import { isInformative, type PairedVerdict } from '../../bench/pairs/verdict.ts';
import { plural } from '../../plural.ts';
import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenMiddle } from '../../terminal/string-width.ts';
import { quantity } from '../counters/counter-values.ts';
import { wrapWords } from '../counters/wrap-words.ts';
import { type TimeUnit, unitFor, withUnit } from './time-unit.ts';
import { percentText, ratioText, verdictWords } from './verdict-words.ts';

export interface CommandsTextOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
  /** Default: what is easily read. */
  readonly unit?: TimeUnit;
}

type Paint = ReturnType<typeof pc.createColors>;

/** What is measured of commands: each as one block in hyperfine's layout, and below it what hyperfine does not tell. */
export function commandsText(
  summaries: readonly CommandSummary[],
  options: CommandsTextOptions,
  shell?: ShellCost,
): string {
  const paint = pc.createColors(options.color);
  return summaries.map((summary, at) => `${block(summary, at, options, paint, shell).join('\n')}\n\n`).join('');
}

function block(
  summary: CommandSummary,
  at: number,
  options: CommandsTextOptions,
  paint: Paint,
  shell: ShellCost | undefined,
): string[] {
  const { wall, runs, failure, command } = summary;
  const heading = `Benchmark ${at + 1}: `;
  const name = shortenMiddle(escapeTerminal(command.name), Math.max(20, options.width - heading.length));
  const lines = [`${paint.bold(heading)}${name}`];
  if (runs.length > 0) lines.push(...numbers(summary, options.unit ?? unitFor(wall.mean), paint));
  const warn = (text: string, title: string, color: (text: string) => string): void => {
    const [first, ...rest] = wrapWords(escapeTerminal(text), options.width - title.length - 3);
    lines.push(`  ${color(title)} ${first}`, ...rest.map((line) => `  ${' '.repeat(title.length)} ${line}`));
  };
  if (failure !== undefined)
    warn(`${failure}; --show-output shows what it prints, -i measures it all the same`, 'Failed:', paint.red);
  for (const text of warningsOf(summary, shell)) warn(text, 'Warning:', paint.yellow);
  return lines;
}

function numbers(summary: CommandSummary, unit: TimeUnit, paint: Paint): string[] {
  const { wall, cpu, runs, memory } = summary;
  const time = (value: number): string => withUnit(value, unit).padStart(8);
  const parts = Number.isNaN(cpu.mean)
    ? ''
    : paint.dim(`[User: ${withUnit(summary.user, unit)}, System: ${withUnit(summary.system, unit)}]`);
  const mean = paint.green(paint.bold(time(wall.mean)));
  if (runs.length === 1)
    return [`  Time (${paint.green('abs ≡')}):        ${mean}                 ${parts}`, ...rest(summary)];
  const range = `${paint.cyan(time(wall.min))} … ${paint.magenta(time(wall.max))}`;
  const cpuLine = Number.isNaN(cpu.mean)
    ? []
    : [
        `  CPU  (mean ± σ):     ${time(cpu.mean)} ± ${time(cpu.deviation)}    ${paint.dim(`[median: ${withUnit(cpu.median, unit)}]`)}`,
      ];
  return [
    `  Time (${paint.green(paint.bold('mean'))} ± ${paint.green('σ')}):     ${mean} ± ${paint.green(time(wall.deviation))}    ${parts}`,
    `  Range (${paint.cyan('min')} … ${paint.magenta('max')}):   ${range}    ${paint.dim(`[median: ${withUnit(wall.median, unit)}]`)}    ${paint.dim(`${runs.length} runs`)}`,
    ...cpuLine,
    ...(Number.isNaN(memory.median) ? [] : rest(summary)),
  ];
}

/** Memory, faults and switches: one line. */
function rest({ memory, minorFaults, majorFaults, voluntarySwitches, involuntarySwitches }: CommandSummary): string[] {
  const bytes = (value: number): string => {
    const { text, unit } = quantity(value, 'bytes');
    return `${text} ${unit}`;
  };
  const most = memory.max > memory.median * 1.02 ? ` (at most ${bytes(memory.max)})` : '';
  const count = (value: number): string => groupDigits(Math.round(value));
  const faults = `${count(minorFaults)} faults${majorFaults > 0 ? ` (${count(majorFaults)} from disk)` : ''}`;
  const switches = `switches ${count(voluntarySwitches)} + ${count(involuntarySwitches)} forced`;
  return [`  Peak memory:         ${bytes(memory.median).padStart(8)}${most}    ${faults}, ${switches}`];
}

/** How commands compare: one block, the reference first, then each other with interval and verdict. */
export function comparisonText(table: CommandTable, options: CommandsTextOptions): string {
  const paint = pc.createColors(options.color);
  const { reference, others, measure, reason } = table;
  const named = (summary: CommandSummary): string =>
    shortenMiddle(escapeTerminal(summary.command.name), Math.max(20, options.width - 30));
  const by = measure === 'cpu' ? 'CPU time' : 'wall time';
  const pairs = Math.max(0, ...others.map(({ judged }) => judged?.k ?? 0));
  const lines = [
    paint.bold('Summary'),
    `  by ${by}, ${pairs} ${plural(pairs, 'turn')}, against ${paint.cyan(named(reference))}`,
    ...(reason === undefined ? [] : wrapWords(`(${reason})`, options.width - 2).map((line) => `  ${paint.dim(line)}`)),
  ];
  for (const row of others) lines.push('', ...comparisonRow(row, table, named(row.summary), paint, options.width));
  return `${lines.join('\n')}\n`;
}

function comparisonRow(
  { judged, wall, cpu, summary }: CommandComparison,
  { measure }: CommandTable,
  name: string,
  paint: Paint,
  width: number,
): string[] {
  if (judged === undefined) {
    const why = summary.failure === undefined ? 'some of its runs took no time that could be measured' : 'it failed';
    return [`  ${paint.cyan(name)}`, `    not compared: ${why}`];
  }
  const color = { regressed: paint.red, improved: paint.green, equivalent: paint.cyan, inconclusive: paint.yellow };
  const other = measure === 'cpu' ? wall : cpu;
  const otherText =
    other === undefined ? [] : [paint.dim(`    ${measure === 'cpu' ? 'wall' : 'CPU'} time: ${interval(other)}`)];
  return [
    `  ${paint.cyan(name)}`,
    `    ${color[judged.verdict](verdictWords(judged))}: ${interval(judged)}`,
    ...otherText,
    ...(judged.morePairs === undefined || !isInformative(judged)
      ? []
      : wrapWords(
          `about ${judged.morePairs} more turns would tell: --max-runs ${judged.k + judged.morePairs}`,
          width - 4,
        ).map((line) => `    ${paint.dim(line)}`)),
  ];
}

function interval(verdict: PairedVerdict): string {
  const { ratio, low, high } = verdict;
  const range = isInformative(verdict)
    ? `between ${percentText(low)} and ${percentText(high)}`
    : 'too few runs to tell how sure that is';
  return `${ratioText(ratio)} (${percentText(ratio)}, ${range})`;
}
