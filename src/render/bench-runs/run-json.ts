import type { Analysis } from '../../bench/criterion/analyse.ts';
import { type BenchResultJson, benchResultJson, pairedChangeJson } from '../../bench/result-json.ts';
import type { Unloadable } from '../../bench/runner/found.ts';
import type { BenchResult } from '../../bench/runner/result.ts';

/** What `bench --json` tells beside what all importers have. Fields may be added; these stay. */
interface RunJson extends Partial<BenchResultJson> {
  readonly name: string;
  readonly file: string;
  /** One a process; times are nanoseconds an iteration. */
  readonly processes?: readonly { readonly median: number; readonly samples: number; readonly iterations: number }[];
  readonly comparison?: {
    /** head / base: 1.05 is 5 % slower. */
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly pairs: number;
    readonly p: number;
    /** p, adjusted for the number of comparisons. */
    readonly adjusted: number;
    readonly verdict: string;
    readonly morePairs?: number;
    /** Nanoseconds an iteration, one a process; in turns with `processes` unless `apart`. */
    readonly base: readonly number[];
    readonly apart: boolean;
  };
  readonly warnings: readonly { readonly kind: string; readonly text: string; readonly advice: string }[];
  /** The file of its flame graph. */
  readonly flame?: string;
  readonly error?: { readonly message: string; readonly hint: string; readonly stack: string; readonly side: string };
}

/** @param analyses of the results that have one, by their place */
export function runJson(
  results: readonly BenchResult[],
  analyses: ReadonlyMap<BenchResult, Analysis>,
  unloadable: readonly Unloadable[],
): readonly RunJson[] {
  const broken = unloadable.map(({ file, failure }) => ({
    name: file,
    file,
    warnings: [],
    error: { message: failure.what, hint: failure.hint, stack: failure.stack, side: 'head' },
  }));
  return [...results.map((result) => resultJson(result, analyses.get(result))), ...broken];
}

function resultJson(result: BenchResult, analysis: Analysis | undefined): RunJson {
  const { found, head, base, stored, verdict, warnings, failure } = result;
  const { fullId } = found.id;
  return {
    ...(analysis === undefined
      ? { name: fullId }
      : benchResultJson(fullId, analysis.estimates, { tukey: analysis.tukey })),
    file: found.file,
    ...(head === undefined || head.medians.length === 0
      ? {}
      : {
          processes: head.processes.map(({ times, iterations }, i) => ({
            median: head.medians[i]!,
            samples: times.length,
            iterations: iterations[0]!,
          })),
        }),
    ...(verdict === undefined
      ? {}
      : {
          change: pairedChangeJson(verdict),
          comparison: {
            ratio: verdict.ratio,
            low: verdict.low,
            high: verdict.high,
            pairs: verdict.k,
            p: verdict.p,
            adjusted: verdict.adjusted,
            verdict: verdict.verdict,
            ...(verdict.morePairs === undefined ? {} : { morePairs: verdict.morePairs }),
            base: Array.from(base?.medians ?? stored ?? []),
            apart: base === undefined,
          },
        }),
    warnings,
    ...(result.flame === undefined ? {} : { flame: result.flame }),
    ...(failure === undefined
      ? {}
      : { error: { message: failure.what, hint: failure.hint, stack: failure.stack, side: failure.side } }),
  };
}
