import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { textLines } from '../text/lines.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { readCounterJson } from './counter-json.ts';
import { detectLayout } from './layout.ts';
import { MachineOutput } from './machine-output.ts';
import { savedCounters } from './saved-counters.ts';
import { TextOutput } from './text-output.ts';

/**
 * Reads what perf stat counted, every run for itself.
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
