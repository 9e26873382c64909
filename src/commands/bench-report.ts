import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UniqueNames } from '../bench/criterion/tree-names.ts';
import { UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { plotFile } from '../render/bench/plot.ts';
import { benchmarkFiles } from '../render/bench/plots.ts';
import type { BenchReport } from '../render/bench/report.ts';
import type { World } from '../world.ts';

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
 * @param report its benchmarks are gone through once for each file
 * @param say a line for people on what was written
 * @throws {UserError} an output cannot be written
 */
export async function writeBenchReport(
  report: BenchReport,
  { html, markdown, plots }: ReportFiles,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  if (html !== undefined) {
    const { benchHtml } = await import('../render/bench/bench-html.ts');
    await written(html, benchHtml(report), world, say);
  }
  if (markdown !== undefined) {
    const { benchMarkdown } = await import('../render/bench/bench-md.ts');
    await written(markdown, benchMarkdown(report), world, say);
  }
  if (plots === undefined) return;
  const names = new UniqueNames();
  let count = 0;
  for (const benchmark of report.benchmarks) {
    const { directory } = names.claim(benchmark.id);
    for (const plot of benchmarkFiles(benchmark)) {
      const path = join(plots, directory, 'report', `${plot.name}.svg`);
      makeFolder(dirname(path));
      await openOutput(path, world).write(plotFile(plot));
      count++;
    }
  }
  say(`wrote ${count} plots below ${plots}`);
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
