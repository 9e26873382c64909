import type { Command as CommanderCommand } from 'commander';
import { UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { BenchReport } from '../../render/bench/report.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { Call } from '../command.ts';
import { addTrackOption, type TrackOption } from '../track/option.ts';

/** Options of what is written for people to look at later; names as commander makes them. */
export interface BenchReportOptions extends TrackOption {
  readonly html?: string;
  readonly md?: string;
  readonly plots?: string;
  readonly title?: string;
}

export function addReportOptions(command: CommanderCommand): CommanderCommand {
  return addTrackOption(command.optionsGroup('Reports:'))
    .option('--html <file>', 'one self-contained page with all plots')
    .option('--md <file>', 'Markdown for a pull request; - = standard output, in place of the text')
    .option('--plots <folder>', 'each plot as an SVG file below this folder')
    .option('--title <text>', 'the title of the report (default: Benchmarks)');
}

/** Where reports go. */
export interface ReportSink {
  /** Standard output is the report's. */
  readonly takesStdout: boolean;
  /** Writes what was asked for; does nothing where nothing was. */
  write(report: Omit<BenchReport, 'title'>, progress: Progress): Promise<void>;
}

/**
 * Looks whether reports can be written, before anything is measured.
 * @throws {UserError} one cannot, or two results want standard output
 */
export function openReport({ world, shared }: Call, options: BenchReportOptions): ReportSink {
  const { html, md, plots, title = 'Benchmarks' } = options;
  if (html === '-') throw new UserError('--html needs a file', { hint: 'give it the name of a file' });
  if (md === '-' && shared.json) {
    throw new UserError('--json and --md - both want standard output', { hint: 'give --md a file name' });
  }
  for (const file of [html, md]) if (file !== undefined) openOutput(file, world);
  const asked = html !== undefined || md !== undefined || plots !== undefined;
  return {
    takesStdout: md === '-',
    async write(report, progress) {
      if (!asked) return;
      const { writeBenchReport } = await import('./report.ts');
      const files = { html, markdown: md, plots };
      await writeBenchReport({ ...report, title }, files, world, (line) => progress.say(line));
    },
  };
}
