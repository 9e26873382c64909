import { ProfileBuilder } from '../../profile/builder.ts';
import { type Counter, IDLE_COUNTER, type Profile, type ValueType } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import type { KernelSource } from '../json-kernel/open-json-kernel.ts';
import { type JsonObject, jsonArray, jsonObject, readJson } from '../json-stream/input.ts';
import { isList, NumberList } from '../json-stream/list.ts';
import { nestedShape } from '../json-stream/nested-nodes.ts';
import { ownThread } from '../json-stream/own-thread.ts';
import { ALL, members } from '../json-stream/shape.ts';
import { CpuHead, cpuHeadFields } from './head.ts';
import { CpuNodeRun } from './node-run.ts';
import { readCpuColumns, samplesStorage } from './samples.ts';
import { CpuNodes, type CpuTree, IDLE_STACK } from './tree.ts';

const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

/** What a file holds, but for its nodes. */
interface CpuFile {
  readonly file: JsonObject;
  readonly kernel: KernelSource;
  readonly tree: (builder: ProfileBuilder) => CpuTree;
}

/** Samples of V8, nested or flat, over time where the file says it. */
export async function readCpuProfile(input: Input, notes: Notes): Promise<Profile> {
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
