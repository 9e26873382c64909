import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UniqueNames } from '../../bench/criterion/tree-names.ts';
import { benchmarkId } from '../../bench/measurement.ts';
import { UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { groupPlots } from '../../render/bench/group-plots.ts';
import { type Plot, plotFile } from '../../render/bench/plot.ts';
import { benchmarkFiles } from '../../render/bench/plots.ts';
import {
  type BenchReport,
  groupsOf,
  type ReportedBenchmark,
  type ReportRow,
  rowOf,
} from '../../render/bench/report.ts';
import type { World } from '../../world.ts';

/** Where a report goes; what is undefined is not written. */
export interface ReportFiles {
  /** One page. `-` = standard output. */
  readonly html?: string | undefined;
  /** Markdown. `-` = standard output. */
  readonly markdown?: string | undefined;
  /** A folder that gets each plot as an SVG, named as Criterion names it, below the benchmark's own folder. */
  readonly plots?: string | undefined;
}

/**
 * Writes a report as asked.
 * @param report its benchmarks are gone through twice where both a page and plots are asked for, else once
 * @param say a line for people on what was written
 * @throws {UserError} an output cannot be written
 */
export async function writeBenchReport(
  report: BenchReport,
  { html, markdown, plots }: ReportFiles,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  const rows: ReportRow[] = [];
  const analysed = { ...report, benchmarks: gathering(report.benchmarks, rows) };
  if (html !== undefined) {
    const { benchHtml } = await import('../../render/bench/bench-html.ts');
    await written(html, benchHtml(analysed), world, say);
  }
  if (plots !== undefined) {
    const count = await writePlots(plots, analysed.benchmarks, rows, world);
    say(
      count > 0
        ? `wrote ${count} plots below ${plots}`
        : `no plots below ${plots}: these results hold no samples to draw, only what others made of them`,
    );
  }
  if (markdown === undefined) return;
  const { benchMarkdown } = await import('../../render/bench/bench-md.ts');
  // It draws nothing: where benchmarks were analysed already, what stayed of them is enough
  const told = html === undefined && plots === undefined ? report : { ...report, benchmarks: rows };
  await written(markdown, benchMarkdown(told), world, say);
}

/** Goes through benchmarks once more. @param rows get what stays of them */
function gathering(benchmarks: Iterable<ReportedBenchmark>, rows: ReportRow[]): Iterable<ReportedBenchmark> {
  return {
    *[Symbol.iterator]() {
      rows.length = 0;
      for (const benchmark of benchmarks) {
        rows.push(rowOf(benchmark));
        yield benchmark;
      }
    },
  };
}

/**
 * Writes each plot where Criterion has it: a benchmark's below its own folder, a group's below the group's.
 * @param rows of the benchmarks, once they were gone through
 * @returns how many there are
 */
async function writePlots(
  root: string,
  benchmarks: Iterable<ReportedBenchmark>,
  rows: readonly ReportRow[],
  world: World,
): Promise<number> {
  let count = 0;
  const write = async (directory: string, plots: readonly Plot[]): Promise<void> => {
    for (const plot of plots) {
      const path = join(root, directory, 'report', `${plot.name}.svg`);
      makeFolder(dirname(path));
      await openOutput(path, world).write(plotFile(plot));
      count++;
    }
  };
  const names = new UniqueNames();
  for (const benchmark of benchmarks) await write(names.claim(benchmark.id).directory, benchmarkFiles(benchmark));
  const groupNames = new UniqueNames();
  for (const [group, members] of groupsOf(rows)) {
    await write(groupNames.claim(benchmarkId(group)).directory, groupPlots(group, members));
  }
  return count;
}

async function written(
  path: string,
  chunks: Iterable<string>,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  await openOutput(path, world).write(chunks);
  if (path !== '-') say(`wrote ${path}`);
}

/** @throws {UserError} the folder cannot be made */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make the folder ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}
