import type { FrameWords, ProfileBuilder } from '../profile/builder.ts';
import { jsKind } from '../profile/kind.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonObject, jsonString } from './json-input.ts';
import { traceNumber } from './trace-slices.ts';
import type { TraceThreads } from './trace-threads.ts';
import { ANONYMOUS } from './v8-names.ts';

/**
 * Adds the `samples` of a trace, whose stacks stand in `stackFrames` as id to `{ name, category, parent }` (Hermes). A
 * sample lasts until the next one of its thread, the last one as long as the average.
 * @throws {FormatError} a wrong type, or a frame that is its own caller
 */
export function addTraceSamples(
  input: Input,
  file: JsonObject,
  threads: TraceThreads,
  builder: ProfileBuilder,
  notes: Notes,
): void {
  const stacks = readStacks(input, jsonObject(input, '$.stackFrames', file.stackFrames), builder);
  const list = jsonArray(input, '$.samples', file.samples);
  const byThread = new Map<string, { first: JsonObject; samples: { time: number; stack: number }[] }>();
  let origin = Number.POSITIVE_INFINITY;
  let unknown = 0;
  for (let i = 0; i < list.length; i++) {
    const path = `$.samples[${i}]`;
    const sample = jsonObject(input, path, list[i]);
    const time = traceNumber(input, path, sample, 'ts');
    origin = Math.min(origin, time);
    const stack = sample.sf === undefined ? -1 : (stacks.get(String(sample.sf)) ?? -1);
    if (stack < 0) unknown++;
    const key = threads.key(sample);
    const thread = byThread.get(key) ?? { first: sample, samples: [] };
    byThread.set(key, thread);
    thread.samples.push({ time, stack });
  }
  for (const { first, samples } of byThread.values()) {
    samples.sort((a, b) => a.time - b.time);
    const thread = builder.thread(threads.thread(first));
    const times = samples.map(({ time }) => Math.round((time - origin) * 1000));
    const average = times.length > 1 ? Math.round((times.at(-1)! - times[0]!) / (times.length - 1)) : 0;
    for (let i = 0; i < samples.length; i++) {
      const until = times[i + 1] ?? times[i]! + average;
      builder.sample(samples[i]!.stack, [until - times[i]!], times[i], thread);
    }
  }
  if (unknown > 0) notes.add(`samples of stack frames that do not exist, left without a stack: ${unknown}`);
}

function readStacks(input: Input, table: JsonObject, builder: ProfileBuilder): Map<string, number> {
  const frames = new Map(Object.entries(table));
  const stacks = new Map<string, number>();
  for (const start of frames.keys()) {
    const way: { id: string; name: string }[] = [];
    const seen = new Set<string>();
    let id: string | undefined = start;
    while (id !== undefined && !stacks.has(id) && frames.has(id)) {
      const path: string = `$.stackFrames[${JSON.stringify(id)}]`;
      if (seen.has(id)) throw new FormatError(input, path, 'the frame is its own caller (a cycle)');
      seen.add(id);
      const frame: JsonObject = jsonObject(input, path, frames.get(id));
      way.push({ id, name: jsonString(input, `${path}.name`, frame.name) });
      id = frame.parent === undefined || frame.parent === null ? undefined : String(frame.parent);
    }
    let stack = id === undefined ? -1 : (stacks.get(id) ?? -1);
    for (const { id: at, name } of way.reverse()) {
      stack = builder.stack(stack, builder.frame(frameWords(name)));
      stacks.set(at, stack);
    }
  }
  return stacks;
}

/** Hermes writes `name(url:line:column)`. */
function frameWords(text: string): FrameWords {
  const [, name, file, line, column] = /^([^()]*)\(([^()]+):(\d{1,9}):(\d{1,9})\)$/.exec(text) ?? [];
  if (file === undefined) return { name: text };
  return { name: name || ANONYMOUS, file, line: Number(line), column: Number(column), kind: jsKind(file) };
}
