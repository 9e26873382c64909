import { type Analysis, analyse } from '../../bench/criterion/analyse.ts';
import { Baselines } from '../../bench/criterion/baselines.ts';
import type { AnalysisConfig } from '../../bench/criterion/config.ts';
import { criterionHome } from '../../bench/criterion/tree-names.ts';
import { averageTimes } from '../../bench/measurement.ts';
import { adjustVerdicts } from '../../bench/pairs/adjust-verdicts.ts';
import { compareApart } from '../../bench/pairs/compare-apart.ts';
import { type ComparingSettings, thresholdsOf } from '../../bench/runner/compare-sides.ts';
import type { Found } from '../../bench/runner/found.ts';
import type { BenchResult } from '../../bench/runner/result.ts';
import { measurementOf } from '../../bench/runner/side.ts';
import { differences, keepSurroundings, surroundings } from '../../bench/runner/stored.ts';
import { UserError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { baselineOptions } from './criterion-options.ts';
import type { BenchFileOptions } from './file-options.ts';

/** Results that are kept, and those that new ones are compared with. */
export interface Stored {
  /** Compares with what was kept. */
  compared(results: readonly BenchResult[], settings: ComparingSettings): readonly BenchResult[];
  /** Keeps results, where asked. @returns where, for the person */
  keep(results: readonly BenchResult[], analyses: ReadonlyMap<BenchResult, Analysis>): string | undefined;
  readonly notes: readonly string[];
}

/**
 * Opens the tree where baselines are, before anything is measured.
 * @param node the version of node that runs benchmarks
 * @throws {UserError} a baseline is not there, or was measured elsewhere
 */
export function openStored(
  options: BenchFileOptions,
  benchmarks: readonly Found[],
  world: World,
  folder: string,
  node: string,
): Stored | undefined {
  const { saveBaseline, baseline, baselineLenient, force } = options;
  const name = baseline ?? baselineLenient;
  if (saveBaseline === undefined && name === undefined) return undefined;
  const root = criterionHome(world.env, folder);
  const baselines = new Baselines(root, baselineOptions(options));
  baselines.require(benchmarks);
  const here = surroundings(node);
  const different = name === undefined ? '' : differences(root, name, here);
  if (different !== '' && !force) {
    throw new UserError(`baseline '${name}' was measured elsewhere: ${different}`, {
      hint: 'measure both here with --against, or compare all the same with --force',
    });
  }
  return {
    compared(results, settings) {
      if (name === undefined) return results;
      const old = results.map(({ found, head, failure }) => {
        if (failure !== undefined || head === undefined) return undefined;
        const base = baselines.base(found.directory);
        return base === undefined || base.times.length < 2 ? undefined : averageTimes(base);
      });
      const verdicts = results.map(({ head, found }, at) => {
        const logs = (values: ArrayLike<number>): number[] => Array.from(values, Math.log);
        if (old[at] === undefined || head!.medians.length < 2) return undefined;
        return compareApart(logs(old[at]), logs(head!.medians), thresholdsOf(found, settings, 1));
      });
      const budgets = results.map(({ found }) => found.listed.options.significanceLevel);
      const adjusted = adjustVerdicts(verdicts, { ...settings, budgets });
      return results.map((result, at) =>
        adjusted[at] === undefined ? result : { ...result, stored: old[at]!, verdict: adjusted[at] },
      );
    },
    keep(results, analyses) {
      for (const result of results) {
        const analysis = analyses.get(result);
        if (analysis !== undefined) baselines.keep(result.found.directory, analysis, undefined);
      }
      if (saveBaseline === undefined) return undefined;
      keepSurroundings(root, saveBaseline, here);
      return `kept as '${saveBaseline}' in ${root}; later: pforge-prof bench --baseline ${saveBaseline}`;
    },
    notes:
      name === undefined
        ? []
        : [
            `'${name}' was measured at another time, in which machines change by some percent: changes below that cannot be told; --against measures both in turns`,
            ...(different === '' ? [] : [`'${name}' was measured elsewhere: ${different}`]),
          ],
  };
}

/** Criterion's numbers of what was measured by two processes at least. */
export function analysesOf(results: readonly BenchResult[], config: AnalysisConfig): Map<BenchResult, Analysis> {
  const analyses = new Map<BenchResult, Analysis>();
  for (const result of results) {
    const { head } = result;
    if (head === undefined || head.medians.length < 2) continue;
    analyses.set(result, analyse(measurementOf(head), config));
  }
  return analyses;
}
