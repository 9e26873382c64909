import { type FrameWords, ProfileBuilder } from '../profile/builder.ts';
import { jsKind } from '../profile/kind.ts';
import { IDLE_COUNTER, type Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonObject } from './json-input.ts';
import { decodeText } from './text-lines.ts';
import { addCpuProfile, TraceCpuProfiles } from './trace-cpu-profiles.ts';
import { readTraceEvents } from './trace-event-json.ts';
import { addTraceSamples } from './trace-samples.ts';
import { type DurationEvent, SlicePairing, traceNumber, walkSlices } from './trace-slices.ts';
import { TraceThreads } from './trace-threads.ts';
import { scriptFile } from './v8-names.ts';

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

async function read(input: Input, notes: Notes): Promise<Profile> {
  const { events, path, rest } = await readTraceEvents(input, notes);
  const threads = new TraceThreads();
  const cpuProfiles = new TraceCpuProfiles(input);
  const durations: { thread: string; place: string; event: JsonObject }[] = [];
  let others = 0;
  for (let i = 0; i < events.length; i++) {
    const place = `${path}[${i}]`;
    const event = jsonObject(input, place, events[i]);
    if (event.ph === 'M') threads.describe(event);
    else if (event.ph === 'B' || event.ph === 'E' || event.ph === 'X') {
      durations.push({ thread: threads.key(event), place, event });
    } else if (!cpuProfiles.add(place, event)) others++;
  }

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
  if (rest.samples !== undefined && rest.stackFrames !== undefined)
    addTraceSamples(input, rest, threads, builder, notes);
  else addDurations(input, durations, threads, builder, notes);
  if (others > 0) notes.add(`events without a duration (counters, instants, flows), left out: ${others}`);
  return builder.build({ notes: notes.list });
}

function addDurations(
  input: Input,
  given: readonly { thread: string; place: string; event: JsonObject }[],
  threads: TraceThreads,
  builder: ProfileBuilder,
  notes: Notes,
): void {
  const byThread = new Map<string, { first: JsonObject; events: DurationEvent[] }>();
  let origin = Number.POSITIVE_INFINITY;
  for (const { thread, place, event } of given) {
    let list = byThread.get(thread);
    if (!list) {
      list = { first: event, events: [] };
      byThread.set(thread, list);
    }
    const read = durationEvent(input, place, event, builder);
    origin = Math.min(origin, read.time);
    list.events.push(read);
  }
  const pairing = new SlicePairing();
  let overlaps = 0;
  for (const { first, events } of byThread.values()) {
    const thread = builder.thread(threads.thread(first));
    const nanoseconds = (micros: number) => Math.round((micros - origin) * 1000);
    overlaps += walkSlices(
      input,
      pairing.pair(events),
      (caller, frame) => builder.stack(caller, frame),
      (stack, start, end) => {
        const time = nanoseconds(start);
        builder.sample(stack, [nanoseconds(end) - time], time, thread);
      },
    );
  }
  pairing.note(notes);
  if (overlaps > 0) notes.add(`events that end before one that started in them: ${overlaps}`);
}

function durationEvent(input: Input, path: string, event: JsonObject, builder: ProfileBuilder): DurationEvent {
  const phase = event.ph as DurationEvent['phase'];
  const name = typeof event.name === 'string' ? event.name : '';
  const time = traceNumber(input, path, event, 'ts');
  const key = event.dur === undefined ? 'tdur' : 'dur';
  const duration = phase === 'X' && event[key] !== undefined ? traceNumber(input, path, event, key) : 0;
  if (duration < 0) throw new FormatError(input, `${path}.${key}`, `the duration ${duration} is negative`);
  return { phase, name, time, duration, path, frame: builder.frame(frameWords(name, event.args)) };
}

/** Hermes and DevTools say in `args` where the function stands. */
function frameWords(name: string, args: unknown): FrameWords {
  const { url, funcLine, funcColumn, line, column } = (
    typeof args === 'object' && args !== null ? args : {}
  ) as JsonObject;
  if (typeof url !== 'string' || url === '') return { name };
  const file = scriptFile(url);
  return { name, file, line: position(funcLine ?? line), column: position(funcColumn ?? column), kind: jsKind(file) };
}

function position(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 0x7fffffff ? number : 0;
}
