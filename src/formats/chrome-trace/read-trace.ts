import { ProfileBuilder } from '../../profile/builder.ts';
import { IDLE_COUNTER, type Profile } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { jsonArray, jsonObject } from '../json-stream/input.ts';
import { ALL, members } from '../json-stream/shape.ts';
import { addCpuProfile, TraceCpuProfiles } from './cpu-profiles.ts';
import { TraceDurations } from './durations.ts';
import { readTraceEvents } from './event-json.ts';
import { TraceSamples } from './samples.ts';
import { TraceThreads } from './threads.ts';

/** What is read of an event: `args` may hold anything. */
const eventShape = members({
  ...{ ph: ALL, name: ALL, ts: ALL, dur: ALL, tdur: ALL, pid: ALL, tid: ALL, id: ALL },
  args: members({
    ...{ name: ALL, url: ALL, funcLine: ALL, funcColumn: ALL, line: ALL, column: ALL },
    data: members({ startTime: ALL, endTime: ALL, timeDeltas: ALL, cpuProfile: ALL }),
  }),
});

/** The first of what the file holds, as `chromeTrace` says. */
export async function readTrace(input: Input, notes: Notes): Promise<Profile> {
  let threads = new TraceThreads();
  let cpuProfiles = new TraceCpuProfiles(input);
  let durations = new TraceDurations(input);
  let others = 0;
  const samples = new TraceSamples(input);
  const { path: list, rest } = await readTraceEvents(input, notes, {
    eventShape,
    start() {
      threads = new TraceThreads();
      cpuProfiles = new TraceCpuProfiles(input);
      durations = new TraceDurations(input);
      others = 0;
    },
    event(event, path, index) {
      if (event.ph === 'M') threads.describe(event);
      else if (event.ph === 'B' || event.ph === 'E' || event.ph === 'X') durations.add(path, index, event);
      else if (!cpuProfiles.add(path, event)) others++;
    },
    rest: (machine) =>
      new Map([
        ['samples', samples.samplesShape(machine)],
        ['stackFrames', samples.framesShape(machine)],
      ]),
  });

  const profiles = cpuProfiles.list();
  if (profiles.length > 0) {
    const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
    let idle = 0;
    for (const profile of profiles) {
      idle += addCpuProfile(input, profile, builder, builder.thread(threads.thread(profile)), notes);
    }
    if (durations.length > 0)
      notes.add(`V8's CPU profiles are read, not the ${durations.length} events with a duration`);
    const counters = idle > 0 ? [{ name: IDLE_COUNTER, unit: 'nanoseconds', value: idle, supported: true }] : [];
    return builder.build({ tool: 'v8-cpu', notes: notes.list }, { counters });
  }
  const builder = new ProfileBuilder([{ type: 'wall', unit: 'nanoseconds' }]);
  if (rest.samples !== undefined && rest.stackFrames !== undefined) {
    jsonObject(input, '$.stackFrames', rest.stackFrames);
    jsonArray(input, '$.samples', rest.samples);
    samples.addTo(builder, threads, notes);
  } else durations.addTo(builder, list, threads, notes);
  if (others > 0) notes.add(`events without a duration (counters, instants, flows), left out: ${others}`);
  return builder.build({ notes: notes.list });
}
