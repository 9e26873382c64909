import { formatTargets } from './format-targets.ts';
import { madeSeeds } from './made-seeds.ts';
import { packedTargets } from './packed-targets.ts';
import { renderTargets } from './render-targets.ts';
import { resultTargets } from './result-targets.ts';
import { smallSeeds } from './small-seeds.ts';
import { symbolTargets } from './symbol-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Everything that reads what strangers wrote, and what draws it. */
export async function fuzzTargets(): Promise<FuzzTarget[]> {
  const targets = [
    ...(await formatTargets()),
    ...resultTargets(),
    ...symbolTargets(),
    ...packedTargets(),
    ...renderTargets(),
  ];
  const made = madeSeeds();
  const small: FuzzTarget[] = [];
  // One after the other: kernels in JavaScript have one memory
  for (const target of targets) {
    const seeds = [...(made.get(target.id) ?? []), ...target.seeds];
    small.push({ ...target, seeds: await smallSeeds({ ...target, seeds }) });
  }
  return small;
}
