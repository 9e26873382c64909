import { type Command as CommanderCommand, Option } from 'commander';
import type { Correction } from '../../bench/pairs/adjust-verdicts.ts';
import { DEFAULT_MAX_PAIRS } from '../../bench/pairs/compare-pairs.ts';
import { FEWEST_PAIRS } from '../../bench/pairs/looks.ts';
import { DEFAULT_BUDGET, DEFAULT_NOISE } from '../../bench/pairs/verdict.ts';
import type { ComparingSettings } from '../../bench/runner/compare-sides.ts';
import { DEFAULT_MEASURING } from '../../bench/runner/side.ts';
import { number, regexp } from '../options/values.ts';
import type { CriterionOptions } from './criterion-options.ts';
import type { BenchReportOptions } from './report-options.ts';

/** Options of `bench` for benchmarks in files; names as commander makes them. */
export interface BenchFileOptions extends CriterionOptions, BenchReportOptions {
  readonly filter?: RegExp;
  readonly list?: true;
  readonly against?: string;
  readonly baseSetup?: string;
  readonly failOnRegression?: boolean | number;
  readonly processes: number;
  readonly maxPairs: number;
  readonly apart?: true;
  readonly correction: Correction;
  readonly timeout?: number;
  readonly node?: string;
  readonly seed?: number;
  readonly force?: true;
  readonly criterion?: true;
  readonly verbose?: true;
  readonly flame?: true | string;
  readonly color?: boolean;
  /** Of benchmarks in files `instructions` alone is another one than time. */
  readonly metric?: string;
}

/** As many as Criterion takes samples at least. */
const PROCESSES = 10;

/** Adds what `bench [files]` takes beside Criterion's options. */
export function addBenchFileOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Benchmarks in files:')
    .option('-f, --filter <regexp>', 'only benchmarks whose group/name/value matches', regexp)
    .option('--list', 'only tell which benchmarks there are')
    .option('--against <ref>', 'compare with this commit, or with the folder ./DIR, both measured in turns')
    .option('--base-setup <command>', 'run this in the checkout of --against first, such as `npm ci`')
    .option('--fail-on-regression [percent]', 'exit with 1 when something became slower (by more than that)', (text) =>
      number({ min: 0, max: 1e6 })(text),
    )
    .option(
      '--processes <n>',
      'fresh processes for each benchmark, where nothing is compared in turns',
      number({ min: 1, max: 10_000, whole: true }),
      PROCESSES,
    )
    .option(
      '--max-pairs <n>',
      'with --against: measure at most so many pairs of processes',
      number({ min: FEWEST_PAIRS, max: 10_000, whole: true }),
      DEFAULT_MAX_PAIRS,
    )
    .option('--apart', 'with --against: run base and head one after the other, not in turns of milliseconds')
    .addOption(
      new Option('--correction <how>', 'how the verdicts of one table share the budget of false ones')
        .choices(['bh', 'holm', 'none'])
        .default('bh'),
    )
    .option(
      '--timeout <seconds>',
      `end a process that takes longer (default: ${DEFAULT_MEASURING.timeout})`,
      number({ min: 0.1, max: 86_400 }),
    )
    .option('--node <path>', 'the node that runs them (default: the one that runs this)')
    .option('--seed <n>', 'of the random order of pairs', number({ min: 0, max: 2 ** 32 - 1, whole: true }))
    .option('--force', 'compare with a baseline of another machine or another node all the same')
    .option('--criterion', 'measure, compare, keep and print exactly as Criterion does; so do --quick, --load-baseline')
    .option('-v, --verbose', 'with --criterion: intervals of all statistics')
    .option('--flame [regexp]', 'profile what regressed (or matches) on both sides, and draw what differs');
}

/** How processes measure and when a change is one. Criterion's options hold where they are given. */
export function comparingSettings(options: BenchFileOptions): ComparingSettings {
  const { warmUpTime, measurementTime, sampleSize, timeout, noiseThreshold, significanceLevel } = options;
  return {
    warmUpTime: warmUpTime ?? DEFAULT_MEASURING.warmUpTime,
    measurementTime: measurementTime ?? DEFAULT_MEASURING.measurementTime,
    sampleSize: sampleSize ?? DEFAULT_MEASURING.sampleSize,
    timeout: timeout ?? DEFAULT_MEASURING.timeout,
    noise: noiseThreshold ?? DEFAULT_NOISE,
    budget: significanceLevel ?? DEFAULT_BUDGET,
    correction: options.correction,
    maxPairs: options.maxPairs,
    apart: options.apart ?? false,
  };
}
