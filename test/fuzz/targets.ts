import { codeTargets } from './code-targets.ts';
import { formatTargets } from './format-targets.ts';
import { madeSeeds } from './made-seeds.ts';
import { OverwrittenFile } from './overwritten-file.ts';
import { packedTargets } from './packed-targets.ts';
import { renderTargets } from './render-targets.ts';
import { resultTargets } from './result-targets.ts';
import { smallSeeds } from './small-seeds.ts';
import { symbolTargets } from './symbol-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Everything that reads what strangers wrote, and what draws it; with seeds as they were found. */
export async function wholeTargets(): Promise<FuzzTarget[]> {
  const made = madeSeeds();
  const file = new OverwrittenFile();
  return [
    ...(await formatTargets()),
    ...resultTargets(file),
    ...symbolTargets(),
    ...codeTargets(file),
    ...packedTargets(),
    ...renderTargets(),
  ].map((target) => ({ ...target, seeds: [...(made.get(target.id) ?? []), ...target.seeds] }));
}

/** The same with small seeds. */
export async function fuzzTargets(): Promise<FuzzTarget[]> {
  const small: FuzzTarget[] = [];
  // One after the other: kernels in JavaScript have one memory
  for (const target of await wholeTargets()) small.push({ ...target, seeds: await smallSeeds(target) });
  return small;
}
