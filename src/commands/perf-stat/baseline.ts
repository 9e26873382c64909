import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { Notes } from '../../formats/format.ts';
import { openInput } from '../../formats/input.ts';
import { readCounterRuns } from '../../formats/perf-stat/read-counter-runs.ts';
import { openOutput } from '../../output.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { countersJson } from '../../render/counters/counters-json.ts';
import type { World } from '../../world.ts';

/** Below the folder in which the command runs, so that each project has its own. */
const STORE = join('.pforge-prof', 'perf-stat');
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** @throws {UserError} the name cannot be a file's in the store */
function baselineFile(name: string): string {
  if (NAME.test(name)) return join(STORE, `${name}.json`);
  throw new UserError(`a baseline cannot be named '${name}'`, {
    hint: 'letters, digits, _ . and -, as in main or v1.2; the first is no dot',
  });
}

/**
 * Keeps the counters under a name, whole or not at all; what had the name before is gone.
 * @returns the file
 * @throws {UserError} it cannot be written
 */
export async function saveBaseline(name: string, runs: CounterRuns, world: World): Promise<string> {
  const file = baselineFile(name);
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make the folder ${dirname(file)}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'run it in a folder that can be written',
      cause: error,
    });
  }
  await openOutput(file, world).write([`${JSON.stringify(countersJson(runs), null, 2)}\n`]);
  return file;
}

/**
 * What was kept under a name.
 * @throws {UserError} there is none of that name, or it is broken
 */
export async function loadBaseline(name: string): Promise<CounterRuns> {
  const file = baselineFile(name);
  const known = baselines();
  if (!known.includes(name)) {
    throw new UserError(`there is no baseline '${name}' in ${STORE}`, {
      hint:
        known.length === 0
          ? `pforge-prof perf-stat -r 10 --save-baseline ${name} -- ./app makes it`
          : `known are ${known.join(', ')}`,
    });
  }
  return readCounterRuns(await openInput(file), new Notes());
}

function baselines(): string[] {
  try {
    return readdirSync(STORE)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();
  } catch {
    return [];
  }
}
