import pc from 'picocolors';
import type { Analysis, Comparison, Verdict } from '../bench/criterion/analyse.ts';
import { fixed } from '../bench/criterion/rust-numbers.ts';
import type { OutlierCounts } from '../bench/criterion/tukey.ts';
import {
  changeText,
  integerText,
  iterationsText,
  spanText,
  throughputText,
  timeText,
} from '../bench/criterion/units.ts';
import { type Estimate, type Estimates, typicalEstimate } from '../bench/estimates.ts';
import type { Throughput } from '../bench/measurement.ts';
import { escapeTerminal } from '../terminal/escape.ts';

/** What the text of a benchmark tells; an {@link Analysis} has it, and so has a stored run. */
export interface AnalysisShown extends Pick<Analysis, 'estimates' | 'outliers' | 'r2'> {
  readonly title: string;
  readonly throughput?: Throughput;
  /** Number of samples. */
  readonly samples: number;
  readonly comparison?: Pick<Comparison, 'p' | 'change' | 'verdict' | 'significanceLevel'>;
}

export interface CriterionTextOptions {
  readonly color: boolean;
  /** quiet: only times. verbose: intervals of all statistics, and R². */
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
}

/** Where times stand; a title that does not fit before them has a line of its own. */
const INDENT = 24;

/** One benchmark laid out as Criterion prints it, byte for byte (its report.rs). Lines end with a line feed. */
export function criterionText(shown: AnalysisShown, options: CriterionTextOptions): string {
  const lines = [...timeLines(shown, options)];
  if (options.verbosity !== 'quiet') {
    lines.push(...changeLines(shown, options), ...outlierLines(shown.outliers, shown.samples, options));
  }
  if (options.verbosity === 'verbose') lines.push(...verboseLines(shown.estimates, shown.r2));
  return lines.map((line) => `${line}\n`).join('');
}

function* timeLines(
  { title, throughput, estimates }: AnalysisShown,
  { color }: CriterionTextOptions,
): Iterable<string> {
  const { green } = pc.createColors(color);
  const typical = typicalEstimate(estimates);
  const name = escapeTerminal(title);
  // Bytes, as Rust counts them
  const width = Buffer.byteLength(name);
  const ownLine = width >= INDENT;
  if (ownLine) yield green(name);
  const head = ownLine ? green('').padEnd(green('').length + INDENT) : green(name) + ' '.repeat(INDENT - width);
  yield `${head}time:   ${interval(typical, timeText, color)}`;
  if (throughput === undefined) return;
  const perSecond = (time: number): string => throughputText(throughput, time);
  yield `${' '.repeat(INDENT)}thrpt:  ${interval(upsideDown(typical), perSecond, color)}`;
}

/** The bounds of a throughput are those of the time the other way round. */
function upsideDown({ point, lower, upper }: Estimate): Bounds {
  return { point, lower: upper, upper: lower };
}

type Bounds = Pick<Estimate, 'point' | 'lower' | 'upper'>;

function interval(
  { point, lower, upper }: Bounds,
  text: (value: number) => string,
  color: boolean,
  stress: (text: string) => string = pc.createColors(color).bold,
): string {
  const { dim } = pc.createColors(color);
  return `[${dim(text(lower))} ${stress(text(point))} ${dim(text(upper))}]`;
}

/** The sentence of a verdict, in Criterion's words. @param word colours the word that matters */
function verdictSentence(verdict: Verdict, word: (text: string) => string = String): string {
  switch (verdict) {
    case 'no change':
      return 'No change in performance detected.';
    case 'within noise':
      return 'Change within noise threshold.';
    default:
      return `Performance has ${word(verdict)}.`;
  }
}

function* changeLines({ comparison, throughput }: AnalysisShown, { color }: CriterionTextOptions): Iterable<string> {
  if (comparison === undefined) return;
  const { p, change, verdict, significanceLevel } = comparison;
  const colors = pc.createColors(color);
  const word = verdict === 'improved' ? colors.green : verdict === 'regressed' ? colors.red : String;
  const stress = word === String ? String : (text: string): string => word(colors.bold(text));
  const { mean } = change;
  const chance = `(p = ${fixed(p, 2)} ${p < significanceLevel ? '<' : '>'} ${fixed(significanceLevel, 2)})`;
  const space = ' '.repeat(INDENT);
  const times = `${interval(mean, changeText, color, stress)} ${chance}`;
  if (throughput === undefined) {
    yield `${space}change: ${times}`;
  } else {
    yield `${' '.repeat(17)}change:`;
    yield `${space}time:   ${times}`;
    // Half the time is twice the throughput
    const ofThroughput = (ratio: number): string => changeText(1 / (1 + ratio) - 1);
    yield `${space}thrpt:  ${interval(upsideDown(mean), ofThroughput, color, stress)}`;
  }
  yield space + verdictSentence(verdict, word);
}

function* outlierLines(outliers: OutlierCounts, samples: number, { color }: CriterionTextOptions): Iterable<string> {
  const counts = Object.entries(outliers);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return;
  const percent = (count: number): string => fixed((100 * count) / samples, 2);
  yield pc.createColors(color).yellow(`Found ${all} outliers among ${samples} measurements (${percent(all)}%)`);
  for (const [label, count] of counts) if (count > 0) yield `  ${count} (${percent(count)}%) ${label}`;
}

function* verboseLines(estimates: Estimates, r2: Analysis['r2']): Iterable<string> {
  const row = (label: string, estimate: Estimate, next: string, rest: string): string =>
    `${label.padEnd(7)}[${timeText(estimate.lower)} ${timeText(estimate.upper)}] ${next.padEnd(15)}${rest}`;
  const bounds = ({ lower, upper }: Estimate): string => `[${timeText(lower)} ${timeText(upper)}]`;
  const { mean, median, std_dev, median_abs_dev, slope } = estimates;
  if (slope !== undefined && r2 !== undefined) {
    yield row('slope', slope, 'R^2', `[${fixed(r2.lower, 7)} ${fixed(r2.upper, 7)}]`);
  }
  yield row('mean', mean, 'std. dev.', bounds(std_dev));
  yield row('median', median, 'med. abs. dev.', bounds(median_abs_dev));
}

/** What Criterion tells on the way, one line each; the title comes escaped. */
export const criterionProgress = {
  start: (title: string): string => `Benchmarking ${escapeTerminal(title)}`,
  warmUp: (title: string, nanoseconds: number): string =>
    `Benchmarking ${escapeTerminal(title)}: Warming up for ${spanText(nanoseconds)}`,
  collecting: (
    title: string,
    plan: { readonly samples: number; readonly expectedTime: number; readonly totalIterations: number },
    verbose: boolean,
  ): string => {
    const iterations = verbose ? `${plan.totalIterations} iterations` : iterationsText(plan.totalIterations);
    const head = `Benchmarking ${escapeTerminal(title)}: Collecting ${plan.samples} samples`;
    return `${head} in estimated ${spanText(plan.expectedTime)} (${iterations})`;
  },
  analyzing: (title: string): string => `Benchmarking ${escapeTerminal(title)}: Analyzing`,
};

/** One line of libtest's benchmarks (`--output-format bencher`), which github-action-benchmark and bencher read. */
export function bencherLine(title: string, { median, std_dev }: Estimates): string {
  const time = integerText(median.point).padStart(11);
  return `test ${escapeTerminal(title)} ... bench: ${time} ns/iter (+/- ${integerText(std_dev.point)})\n`;
}
