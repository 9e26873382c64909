import { ProfileBuilder } from '../profile/builder.ts';
import { IDLE_COUNTER, type Profile } from '../profile/profile.ts';
import { addCpuProfile, TraceCpuProfiles } from './chrome-trace/cpu-profiles.ts';
import { TraceDurations } from './chrome-trace/durations.ts';
import { readTraceEvents } from './chrome-trace/event-json.ts';
import { TraceSamples } from './chrome-trace/samples.ts';
import { TraceThreads } from './chrome-trace/threads.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { jsonArray, jsonObject } from './json-stream/input.ts';
import { ALL, members } from './json-stream/shape.ts';
import { decodeText } from './text/lines.ts';

/**
 * Trace events (chrome://tracing, Perfetto's JSON, DevTools' performance panel, React Native's Hermes;
 * "Trace Event Format" by the Chromium project). The first of these that a file holds is read: V8's CPU profiles;
 * `samples` with `stackFrames`; events with a duration (`B` and `E`, `X`), whose time is wall clock.
 */
export const chromeTrace: Format = { id: 'chrome-trace', title: 'Chrome trace events', detect, read };

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (/^\{/.test(text) && /"traceEvents"\s*:\s*\[/.test(text)) return 'yes';
  const event = /"ph"\s*:\s*"[A-Za-z(),]"/.test(text) && /"(?:ts|pid)"\s*:/.test(text);
  if (event && /^\[\s*\{/.test(text)) return 'yes';
  return event && text.startsWith('{') ? 'maybe' : 'no';
}

/** What is read of an event: `args` may hold anything. */
const eventShape = members({
  ...{ ph: ALL, name: ALL, ts: ALL, dur: ALL, tdur: ALL, pid: ALL, tid: ALL, id: ALL },
  args: members({
    ...{ name: ALL, url: ALL, funcLine: ALL, funcColumn: ALL, line: ALL, column: ALL },
    data: members({ startTime: ALL, endTime: ALL, timeDeltas: ALL, cpuProfile: ALL }),
  }),
});

async function read(input: Input, notes: Notes): Promise<Profile> {
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
