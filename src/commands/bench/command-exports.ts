import type { CommandSummary } from '../../bench/commands/summary.ts';
import { openOutput } from '../../output.ts';
import {
  hyperfineAsciidoc,
  hyperfineCsv,
  hyperfineJson,
  hyperfineMarkdown,
  hyperfineOrg,
} from '../../render/command-runs/hyperfine-files.ts';
import { timeUnit } from '../../render/command-runs/time-unit.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import type { CommandRunOptions } from './command-options.ts';

/** Writes what was asked for. @param reference what ratios of tables are of. Default: the fastest */
export type WriteExports = (
  summaries: readonly CommandSummary[],
  reference: CommandSummary | undefined,
  progress: Progress,
) => Promise<void>;

/**
 * Opens what `--export-...` names.
 * @throws {UserError} a file cannot be written: said before anything runs
 */
export function openExports(options: CommandRunOptions, world: World): WriteExports {
  const unit = options.timeUnit === undefined ? undefined : timeUnit(options.timeUnit);
  const wanted = [
    { path: options.exportJson, text: hyperfineJson },
    { path: options.exportCsv, text: hyperfineCsv },
    { path: options.exportMarkdown, text: hyperfineMarkdown },
    { path: options.exportAsciidoc, text: hyperfineAsciidoc },
    { path: options.exportOrgmode, text: hyperfineOrg },
  ].flatMap(({ path, text }) => (path === undefined ? [] : [{ output: openOutput(path, world), text }]));
  return async (summaries, reference, progress) => {
    const inOrder = options.sort === 'mean-time' ? byMean(summaries) : summaries;
    for (const { output, text } of wanted) {
      await output.write([text(inOrder, unit, reference)]);
      if (!output.isStdout) progress.say(`wrote ${output.name}`);
    }
  };
}

function byMean(summaries: readonly CommandSummary[]): readonly CommandSummary[] {
  return [...summaries].sort((a, b) => a.wall.mean - b.wall.mean);
}
