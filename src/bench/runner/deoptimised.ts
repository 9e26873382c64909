import type { Found } from './found.ts';
import type { MeasuringSettings } from './side.ts';
import type { Warning } from './warnings.ts';
import { runBenchmark } from './worker.ts';

/** V8 says much more than that of a program that changes its mind all the time. */
const KEPT = 4 * 1024 * 1024;
/** Printed by the worker when it begins to measure. */
const MEASURING = 'pforge-prof: measuring\n';
/** `[bailout (kind: deopt-eager, reason: not a Smi): begin. deoptimizing 0x... <JSFunction f (sfi = 0x...)>, ...`, node 16 to 24 */
const BAILOUT =
  /\[bailout \(kind: ([\w-]+), reason: ([^)]*)\): begin\. deoptimizing \w+ <JSFunction (?:([^ (>]\S*) )?\(sfi/g;

/**
 * Whether V8 takes compiled code back while a benchmark is measured, which a process of its own tells that counts for
 * nothing else.
 */
export async function deoptimised(found: Found, settings: MeasuringSettings): Promise<Warning | undefined> {
  const place = { ...found.place, node: [...found.place.node, '--trace-deopt'] };
  const { warmUpTime, measurementTime, sampleSize, timeout } = { ...settings, ...found.listed.options };
  const { printed } = await runBenchmark(
    {
      kind: 'medians',
      file: found.url,
      index: found.listed.index,
      warmUpTime,
      measurementTime,
      sampleSize,
      mark: MEASURING,
    },
    place,
    { timeout, keep: KEPT },
  );
  const begin = printed.indexOf(MEASURING);
  if (begin < 0) return undefined;
  const bailouts = [...printed.slice(begin).matchAll(BAILOUT)].filter(([, , , name = '']) => !OURS.has(name));
  const [first] = bailouts;
  if (first === undefined || bailouts.length < 2) return undefined;
  return {
    kind: 'deoptimised',
    text: `V8 took back compiled code ${bailouts.length} times while it was measured, first of ${first[3] ?? 'a function without a name'} (${first[2]})`,
    advice: 'give it longer to warm up; do all iterations get inputs of the same types?',
  };
}

/** Functions of the worker that see types for the first time once it is over. */
const OURS = new Set(['take', 'measure', 'timePlain', 'timeAwaited', 'timeBatches', 'timeAwaitedBatches', 'now']);
