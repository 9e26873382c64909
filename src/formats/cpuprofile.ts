import { ProfileBuilder } from '../profile/builder.ts';
import { type Counter, IDLE_COUNTER, type Profile, type Thread } from '../profile/profile.ts';
import { readCpuSamples } from './cpuprofile-samples.ts';
import { type CpuNode, IDLE, readCpuNodes, stackNodes } from './cpuprofile-tree.ts';
import { cpuProfileCannotHold, writeCpuProfile } from './cpuprofile-write.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { jsonNumber, jsonObject, jsonString, readJsonObject } from './json-input.ts';
import { decodeText } from './text-lines.ts';

/**
 * V8's `.cpuprofile` (`node --cpu-prof`, Chrome DevTools; `Profiler.Profile` of the inspector protocol), and the older
 * generation with a nested `head`. A sample's time is the time until the next sample, as DevTools draws it; the last
 * one's ends at `endTime`. Time in `(idle)` is no CPU time: it is a counter of its own.
 */
export const cpuprofile: Format = {
  id: 'cpuprofile',
  title: 'V8 CPU profile',
  extension: 'cpuprofile',
  detect,
  read,
  write: writeCpuProfile,
  cannotHold: cpuProfileCannotHold,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{') || /"(?:traceEvents|selfSize|snapshot)"\s*:/.test(text)) return 'no';
  if (/"nodes"\s*:/.test(text) && /"(?:callFrame|timeDeltas|samples)"\s*:/.test(text)) return 'yes';
  if (/"head"\s*:/.test(text) && /"functionName"\s*:/.test(text)) return 'yes';
  return /^\{\s*"(?:samples|timeDeltas|startTime|endTime|nodes|timestamps)"\s*:/.test(text) ? 'maybe' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const file = await readJsonObject(input);
  const nodes = readCpuNodes(input, file, notes);
  const thread = readThread(input, file.pforgeProf);
  const samples = file.samples === undefined ? undefined : readCpuSamples(input, file, nodes, notes);
  const meta = { tool: 'v8-cpu', notes: notes.list };
  if (samples === undefined) return fromHitCounts(input, nodes, thread, notes);

  const { node, time } = samples;
  const builder = new ProfileBuilder(
    time
      ? [
          { type: 'samples', unit: 'count' },
          { type: 'cpu', unit: 'nanoseconds' },
        ]
      : [{ type: 'samples', unit: 'count' }],
  );
  const stacks = stackNodes(input, nodes, builder);
  const threadIndex = thread && builder.thread(thread);
  let idle = 0;
  let idleSamples = 0;
  for (let i = 0; i < node.length; i++) {
    const at = node[i]!;
    const weight = time ? time[i + 1]! - time[i]! : 0;
    if (at >= 0 && nodes[at]!.words.name === IDLE) {
      idle += weight;
      idleSamples++;
      continue;
    }
    builder.sample(at < 0 ? -1 : stacks[at]!, time ? [1, weight] : [1], time?.[i], threadIndex);
  }
  const duration = time ? time.at(-1)! - time[0]! : 0;
  const counters = idleCounter(time ? idle : idleSamples, time ? 'nanoseconds' : 'samples');
  return builder.build(time ? { ...meta, duration } : meta, { counters });
}

/** Idle time is no CPU time: it is told apart from the samples. */
function idleCounter(value: number, unit: string): Counter[] {
  return value > 0 ? [{ name: IDLE_COUNTER, unit, value, supported: true }] : [];
}

/** Old profiles without `samples`: how often each node was seen, at an unknown interval. */
function fromHitCounts(input: Input, nodes: readonly CpuNode[], thread: Thread | undefined, notes: Notes): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stacks = stackNodes(input, nodes, builder);
  const threadIndex = thread && builder.thread(thread);
  let idle = 0;
  nodes.forEach(({ words, hitCount }, i) => {
    if (words.name === IDLE) idle += hitCount;
    else if (hitCount > 0) builder.sample(stacks[i]!, [hitCount], undefined, threadIndex);
  });
  notes.add('no samples over time, only hit counts: weights are samples, not time');
  return builder.build({ tool: 'v8-cpu', notes: notes.list }, { counters: idleCounter(idle, 'samples') });
}

/** The thread that our own preload writes into the file. */
function readThread(input: Input, value: unknown): Thread | undefined {
  if (value === undefined) return undefined;
  const own = jsonObject(input, '$.pforgeProf', value);
  return {
    pid: jsonNumber(input, '$.pforgeProf.pid', own.pid),
    tid: jsonNumber(input, '$.pforgeProf.tid', own.tid),
    process: jsonString(input, '$.pforgeProf.process', own.process),
    name: jsonString(input, '$.pforgeProf.thread', own.thread),
  };
}
