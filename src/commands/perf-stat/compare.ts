import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { type CounterComparison, compareCounters, regressions } from '../../profile/counters/compare.ts';
import type { Pairing } from '../../profile/counters/compare-columns.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { percentText } from '../../render/counters/change-words.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown } from '../../render/counters/comparison-files.ts';
import { comparisonText } from '../../render/counters/comparison-text.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { wrote } from '../wrote.ts';
import type { ComparingOptions } from './compare-options.ts';
import { checkFormat, type ShowOptions } from './show.ts';

/** Both sides of a comparison. */
interface Sides {
  readonly before: CounterRuns;
  readonly after: CounterRuns;
  readonly pairing: Pairing;
}

/** Takes both sides; returns the exit code. */
export type Compare = (sides: Sides, progress: Progress) => Promise<number>;

/**
 * Checks where a comparison can go, before anything is counted: as {@link openShow} does.
 * @throws {UserError} it cannot be written there; --json and --format contradict each other
 */
export function openComparison(call: Call, options: ShowOptions & ComparingOptions): Compare {
  const { world } = call;
  const format = checkFormat(call, options);
  if (format === 'svg') throw new UserError('a comparison has no picture', { hint: 'text, md, json and csv it has' });
  const toStderr = options.output === undefined && format === 'text' && call.program !== undefined;
  const sink = toStderr ? { ...world, stdout: world.stderr } : world;
  const output = openOutput(options.output ?? '-', sink);
  return async ({ before, after, pairing }, progress) => {
    const comparison = compareCounters(before, after, {
      pairing,
      ...(options.threshold === undefined ? {} : { threshold: options.threshold / 100 }),
      ...(options.only === undefined ? {} : { only: options.only }),
      ...(options.runs === undefined ? {} : { assumedRuns: options.runs }),
    });
    checkCompared(comparison, before, after, options);
    const look = textLook(sink, output.isStdout, options.color);
    const chunks: Iterable<string> =
      format === 'text'
        ? [comparisonText(before, after, comparison, look)]
        : format === 'md'
          ? comparisonMarkdown(before, after, comparison)
          : format === 'csv'
            ? comparisonCsv(comparison)
            : [`${JSON.stringify(comparisonJson(before, after, comparison), null, 2)}\n`];
    const bytes = await output.write(chunks);
    if (format === 'text' || format === 'csv') for (const note of comparison.notes) progress.say(`note: ${note}`);
    if (!output.isStdout) progress.say(wrote(output, bytes));
    return gate(comparison, options, progress);
  };
}

/** @throws {UserError} a counter of --only that nobody counted, or nothing that both sides have */
function checkCompared(
  { changes }: CounterComparison,
  before: CounterRuns,
  after: CounterRuns,
  { only }: ComparingOptions,
): void {
  const known = new Set([...before.counters, ...after.counters].map(({ name }) => name));
  const unknown = only?.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new UserError(`no counter is named '${unknown}'`, { hint: `there are ${[...known].join(', ')}` });
  }
  if (changes.some(({ before: old, after: now }) => old && now)) return;
  throw new UserError('both sides have no counter in common', {
    hint: `before: ${namesOf(before)}; after: ${namesOf(after)}`,
  });
}

function namesOf({ counters }: CounterRuns): string {
  const names = counters.filter(({ missing }) => missing === undefined).map(({ name }) => name);
  return names.length === 0 ? 'none' : names.join(', ');
}

function gate(comparison: CounterComparison, { failOnRegression }: ComparingOptions, progress: Progress): number {
  if (failOnRegression === undefined) return EXIT.ok;
  const limit = failOnRegression === true ? 0 : failOnRegression / 100;
  const worse = regressions(comparison, limit);
  if (worse.length === 0) return EXIT.ok;
  const words = worse.map(({ name, change }) => `${name} ${percentText(change)}`);
  progress.say(`regressed${limit > 0 ? ` by more than ${limit * 100}%` : ''}: ${words.join(', ')}`);
  return EXIT.gateFailed;
}
