import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import { Mutator } from './mutator.ts';
import { NewCode } from './new-code.ts';
import type { FuzzTarget } from './target.ts';
import { fuzzTargets } from './targets.ts';

/** What `scripts/fuzz.mjs` and its threads share: it looks at these while a thread may be caught in a loop. */
interface Shared {
  /** Runs begun; length of the input; refused; read; 1 = stop; inputs run to learn what code they reach. */
  readonly counts: Int32Array<SharedArrayBuffer>;
  readonly input: Uint8Array<SharedArrayBuffer>;
  /** This thread looks for inputs that reach new code. */
  readonly measures: boolean;
}
const [BEGUN, LENGTH, REFUSED, READ, STOP, LEARNED] = [0, 1, 2, 3, 4, 5] as const;
const RUNS_AT_ONCE = 1024;
/** Inputs whose code is looked at together: looking takes longer than a run. */
const MEASURED_AT_ONCE = 32;
/** Of seeds and found inputs. Those that reach new code late are kept in the place of any other that was found. */
const MOST_KEPT = 500;

interface Order {
  readonly id: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

const { counts, input, measures } = workerData as Shared;
const targets = new Map<string, FuzzTarget>((await fuzzTargets()).map((target) => [target.id, target]));
/** Seeds and what was found to reach new code. */
const kept = new Map<string, Buffer[]>(Array.from(targets, ([id, { seeds }]) => [id, [...seeds]]));
const coverage = measures ? new Coverage(import.meta.url) : undefined;
const newCode = new Map<string, NewCode>();
/** What earlier runs found, all of it: `kept` has room for some. */
const foundBefore = new Map<string, Buffer[]>();
const { stackTraceLimit } = Error;

/** Runs a target on inputs that depend on the seed, the number of the run and what is kept. */
async function runAll({ id, seed, from, to }: Order): Promise<void> {
  const target = targets.get(id)!;
  const mutator = new Mutator(seed);
  const inputs = kept.get(id)!;
  let run = from;
  const next = async (): Promise<Buffer> => {
    mutator.reseed(seed + Math.imul(run, 0x85ebca6b));
    const bytes = mutator.mutate(mutator.pick(inputs), mutator.pick(inputs));
    await runOne(target, bytes, run++);
    return bytes;
  };
  while (run < to && Atomics.load(counts, STOP) === 0) {
    if (coverage === undefined) await next();
    else await measureSome(target, next);
    // The one who watches must be heard now and then
    if (run % RUNS_AT_ONCE === 0) await new Promise((turn) => setImmediate(turn));
  }
  parentPort!.postMessage({ done: id });
}

async function runOne(target: FuzzTarget, bytes: Buffer, run: number): Promise<void> {
  input.set(bytes);
  Atomics.store(counts, LENGTH, bytes.length);
  Atomics.store(counts, BEGUN, run + 1);
  // To take a stack takes longer than most refusals: what is found is run again for it
  Error.stackTraceLimit = 0;
  try {
    Atomics.add(counts, (await target.run(bytes)) ? READ : REFUSED, 1);
    checkPrototypes();
  } catch (error) {
    const { name, message } = error as Error;
    const finding = { id: target.id, run, what: `${name}: ${message}`.slice(0, 400), bytes: Buffer.from(bytes) };
    parentPort!.postMessage({ finding: { ...finding, stack: await replay(target.id, finding.bytes) } });
  }
  Error.stackTraceLimit = stackTraceLimit;
}

/** Runs some inputs, and keeps those that reach what neither seeds nor inputs of earlier runs have reached. */
async function measureSome(target: FuzzTarget, next: () => Promise<Buffer>): Promise<void> {
  const { id } = target;
  let code = newCode.get(id);
  if (code === undefined) {
    code = new NewCode(
      (bytes) => replayWatched(id, bytes),
      () => coverage!.take(),
    );
    newCode.set(id, code);
    await code.learn([...target.seeds, ...(foundBefore.get(id) ?? [])]);
    foundBefore.delete(id);
  }
  const inputs: Buffer[] = [];
  while (inputs.length < MEASURED_AT_ONCE) inputs.push(Buffer.from(await next()));
  for (const bytes of await code.firsts(inputs)) {
    keep(id, bytes);
    parentPort!.postMessage({ reached: { id, bytes } });
  }
}

/** Hundreds of kept inputs take longer than one run may: the one who watches sees each of them. */
function replayWatched(id: string, bytes: Buffer): Promise<string> {
  input.set(bytes);
  Atomics.store(counts, LENGTH, bytes.length);
  Atomics.add(counts, LEARNED, 1);
  return replay(id, bytes);
}

function keep(id: string, bytes: Buffer): void {
  const inputs = kept.get(id)!;
  const { length } = targets.get(id)!.seeds;
  if (inputs.length < MOST_KEPT) inputs.push(bytes);
  else inputs[length + (bytes.length % (MOST_KEPT - length))] = bytes;
}

function keepFound(id: string, bytes: Buffer): void {
  keep(id, bytes);
  if (!measures || newCode.has(id)) return;
  const before = foundBefore.get(id);
  if (before === undefined) foundBefore.set(id, [bytes]);
  else before.push(bytes);
}

function checkPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype]) {
    const added = Object.keys(prototype);
    if (added.length === 0) continue;
    for (const key of added) delete (prototype as Record<string, unknown>)[key];
    throw new Error(`a prototype was given ${added.join(', ')}`);
  }
}

/** Runs one input, and tells how it ended. */
async function replay(id: string, bytes: Uint8Array): Promise<string> {
  Error.stackTraceLimit = stackTraceLimit;
  try {
    return (await targets.get(id)!.run(Buffer.from(bytes))) ? 'read' : 'refused';
  } catch (error) {
    return (error as Error).stack ?? String(error);
  }
}

interface Message extends Order {
  readonly replay?: Uint8Array;
  readonly keep?: Uint8Array;
}

parentPort!.on('message', (message: Message) => {
  if (message.keep !== undefined) keepFound(message.id, Buffer.from(message.keep));
  else if (message.replay === undefined) void runAll(message);
  else void replay(message.id, message.replay).then((replayed) => parentPort!.postMessage({ replayed }));
});
parentPort!.postMessage({
  targets: [...targets.values()].map(({ id, seeds }) => ({ id, seeds: seeds.length })),
});
