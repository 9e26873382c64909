import { formatTargets } from './format-targets.ts';
import { renderTargets } from './render-targets.ts';
import { resultTargets } from './result-targets.ts';
import { symbolTargets } from './symbol-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Everything that reads what strangers wrote, and what draws it. */
export async function fuzzTargets(): Promise<FuzzTarget[]> {
  return [...(await formatTargets()), ...resultTargets(), ...symbolTargets(), ...renderTargets()];
}
