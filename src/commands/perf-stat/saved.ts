import { UserError } from '../../errors.ts';
import { callgrindTotals } from '../../formats/callgrind/totals.ts';
import { callgrind } from '../../formats/callgrind.ts';
import { Notes } from '../../formats/format.ts';
import { openInput } from '../../formats/input.ts';
import { readCounterRuns } from '../../formats/perf-stat/read-counter-runs.ts';
import { perfStat } from '../../formats/perf-stat.ts';
import { detectFormat } from '../../formats/registry.ts';
import { callgrindMeasured } from '../../profile/counters/callgrind-counters.ts';
import { combineRuns } from '../../profile/counters/combine-runs.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import type { World } from '../../world.ts';
import { standardInput } from '../inputs/read-inputs.ts';

/**
 * Counters that were saved: by perf stat in any layout, by us, or by callgrind.
 * @param input a file, or `-` for standard input
 * @param inputFormat id of a format; default: detected
 * @throws {UserError} it cannot be read, or holds no counters
 */
export async function readSavedCounters(input: string, world: World, inputFormat?: string): Promise<CounterRuns> {
  const opened = await openInput(input, standardInput(input, world));
  const format = inputFormat ?? detectFormat(opened).id;
  if (format === perfStat.id) return readCounterRuns(opened, new Notes());
  if (format === callgrind.id) {
    const measured = callgrindMeasured(await callgrindTotals(opened));
    return combineRuns([{ rows: [], measured, threads: [], series: [] }], { notes: [] });
  }
  throw new UserError(`${opened.name} holds no counters: it is ${format}`, {
    hint: 'perf-stat reads what perf stat -o, -x, -j or perf-stat --json wrote; pforge-prof report reads recordings',
  });
}
