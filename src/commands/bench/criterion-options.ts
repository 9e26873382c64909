import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import {
  type BaselineOptions,
  checkBaselineName,
  checkSavedName,
  DEFAULT_BASELINE,
} from '../../bench/criterion/baselines.ts';
import { type AnalysisConfig, DEFAULT_ANALYSIS } from '../../bench/criterion/config.ts';
import { DEFAULT_SAMPLING, LEAST_SAMPLES, type SamplingConfig } from '../../bench/criterion/sampling-plan.ts';
import { UserError } from '../../errors.ts';
import { number } from '../options/values.ts';

/** Criterion's own options; names as commander makes them. */
export interface CriterionOptions {
  readonly saveBaseline?: string;
  readonly baseline?: string;
  readonly baselineLenient?: string;
  readonly loadBaseline?: string;
  readonly discardBaseline?: true;
  readonly quick?: true;
  readonly sampleSize?: number;
  /** Seconds. */
  readonly warmUpTime?: number;
  /** Seconds. */
  readonly measurementTime?: number;
  readonly nresamples?: number;
  readonly noiseThreshold?: number;
  readonly confidenceLevel?: number;
  readonly significanceLevel?: number;
  readonly outputFormat?: 'criterion' | 'bencher';
}

const DAY = 86_400;

/** A part of one, ends excluded. */
function part(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be between 0 and 1, such as 0.05.');
  return value;
}

/** Options with Criterion's names, meanings and defaults. */
export function addCriterionOptions(command: CommanderCommand): CommanderCommand {
  const seconds = number({ min: 1e-3, max: DAY });
  const { sampleSize, warmUpTime, measurementTime } = DEFAULT_SAMPLING;
  const { resamples, noiseThreshold, confidenceLevel, significanceLevel } = DEFAULT_ANALYSIS;
  return command
    .option('-s, --save-baseline <name>', `keep results under this name (default: ${DEFAULT_BASELINE})`)
    .option('-b, --baseline <name>', 'compare with the results of this name, which must be there, and keep them')
    .option('--baseline-lenient <name>', 'the same, but benchmarks that have none are only measured')
    .option('--load-baseline <name>', 'measure nothing: take these results for new ones; needs --baseline')
    .option('--discard-baseline', 'keep nothing')
    .option('--quick', 'two samples, until they agree or the measurement time is over')
    .option(
      '--sample-size <n>',
      `samples of each benchmark (default: ${sampleSize})`,
      number({ min: LEAST_SAMPLES, max: 1e6, whole: true }),
    )
    .option('--warm-up-time <seconds>', `run so long before measuring (default: ${warmUpTime / 1e9})`, seconds)
    .option('--measurement-time <seconds>', `measure so long (default: ${measurementTime / 1e9})`, seconds)
    .option(
      '--nresamples <n>',
      `resamples of the bootstrap (default: ${resamples})`,
      number({ min: 2, max: 1e7, whole: true }),
    )
    .option(
      '--noise-threshold <part>',
      `smaller changes are noise (default: ${noiseThreshold})`,
      number({ min: 0, max: 1e6 }),
    )
    .option('--confidence-level <part>', `of the intervals (default: ${confidenceLevel})`, part)
    .option('--significance-level <part>', `rarer by chance is a change (default: ${significanceLevel})`, part)
    .addOption(
      new Option('--output-format <format>', "Criterion's text, or a line of libtest's for each benchmark").choices([
        'criterion',
        'bencher',
      ]),
    );
}

/** @throws {UserError} options that exclude or need one another, names that cannot be */
export function baselineOptions(options: CriterionOptions): BaselineOptions {
  const { saveBaseline, baseline, baselineLenient, loadBaseline, discardBaseline } = options;
  const given = [
    ['--save-baseline', saveBaseline],
    ['--baseline', baseline],
    ['--baseline-lenient', baselineLenient],
    ['--discard-baseline', discardBaseline],
  ].filter(([, value]) => value !== undefined);
  if (given.length > 1) throw new UserError(`give only one of: ${given.map(([name]) => name).join(', ')}`);
  if (loadBaseline !== undefined) {
    checkBaselineName(loadBaseline);
    if (baseline === undefined && baselineLenient === undefined) {
      throw new UserError('--load-baseline needs --baseline: what to compare it with', {
        hint: `--load-baseline ${loadBaseline} --baseline ${DEFAULT_BASELINE}`,
      });
    }
  }
  const load = loadBaseline === undefined ? {} : { load: loadBaseline };
  if (discardBaseline) return { use: { kind: 'discard' } };
  const compared = baseline ?? baselineLenient;
  if (compared !== undefined) {
    checkBaselineName(compared);
    return { use: { kind: 'compare', name: compared, strict: baseline !== undefined }, ...load };
  }
  checkSavedName(saveBaseline ?? DEFAULT_BASELINE);
  return { use: { kind: 'save', name: saveBaseline ?? DEFAULT_BASELINE } };
}

/** What the analysis is told. */
export function analysisConfig(options: CriterionOptions): AnalysisConfig {
  const { nresamples, noiseThreshold, confidenceLevel, significanceLevel } = options;
  return {
    ...DEFAULT_ANALYSIS,
    ...(nresamples === undefined ? {} : { resamples: nresamples }),
    ...(noiseThreshold === undefined ? {} : { noiseThreshold }),
    ...(confidenceLevel === undefined ? {} : { confidenceLevel }),
    ...(significanceLevel === undefined ? {} : { significanceLevel }),
  };
}

/** How samples are taken, where a benchmark does not say. @throws {UserError} --quick takes no sample size */
export function samplingConfig(options: CriterionOptions): SamplingConfig {
  const { sampleSize, warmUpTime, measurementTime, quick } = options;
  if (quick && sampleSize !== undefined) {
    throw new UserError('give only one of: --quick, --sample-size', { hint: '--quick always takes two samples' });
  }
  return {
    ...DEFAULT_SAMPLING,
    ...(sampleSize === undefined ? {} : { sampleSize }),
    ...(warmUpTime === undefined ? {} : { warmUpTime: warmUpTime * 1e9 }),
    ...(measurementTime === undefined ? {} : { measurementTime: measurementTime * 1e9 }),
  };
}
