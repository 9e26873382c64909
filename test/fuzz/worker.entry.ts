import { parentPort, workerData } from 'node:worker_threads';
import { Mutator } from './mutator.ts';
import type { FuzzTarget } from './target.ts';
import { fuzzTargets } from './targets.ts';

/** What `scripts/fuzz.mjs` and its thread share: it looks at these while the thread may be caught in a loop. */
interface Shared {
  /** Runs begun; length of the input; refused; read; 1 = stop. */
  readonly counts: Int32Array<SharedArrayBuffer>;
  readonly input: Uint8Array<SharedArrayBuffer>;
}
const [BEGUN, LENGTH, REFUSED, READ, STOP] = [0, 1, 2, 3, 4] as const;
const CHANGES_AT_ONCE = 256;

interface Order {
  readonly id: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

const { counts, input } = workerData as Shared;
const targets = new Map<string, FuzzTarget>((await fuzzTargets()).map((target) => [target.id, target]));

/** Inputs depend on the seed, the target and the number of the run alone, so that a thread can go on where one ended. */
async function runAll({ id, seed, from, to }: Order): Promise<void> {
  const target = targets.get(id)!;
  for (let run = from; run < to && Atomics.load(counts, STOP) === 0; run++) {
    const mutator = new Mutator(seed + Math.imul(run, 0x85ebca6b));
    const bytes = mutator.mutate(mutator.pick(target.seeds), mutator.pick(target.seeds));
    input.set(bytes.subarray(0, input.length));
    Atomics.store(counts, LENGTH, bytes.length);
    Atomics.store(counts, BEGUN, run + 1);
    try {
      Atomics.add(counts, (await target.run(bytes)) ? READ : REFUSED, 1);
      checkPrototypes();
    } catch (error) {
      const { name, message, stack = '' } = error as Error;
      parentPort!.postMessage({ finding: { id, run, what: `${name}: ${message}`.slice(0, 400), stack, bytes } });
    }
    // The one who watches must be heard now and then
    if (run % CHANGES_AT_ONCE === 0) await new Promise((turn) => setImmediate(turn));
  }
  parentPort!.postMessage({ done: id });
}

function checkPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype]) {
    const added = Object.keys(prototype);
    if (added.length === 0) continue;
    for (const key of added) delete (prototype as Record<string, unknown>)[key];
    throw new Error(`a prototype was given ${added.join(', ')}`);
  }
}

async function replay(id: string, bytes: Uint8Array): Promise<string> {
  try {
    return (await targets.get(id)!.run(Buffer.from(bytes))) ? 'read' : 'refused';
  } catch (error) {
    return (error as Error).stack ?? String(error);
  }
}

parentPort!.on('message', (order: Order & { readonly replay?: Uint8Array }) => {
  if (order.replay === undefined) void runAll(order);
  else void replay(order.id, order.replay).then((replayed) => parentPort!.postMessage({ replayed }));
});
parentPort!.postMessage({
  targets: [...targets.values()].map(({ id, seeds }) => ({ id, seeds: seeds.length })),
});
