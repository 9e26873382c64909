import type { ProfileBuilder } from '../profile/builder.ts';
import { readCpuSamples } from './cpuprofile-samples.ts';
import { IDLE, readCpuNodes, stackNodes } from './cpuprofile-tree.ts';
import type { Input, Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonObject } from './json-input.ts';

/** One of V8's CPU profiles inside a trace, its chunks put together: the shape of a `.cpuprofile`. */
export interface TraceCpuProfile {
  /** The thread that was profiled, as the trace names it. */
  readonly pid: unknown;
  readonly tid: unknown;
  readonly file: JsonObject;
}

/**
 * Collects V8's CPU profiles from a trace (DevTools' performance panel): `Profile` opens one, `ProfileChunk`s with the same
 * process and id add nodes, samples and times; `CpuProfile` holds a whole one.
 * @throws {FormatError} a wrong type
 */
export class TraceCpuProfiles {
  private readonly input: Input;
  private readonly profiles = new Map<string, { pid: unknown; tid: unknown; file: Record<string, unknown> }>();

  constructor(input: Input) {
    this.input = input;
  }

  /** @returns whether the event belongs to a CPU profile */
  add(path: string, event: JsonObject): boolean {
    const { name } = event;
    if (name !== 'Profile' && name !== 'ProfileChunk' && name !== 'CpuProfile') return false;
    if (event.ph !== 'P' && event.ph !== 'I') return false;
    const args = jsonObject(this.input, `${path}.args`, event.args);
    const data = jsonObject(this.input, `${path}.args.data`, args.data ?? {});
    if (name === 'CpuProfile') {
      const file = jsonObject(this.input, `${path}.args.data.cpuProfile`, data.cpuProfile);
      this.profiles.set(path, { pid: event.pid, tid: event.tid, file });
      return true;
    }
    const key = JSON.stringify([event.pid, event.id]);
    let profile = this.profiles.get(key);
    if (!profile) {
      profile = { pid: event.pid, tid: event.tid, file: { nodes: [], samples: [], timeDeltas: [] } };
      this.profiles.set(key, profile);
    }
    // Chunks are written by a thread of the profiler; `Profile` by the thread that is profiled
    if (name === 'Profile') profile.tid = event.tid;
    const { file } = profile;
    if (data.startTime !== undefined) file.startTime = data.startTime;
    if (data.endTime !== undefined) file.endTime = data.endTime;
    const chunk = jsonObject(this.input, `${path}.args.data.cpuProfile`, data.cpuProfile ?? {});
    this.append(file, 'nodes', `${path}.args.data.cpuProfile.nodes`, chunk.nodes);
    this.append(file, 'samples', `${path}.args.data.cpuProfile.samples`, chunk.samples);
    this.append(file, 'timeDeltas', `${path}.args.data.timeDeltas`, data.timeDeltas ?? chunk.timeDeltas);
    return true;
  }

  /** Those with nodes, in the file's order. */
  list(): readonly TraceCpuProfile[] {
    return [...this.profiles.values()].filter(({ file }) => !Array.isArray(file.nodes) || file.nodes.length > 0);
  }

  private append(file: Record<string, unknown>, key: string, path: string, value: unknown): void {
    if (value === undefined) return;
    const held = file[key] as unknown[];
    for (const item of jsonArray(this.input, path, value)) held.push(item);
  }
}

/**
 * Adds the samples of one CPU profile: nanoseconds until the next sample. Time in `(idle)` is no CPU time.
 * @returns nanoseconds of idle time
 */
export function addCpuProfile(
  input: Input,
  { file }: TraceCpuProfile,
  builder: ProfileBuilder,
  thread: number,
  notes: Notes,
): number {
  const nodes = readCpuNodes(input, file, notes);
  const { node, time } = readCpuSamples(input, { samples: [], ...file }, nodes, notes);
  const stacks = stackNodes(input, nodes, builder);
  if (!time) notes.add('a CPU profile without times is left out');
  let idle = 0;
  for (let i = 0; time && i < node.length; i++) {
    const at = node[i]!;
    const weight = time[i + 1]! - time[i]!;
    if (at >= 0 && nodes[at]!.words.name === IDLE) idle += weight;
    else builder.sample(at < 0 ? -1 : stacks[at]!, [weight], time[i], thread);
  }
  return idle;
}
