import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BackgroundTool, startBackgroundTool } from '../processes/background-tool.ts';
import { explainPerf, PerfUnavailable } from './perf-errors.ts';

/** How long perf may take to attach, and to write its numbers down. */
const ATTACH_MS = 15_000;
const FINISH_MS = 60_000;

/** Separates the fields of `-x`: no locale has it in its numbers. */
export const CSV_SEPARATOR = ';';

/** A perf stat that is counting. */
export interface PerfCounting {
  /** `perf-stat-json` where this perf can, else `perf-stat-csv` with {@link CSV_SEPARATOR}. */
  readonly layout: 'json' | 'csv';
  /**
   * Ends the counting.
   * @returns the file with the counts
   * @throws {PerfUnavailable} perf left none: a full disk, for which it has no message and no exit code
   */
  stop(): Promise<string>;
}

/**
 * Starts `perf stat` and returns when it is counting: it answers `enable` on its control channel (perf 5.9) when the
 * counters are on. perf is told nothing of the locale of ours, whose decimals would break its JSON; the program is not
 * its child and keeps its own.
 * @param args events, and what is counted (`-p`, `-a`)
 * @param folder private; gets perf's output and messages
 * @throws {PerfUnavailable} perf cannot count
 */
export async function attachPerfStat(path: string, args: readonly string[], folder: string): Promise<PerfCounting> {
  for (const layout of ['json', 'csv'] as const) {
    const file = join(folder, `counts-${process.hrtime.bigint()}`);
    const words = ['stat', ...(layout === 'json' ? ['-j'] : ['-x', CSV_SEPARATOR]), '-o', file, ...args];
    const env = { ...process.env, LC_ALL: 'C' };
    const tool = startBackgroundTool(path, [...words, '--control', 'fd:3,4'], join(folder, 'perf.stderr'), env);
    if (await answers(tool)) {
      return {
        layout,
        async stop() {
          // Never SIGTERM: perf stat dies of that without a word
          await tool.stop(FINISH_MS);
          if (existsSync(file) && statSync(file).size > 0 && hasCounts(file)) return file;
          const said = withoutChatter(tool.printed());
          if (said !== '') throw explainPerf(said, 'count');
          const remedy = 'free some space, or set TMPDIR to another disk';
          throw new PerfUnavailable('it left no counts (is the disk full?)', remedy, 'count');
        },
      };
    }
    await tool.stop(FINISH_MS);
    const printed = withoutChatter(tool.printed());
    // perf before 6.0 has no -j
    if (layout === 'json' && /unknown switch `j'|Unknown option: -j/i.test(printed)) continue;
    if (printed === '') throw new PerfUnavailable('it did not answer', 'try again', 'count');
    throw explainPerf(printed, 'count');
  }
  throw new PerfUnavailable('it has neither -j nor -x', 'install a newer perf', 'count');
}

/** A file of perf stat begins with a comment, which says nothing. */
function hasCounts(file: string): boolean {
  return /^[^#\n]/m.test(readFileSync(file, 'latin1'));
}

/** What perf says when it does as it was told. */
function withoutChatter(printed: string): string {
  return printed.replace(/^(Events (enabled|disabled)|Error:)?\s*$/gm, '').trim();
}

async function answers({ control, answers: stream, ended }: BackgroundTool): Promise<boolean> {
  const answered = new Promise<boolean>((done) => stream.once('data', () => done(true)));
  control.write('enable\n');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ATTACH_MS);
  });
  const result = await Promise.race([answered, ended.then(() => false), late]);
  clearTimeout(timer);
  return result;
}
