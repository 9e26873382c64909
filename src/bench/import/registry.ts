import { UserError } from '../../errors.ts';
import { type JsonValue, jsonDocument } from '../json-value.ts';
import { benchNode } from './bench-node.ts';
import { benchmarkDotNet } from './benchmark-dotnet.ts';
import { benchmarkJs } from './benchmark-js.ts';
import { bmf } from './bmf.ts';
import { cargoCriterion } from './cargo-criterion.ts';
import { catch2 } from './catch2.ts';
import { criterionText } from './criterion-text.ts';
import { ghaCustom } from './gha-custom.ts';
import { ghaDataJs } from './gha-data-js.ts';
import { goBench } from './go-bench.ts';
import { googleBenchmark } from './google-benchmark.ts';
import { gungraunJson } from './gungraun-json.ts';
import { hyperfine } from './hyperfine.ts';
import { hyperfineCsv, hyperfineTable, hyperfineText } from './hyperfine-text.ts';
import { jmh } from './jmh.ts';
import { julia } from './julia.ts';
import { libtest } from './libtest.ts';
import {
  asv,
  benchmarkLuau,
  benchNodeCsv,
  consoleTime,
  dartHarness,
  mitataText,
  rubyBenchmark,
  vitestText,
} from './line-formats.ts';
import { mitata } from './mitata.ts';
import { pforgeJson } from './pforge-json.ts';
import { pytestBenchmark } from './pytest-benchmark.ts';
import type { ImportedResults, ResultFormat, ResultText } from './result-format.ts';
import { tinybench } from './tinybench.ts';
import { tinybenchText } from './tinybench-text.ts';
import { valgrindMetrics } from './valgrind-metrics.ts';
import { vitestBench } from './vitest-bench.ts';

/**
 * All formats of files, asked in this order: those that know more of a text come before those that know less of the same
 * text (Criterion prints names in the lines that libtest has too; anything may hold a line like console.timeEnd's).
 */
export const RESULT_FORMATS: readonly ResultFormat[] = [
  pforgeJson,
  hyperfine,
  jmh,
  julia,
  benchmarkDotNet,
  pytestBenchmark,
  mitata,
  googleBenchmark,
  vitestBench,
  tinybench,
  benchNode,
  ghaCustom,
  ghaDataJs,
  bmf,
  gungraunJson,
  cargoCriterion,
  criterionText,
  valgrindMetrics,
  libtest,
  goBench,
  catch2,
  benchmarkJs,
  hyperfineText,
  hyperfineCsv,
  hyperfineTable,
  mitataText,
  vitestText,
  tinybenchText,
  benchNodeCsv,
  benchmarkLuau,
  dartHarness,
  asv,
  rubyBenchmark,
  consoleTime,
];

/** What was read, and by which format. */
export interface ReadResults extends ImportedResults {
  readonly format: string;
}

/**
 * Reads the results of another harness.
 * @param name of the file, for messages
 * @param format id; default: what the content looks like
 * @throws {UserError} unknown, or broken: where
 */
export function readResults(text: string, name: string, format?: string): ReadResults {
  const plain = text.replace(/^\ufeff/, '');
  const { json, error } = tryJson(plain, name);
  const input: ResultText = { name, text: plain, json };
  const known = `known are criterion (a folder), ${RESULT_FORMATS.map(({ id }) => id).join(', ')}`;
  const found =
    format === undefined
      ? RESULT_FORMATS.find((candidate) => candidate.detect(input))
      : RESULT_FORMATS.find(({ id }) => id === format);
  if (found === undefined) {
    if (error !== undefined) throw error;
    throw format === undefined
      ? new UserError(`${name}: not results of a benchmark, or of a harness that is not known`, { hint: known })
      : new UserError(`unknown format ${format}`, { hint: known });
  }
  if (format !== undefined && !found.detect(input)) {
    throw new UserError(`${name}: this is not ${found.title}`, {
      hint: 'leave --input-format out to have it looked at',
    });
  }
  const results = found.read(input);
  checkNumbers(results, name);
  const nothing = results.benchmarks.length === 0 && results.notes.length === 0;
  return { ...results, ...(nothing ? { notes: ['there is no benchmark in it'] } : {}), format: found.id };
}

/** In nanoseconds a number of seconds may be more than a number can hold. @throws {UserError} one is */
function checkNumbers({ benchmarks }: ImportedResults, name: string): void {
  for (const { name: benchmark, estimates, change } of benchmarks) {
    const isNumber = (number: number | undefined) => number === undefined || Number.isFinite(number);
    const isWhole = [...Object.values(estimates), ...Object.values(change ?? {})].every(
      ({ point, lower, upper, standardError }) => [point, lower, upper, standardError].every(isNumber),
    );
    if (!isWhole)
      throw new UserError(`${name}: a number of '${benchmark}' is none, or too large`, {
        hint: 'is it of this benchmark?',
      });
  }
}

/** What begins like JSON may be text all the same: it is broken JSON only where no format knows it. */
function tryJson(text: string, name: string): { json: JsonValue | undefined; error?: unknown } {
  try {
    return { json: jsonDocument(text, name) };
  } catch (error) {
    return { json: undefined, error };
  }
}
