import { UserError } from '../errors.ts';
import { combinedProfile } from '../profile/counters/combined-profile.ts';
import type { CounterRuns } from '../profile/counters/counter-runs.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { readCounterJson } from './perf-stat/counter-json.ts';
import { detectLayout } from './perf-stat/layout.ts';
import { MachineOutput } from './perf-stat/machine-output.ts';
import { savedCounters } from './perf-stat/saved-counters.ts';
import { TextOutput } from './perf-stat/text-output.ts';
import { textLines } from './text/lines.ts';
import { SkippedLines } from './text/skipped-lines.ts';

/**
 * What perf stat counted, as it was saved: the text for people of any version and locale, `-x` with any separator, `-j`,
 * each also with -I, -r, -A, --per-thread and the like, several runs behind each other (`--append`); and what
 * `pforge-prof perf-stat --json` writes. Counters, no samples.
 */
export const perfStat: Format = {
  id: 'perf-stat',
  title: 'perf stat output',
  detect(head): Claim {
    return detectLayout(head) === undefined ? 'no' : 'yes';
  },
  async read(input, notes) {
    try {
      return combinedProfile(await readCounterRuns(input, notes));
    } catch (error) {
      throw error instanceof UserError ? toldWhereToGo(error, input) : error;
    }
  },
};

/** Who gives counters to a command for samples is told of the other one, however broken they are. */
function toldWhereToGo({ message, hint }: UserError, { path, name }: Input): UserError {
  const where = `counters are for pforge-prof perf-stat ${path === undefined ? '-' : name}`;
  return new UserError(message, { hint: hint === undefined ? where : `${hint}; ${where}` });
}

/**
 * Reads what {@link perfStat} reads, every run for itself.
 * @throws {FormatError} no counters, or numbers that cannot be told from separators
 */
export async function readCounterRuns(input: Input, notes: Notes): Promise<CounterRuns> {
  const layout = detectLayout(input.head);
  if (layout?.kind === 'own') return readCounterJson(input, notes);
  if (layout?.kind === 'metrics') {
    throw new FormatError(
      input,
      '',
      'it holds metrics without the counts that they are of (perf stat --metric-only with -x or -j)',
      'leave --metric-only out: metrics then stand beside their counts',
    );
  }
  const skipped = new SkippedLines(input.name);
  const output =
    layout === undefined || layout.kind === 'text'
      ? new TextOutput(input, skipped)
      : new MachineOutput(input, skipped, layout);
  for await (const lines of textLines(input)) for (let i = 0; i < lines.length; i++) output.line(lines[i]!);
  const runs = output.runs();
  if (runs.length === 0) {
    throw new FormatError(
      input,
      '',
      'no counters of perf stat in it',
      'perf stat -o FILE, -x or -j write what is read here',
    );
  }
  skipped.note(notes);
  return { ...savedCounters(runs, notes), notes: notes.list };
}
