import type { ProfileBuilder } from '../../profile/builder.ts';
import { readCpuSamples } from '../cpuprofile/samples.ts';
import { CpuNodes, IDLE_STACK } from '../cpuprofile/tree.ts';
import type { Input, Notes } from '../format.ts';
import { type JsonObject, type JsonPath, jsonArray, jsonNumber, jsonObject } from '../json-stream/input.ts';
import { NumberList } from '../json-stream/list.ts';

/** One of V8's CPU profiles inside a trace, its chunks put together: the parts of a `.cpuprofile`. */
export interface TraceCpuProfile {
  /** The thread that was profiled, as the trace names it. */
  readonly pid: unknown;
  readonly tid: unknown;
  readonly nodes: CpuNodes;
  readonly samples: NumberList;
  /** Undefined where the profile has none. */
  readonly timeDeltas: NumberList | undefined;
  readonly startTime: unknown;
  readonly endTime: unknown;
}

type Open = { -readonly [Key in keyof TraceCpuProfile]: TraceCpuProfile[Key] };

/**
 * Collects V8's CPU profiles from a trace (DevTools' performance panel): `Profile` opens one, `ProfileChunk`s with the same
 * process and id add nodes, samples and times; `CpuProfile` holds a whole one.
 * @throws {FormatError} a wrong type
 */
export class TraceCpuProfiles {
  private readonly input: Input;
  private readonly profiles = new Map<string, Open>();

  constructor(input: Input) {
    this.input = input;
  }

  /** @returns whether the event belongs to a CPU profile */
  add(path: () => string, event: JsonObject): boolean {
    const { name } = event;
    if (name !== 'Profile' && name !== 'ProfileChunk' && name !== 'CpuProfile') return false;
    if (event.ph !== 'P' && event.ph !== 'I') return false;
    const { input } = this;
    const place = `${path()}.args.data`;
    const args = jsonObject(input, `${path()}.args`, event.args);
    const data = jsonObject(input, place, args.data ?? {});
    const whole = name === 'CpuProfile';
    const key = whole ? path() : JSON.stringify([event.pid, event.id]);
    let profile = this.profiles.get(key);
    if (!profile) {
      profile = {
        pid: event.pid,
        tid: event.tid,
        nodes: new CpuNodes(input),
        samples: new NumberList(),
        timeDeltas: undefined,
        startTime: undefined,
        endTime: undefined,
      };
      this.profiles.set(key, profile);
    }
    // Chunks are written by a thread of the profiler; `Profile` by the thread that is profiled
    if (name === 'Profile') profile.tid = event.tid;
    const chunk = jsonObject(input, `${place}.cpuProfile`, whole ? data.cpuProfile : (data.cpuProfile ?? {}));
    const times = whole ? chunk : data;
    if (times.startTime !== undefined) profile.startTime = times.startTime;
    if (times.endTime !== undefined) profile.endTime = times.endTime;
    const deltas = times.timeDeltas ?? chunk.timeDeltas;
    if (chunk.nodes !== undefined || whole) this.addNodes(profile.nodes, `${place}.cpuProfile.nodes`, chunk.nodes);
    this.append(profile.samples, `${place}.cpuProfile.samples`, chunk.samples);
    if (deltas !== undefined || !whole) profile.timeDeltas ??= new NumberList();
    if (profile.timeDeltas) this.append(profile.timeDeltas, `${place}.timeDeltas`, deltas);
    return true;
  }

  /** Those with nodes, in the file's order. */
  list(): readonly TraceCpuProfile[] {
    return [...this.profiles.values()].filter(({ nodes }) => nodes.length > 0);
  }

  private addNodes(nodes: CpuNodes, path: string, value: unknown): void {
    const list = jsonArray(this.input, path, value);
    for (let i = 0; i < list.length; i++) nodes.add(() => `${path}[${i}]`, list.at(i));
  }

  private append(column: NumberList, path: JsonPath, value: unknown): void {
    if (value === undefined) return;
    const list = jsonArray(this.input, path, value);
    for (let i = 0; i < list.length; i++) column.push(jsonNumber(this.input, () => `${path}[${i}]`, list.at(i)));
  }
}

/**
 * Adds the samples of one CPU profile: nanoseconds until the next sample. Time in `(idle)` is no CPU time.
 * @returns nanoseconds of idle time
 */
export function addCpuProfile(
  input: Input,
  { nodes, samples, timeDeltas, startTime, endTime }: TraceCpuProfile,
  builder: ProfileBuilder,
  thread: number,
  notes: Notes,
): number {
  const tree = nodes.tree(builder, notes);
  const file = { samples, timeDeltas, startTime, endTime };
  const { stack, spans } = readCpuSamples(input, file, tree, notes);
  if (!spans) notes.add('a CPU profile without times is left out');
  let idleTime = 0;
  const values = [0];
  let time = spans?.start ?? 0;
  for (let i = 0; spans && i < stack.length; i++) {
    const weight = spans.weight[i]!;
    values[0] = weight;
    if (stack[i] === IDLE_STACK) idleTime += weight;
    else builder.sample(stack[i]!, values, time, thread);
    time += weight;
  }
  return idleTime;
}
