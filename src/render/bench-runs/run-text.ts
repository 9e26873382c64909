import pc from 'picocolors';
import { throughputText, timeText } from '../../bench/criterion/units.ts';
import type { AdjustedVerdict } from '../../bench/pairs/adjust-verdicts.ts';
import type { Failure } from '../../bench/runner/failure.ts';
import type { Unloadable } from '../../bench/runner/found.ts';
import { type BenchResult, type Typical, typicalOf } from '../../bench/runner/result.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { stringWidth } from '../../terminal/string-width.ts';
import { wrapWords } from '../counters/wrap-words.ts';

export interface RunTextOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly color: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;

const INDENT = '  ';

/** One benchmark as a block: what it takes, how that compares, what is doubtful. */
export function resultText(result: BenchResult, options: RunTextOptions): string {
  const paint = pc.createColors(options.color);
  const { head, base, stored, verdict, warnings, failure, found } = result;
  const lines = [paint.bold(escapeTerminal(found.id.title))];
  const old = base === undefined ? stored : base.medians;
  if (old !== undefined && old.length > 0) lines.push(timeLine('base', typicalOf(old), '', paint));
  if (head !== undefined && head.medians.length > 0) {
    const typical = typicalOf(head.medians);
    const samples = head.processes.reduce((sum, { times }) => sum + times.length, 0);
    const processes = head.medians.length === 1 ? '1 process' : `${head.medians.length} processes`;
    const count = `${processes}, ${samples} ${samples === 1 ? 'sample' : 'samples'}`;
    lines.push(timeLine(old === undefined ? 'time' : 'head', typical, count, paint));
    if (found.throughput !== undefined) {
      const { low, point, high } = typical;
      const [slow, typically, fast] = [high, point, low].map((time) => throughputText(found.throughput!, time));
      lines.push(`${INDENT}rate    ${paint.bold(typically)}${paint.dim(`  [${slow} .. ${fast}]`)}`);
    }
  }
  if (verdict !== undefined)
    lines.push(`${INDENT}change  ${changeWords(verdict, stored === undefined ? 'pairs' : 'processes', paint)}`);
  if (failure !== undefined) lines.push(...failureLines(failure, options.width, paint, base && failure.side));
  for (const { kind, text, advice } of warnings) {
    // Of the machine: told once, see `machineNote`
    if (kind === 'busy-machine') continue;
    lines.push(...wrapped(paint.yellow('warning'), `${text}: ${advice}`, options.width));
  }
  return `${lines.join('\n')}\n`;
}

/** A file without results. */
export function unloadableText({ file, failure }: Unloadable, options: RunTextOptions): string {
  const paint = pc.createColors(options.color);
  return `${[paint.bold(escapeTerminal(file)), ...failureLines(failure, options.width, paint)].join('\n')}\n`;
}

function timeLine(name: string, { point, low, high }: Typical, count: string, paint: Paint): string {
  const interval = Number.isNaN(low) ? '' : paint.dim(`  [${timeText(low).trim()} .. ${timeText(high).trim()}]`);
  return `${INDENT}${name.padEnd(8)}${paint.bold(timeText(point))}${interval}${count === '' ? '' : paint.dim(`  ${count}`)}`;
}

function failureLines(failure: Failure, width: number, paint: Paint, side?: string): string[] {
  const place = side === undefined ? '' : `on the side of ${side}: `;
  const lines = wrapped(paint.red('failed'), `${place}${failure.what}: ${failure.hint}`, width);
  const stack = failure.stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [...lines, ...stack.slice(0, 5).map((line) => paint.dim(`${INDENT}        ${escapeTerminal(line.trim())}`))];
}

/** A title, and text behind it that goes on below itself. */
function wrapped(title: string, text: string, width: number): string[] {
  const room = INDENT.length + 8;
  const blanks = ' '.repeat(Math.max(1, 8 - stringWidth(title)));
  const [first, ...rest] = wrapWords(escapeTerminal(text), Math.max(30, width - room));
  return [`${INDENT}${title}${blanks}${first}`, ...rest.map((line) => ' '.repeat(room) + line)];
}

export const VERDICT_COLORS = {
  regressed: 'red',
  improved: 'green',
  equivalent: 'cyan',
  inconclusive: 'yellow',
} as const;

/** `+5.0 % [+4.3 .. +5.8], regressed (8 pairs, p 0.0003)` */
function changeWords(verdict: AdjustedVerdict, counted: string, paint: Paint): string {
  const { ratio, low, high, k, adjusted, morePairs } = verdict;
  const word = paint[VERDICT_COLORS[verdict.verdict]](paint.bold(verdict.verdict));
  const more = morePairs === undefined ? '' : `; ${morePairs} more pairs may tell`;
  const chance = adjusted >= 0.9995 ? '' : `, p ${adjusted < 0.0001 ? '< 0.0001' : adjusted.toFixed(4)}`;
  return `${paint.bold(changeText(ratio))} ${paint.dim(`[${changeText(low)} .. ${changeText(high)}]`)}  ${word} ${paint.dim(`(${k} ${counted}${chance}${more})`)}`;
}

/** `+5.02 %` */
export function changeText(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const size = Math.abs(percent);
  return `${percent < 0 ? '-' : '+'}${size.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0)} %`;
}

/** What was doubtful of the machine while all were measured; undefined = nothing. */
export function machineNote(results: readonly BenchResult[]): string | undefined {
  const busy = results.flatMap(({ warnings }) => warnings.filter(({ kind }) => kind === 'busy-machine'));
  if (busy.length === 0) return undefined;
  const share = results.length === 1 ? '' : `${busy.length} of ${results.length} benchmarks: `;
  return `${share}${busy[0]!.text}; ${busy[0]!.advice}`;
}
