import { JsonValue } from '../../bench/json-value.ts';
import { callgrindTotals } from '../../formats/callgrind/totals.ts';
import { readDhat } from '../../formats/dhat/read-dhat.ts';
import { type Input, Notes } from '../../formats/format.ts';
import { readHeap } from '../../formats/massif/heap-recording.ts';
import { readCounterRuns } from '../../formats/perf-stat/read-counter-runs.ts';
import { detectFormat, formatById, readInput } from '../../formats/registry.ts';
import type { Measurements } from '../../history/measurements.ts';
import { callgrindMeasured } from '../../profile/counters/callgrind-counters.ts';
import { combineRuns } from '../../profile/counters/combine-runs.ts';
import { countersJson } from '../../render/counters/counters-json.ts';
import { summaryJson } from '../../render/heap-snapshot/snapshot-json.ts';
import { reportJson } from '../../render/report-json.ts';
import type { Progress } from '../../terminal/progress.ts';
import { dhatJson } from '../dhat/views.ts';
import { analysed } from '../heap/snapshot-file.ts';
import { asWritten } from '../inputs/originals.ts';
import { massifJson } from '../massif/views.ts';
import { commandMeasurements } from './json.ts';
import { profileMeasurements } from './profile.ts';

/**
 * The numbers of a recording: what `--json` of the command that shows it would say.
 * @throws {UserError} it is of no known format, or broken
 */
export async function recordingMeasurements(
  input: Input,
  inputFormat: string | undefined,
  progress: Progress,
): Promise<Measurements> {
  const format = inputFormat === undefined ? detectFormat(input) : formatById(inputFormat);
  const numbers = (json: object): Measurements => commandMeasurements(new JsonValue(plain(json), input.name))!;
  switch (format.id) {
    case 'perf-stat':
      return numbers(countersJson(await readCounterRuns(input, new Notes())));
    case 'dhat':
      return numbers(dhatJson(await readDhat(input), { limit: 0, dhatOutFile: '' }, []));
    case 'heapsnapshot':
      return numbers(summaryJson(await analysed(input, progress), undefined));
    case 'massif':
    case 'heaptrack': {
      const recording = await readHeap(format, input, {});
      if (recording !== undefined) return numbers(massifJson(recording, { limit: 0 }, []));
      break;
    }
  }
  const isCallgrind = format.id === 'callgrind';
  const profile = await asWritten(await readInput(input, { format }), {});
  const found = profileMeasurements(reportJson(profile));
  if (!isCallgrind || input.path === undefined) return found;
  const measured = callgrindMeasured(await callgrindTotals(input));
  const counted = numbers(countersJson(combineRuns([{ rows: [], measured, threads: [], series: [] }], { notes: [] })));
  return { ...counted, subjects: [...counted.subjects, ...found.subjects] };
}

/** As another program would read it: null where there is no number. */
function plain(json: object): unknown {
  return JSON.parse(JSON.stringify(json));
}
