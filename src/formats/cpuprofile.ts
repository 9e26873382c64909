import { ProfileBuilder } from '../profile/builder.ts';
import { type Counter, IDLE_COUNTER, type Profile, type ValueType } from '../profile/profile.ts';
import { CpuHead, cpuHeadFields } from './cpuprofile/head.ts';
import { CpuNodeRun } from './cpuprofile/node-run.ts';
import { readCpuColumns, samplesStorage } from './cpuprofile/samples.ts';
import { CpuNodes, type CpuTree, IDLE_STACK } from './cpuprofile/tree.ts';
import { cpuProfileCannotHold, writeCpuProfile } from './cpuprofile/write.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import type { KernelSource } from './json-kernel/open-json-kernel.ts';
import { type JsonObject, jsonArray, jsonObject, readJson } from './json-stream/input.ts';
import { isList, NumberList } from './json-stream/list.ts';
import { nestedShape } from './json-stream/nested-nodes.ts';
import { ownThread } from './json-stream/own-thread.ts';
import { ALL, members } from './json-stream/shape.ts';
import { decodeText } from './text/lines.ts';

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

const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{') || /"(?:traceEvents|selfSize|snapshot)"\s*:/.test(text)) return 'no';
  if (/"nodes"\s*:/.test(text) && /"(?:callFrame|timeDeltas|samples)"\s*:/.test(text)) return 'yes';
  if (/"head"\s*:/.test(text) && /"functionName"\s*:/.test(text)) return 'yes';
  return /^\{\s*"(?:samples|timeDeltas|startTime|endTime|nodes|timestamps)"\s*:/.test(text) ? 'maybe' : 'no';
}

/** What a file holds, but for its nodes. */
interface CpuFile {
  readonly file: JsonObject;
  readonly kernel: KernelSource;
  readonly tree: (builder: ProfileBuilder) => CpuTree;
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const { file, kernel, tree: treeOf } = await readFile(input, notes);
  const own = file.pforgeProf;
  const thread = own === undefined ? undefined : ownThread(input, jsonObject(input, '$.pforgeProf', own));
  const builder = new ProfileBuilder([SAMPLES]);
  const tree = treeOf(builder);
  const threadIndex = thread && builder.thread(thread);
  const stacks = tree.stacks ? { stacks: tree.stacks } : {};
  if (file.samples === undefined) return { ...fromHitCounts(tree, builder, threadIndex, notes), ...stacks };

  const { samples: table, idle, duration } = readCpuColumns(input, { file, tree, kernel }, threadIndex, notes);
  const timed = table.values.length > 1;
  const meta = { tool: 'v8-cpu', notes: notes.list, ...(timed ? { duration } : {}) };
  const built = builder.build(meta, { counters: idleCounter(idle, timed ? 'nanoseconds' : 'samples') });
  return {
    ...built,
    ...stacks,
    valueTypes: timed ? [SAMPLES, { type: 'cpu', unit: 'nanoseconds' }] : [SAMPLES],
    samples: table,
  };
}

async function readFile(input: Input, notes: Notes): Promise<CpuFile> {
  let count = 0;
  let nodes = new CpuNodes(input);
  const head = new CpuHead(input);
  let kernel: KernelSource = () => undefined;
  const value = await readJson(input, (machine) => {
    kernel = () => machine.kernel;
    let run = new CpuNodeRun(input, nodes, kernel);
    return members({
      nodes: {
        opened() {
          nodes = new CpuNodes(input);
          run = new CpuNodeRun(input, nodes, kernel);
        },
        get run() {
          return run;
        },
        bytes: (bytes, start, end) => run.takeOne(bytes, start, end),
        each: (node) => nodes.add(() => machine.path(), node),
      },
      head: nestedShape(input, machine, cpuHeadFields, head),
      samples: {
        numbers: () => new NumberList(samplesStorage(nodes.hits)),
        closed(list) {
          count = isList(list) ? list.length : 0;
          return list;
        },
      },
      // V8 writes them last: then it is known how many there are
      timeDeltas: { numbers: () => new NumberList(count > 0 ? new Int32Array(count) : undefined) },
      timestamps: ALL,
      startTime: ALL,
      endTime: ALL,
      pforgeProf: ALL,
    });
  });
  const file = jsonObject(input, '$', value);
  if (file.nodes === undefined && file.head !== undefined) {
    jsonObject(input, '$.head', file.head);
    return { file, kernel, tree: (builder) => head.tree(builder) };
  }
  jsonArray(input, '$.nodes', file.nodes);
  return { file, kernel, tree: (builder) => nodes.tree(builder, notes, true) };
}

/** Idle time is no CPU time: it is told apart from the samples. */
function idleCounter(value: number, unit: string): Counter[] {
  return value > 0 ? [{ name: IDLE_COUNTER, unit, value, supported: true }] : [];
}

/** Old profiles without `samples`: how often each node was seen, at an unknown interval. */
function fromHitCounts(
  { stack, hitCount }: CpuTree,
  builder: ProfileBuilder,
  thread: number | undefined,
  notes: Notes,
): Profile {
  let idleHits = 0;
  for (let row = 0; row < stack.length; row++) {
    const hits = hitCount.at(row)!;
    if (stack[row] === IDLE_STACK) idleHits += hits;
    else if (hits > 0) builder.sample(stack[row]!, [hits], undefined, thread);
  }
  notes.add('no samples over time, only hit counts: weights are samples, not time');
  return builder.build({ tool: 'v8-cpu', notes: notes.list }, { counters: idleCounter(idleHits, 'samples') });
}
