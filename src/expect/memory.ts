import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../statistics/quantile.ts';
import type { Conversation } from './drive.ts';
import type { Enough, Measured } from './latency.ts';

/** How memory is measured. */
export interface MemoryOptions {
  /** Rounds that count; the first of all, in which code is compiled, does not. Default: 5. */
  readonly rounds?: number;
}

/**
 * Measures what `n` calls leave in memory, in bytes a call: V8's heap and what it knows to be outside of it (buffers), after a
 * garbage collection, before and after. Resident memory would count pages, and most items are far smaller than one.
 */
export function* measuredMemory(n: number, { rounds = 5 }: MemoryOptions, enough: Enough): Conversation<Measured> {
  const collect = collector();
  const values: number[] = [];
  let from = 0;
  for (let round = 0; round <= rounds; round++) {
    // As many places as there will be results, before the first is measured
    const keep: unknown[] = new Array(n).fill(undefined);
    const before = used(collect);
    yield { count: n, keep, from };
    const after = used(collect);
    from += n;
    // Until here they are held
    keep.length = 0;
    if (round === 0) continue;
    values.push((after - before) / n);
    const soFar = measured(values, n);
    if (values.length >= 3 && enough(soFar)) return soFar;
  }
  return measured(values, n);
}

function measured(values: readonly number[], n: number): Measured {
  return {
    value: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    rounds: values.length,
    samples: values.length,
    calls: n,
  };
}

/** Spaces in which no program keeps its data: what the engine compiles and drops meanwhile would be noise. */
const OF_THE_ENGINE = /code|read_only|trusted/;

function used(collect: () => void): number {
  // What has a finalizer goes with the second one
  collect();
  collect();
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => !OF_THE_ENGINE.test(name));
  return spaces.reduce((sum, space) => sum + space.space_used_size, process.memoryUsage().external);
}

let found: (() => void) | undefined;

/** The engine's garbage collection, as `node --expose-gc` has it, without that option. */
function collector(): () => void {
  if (found === undefined) {
    const { gc } = globalThis as { gc?: () => void };
    if (gc === undefined) setFlagsFromString('--expose-gc');
    found = gc ?? (runInNewContext('gc') as () => void);
  }
  return found;
}
