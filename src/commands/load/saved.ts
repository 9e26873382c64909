import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { EXIT, readError, UserError } from '../../errors.ts';
import { compareLoads, type LoadChange } from '../../load/compare.ts';
import { readLoadResult } from '../../load/readers/registry.ts';
import type { LoadResult } from '../../load/result.ts';
import { openOutput } from '../../output.ts';
import { loadDiffText } from '../../render/load/load-diff-text.ts';
import type { Call } from '../command.ts';
import { formatOfName } from '../options/result-format.ts';
import { LOAD_FORMATS, type LoadCommandOptions } from './command-options.ts';

/**
 * What a load tool printed, read from a file or standard input.
 * @throws {UserError} it cannot be read, or nobody knows it
 */
export async function savedLoad(path: string, { world }: Call): Promise<LoadResult> {
  if (path === '-') return readLoadResult(await readAll(world.stdin), 'standard input');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  return readLoadResult(text, path);
}

/** `load diff BEFORE AFTER`. */
export async function diffLoads(call: Call, inputs: readonly string[], options: LoadCommandOptions): Promise<number> {
  const [old, now, ...more] = inputs;
  if (old === undefined || now === undefined || more.length > 0) {
    throw new UserError('load diff compares two results', { hint: 'pforge-prof load diff before.json after.json' });
  }
  const before = await savedLoad(old, call);
  const after = await savedLoad(now, call);
  const changes = compareLoads(before, after);
  const format = options.format ?? formatOfName(options.output, LOAD_FORMATS) ?? (call.shared.json ? 'json' : 'text');
  if (format !== 'json' && format !== 'text') {
    throw new UserError(`the difference of two loads cannot be written as ${format}`, { hint: 'text and json can' });
  }
  const output = openOutput(options.output ?? '-', call.world);
  const json = { before: old, after: now, unit: 'us', significant: changes.filter(isSure).length, figures: changes };
  await output.write(format === 'json' ? [`${JSON.stringify(json, null, 2)}\n`] : loadDiffText([old, now], changes));
  const say = (line: string): void => {
    if (!call.shared.quiet) call.world.stderr.write(`pforge-prof: ${line}\n`);
  };
  if ((before.rate === undefined) !== (after.rate === undefined)) {
    say('note: one side is of the open model (--rate), the other of the closed one: their latencies do not compare');
  } else if (before.rate !== after.rate)
    say(`note: the rates asked for differ: ${before.rate} and ${after.rate} a second`);
  if (changes.every(({ verdict }) => verdict === 'not known')) {
    say('note: how sure this is cannot be told: both sides must be results of pforge-prof load --json');
  }
  const limit = options.failOnRegression;
  const worse = limit === undefined ? [] : changes.filter((one) => isWorse(one, limit / 100));
  if (worse.length === 0) return EXIT.ok;
  say(`worse by more than ${limit} %: ${worse.map(({ name }) => name).join(', ')}`);
  return EXIT.gateFailed;
}

function isSure({ verdict }: LoadChange): boolean {
  return verdict === 'better' || verdict === 'worse';
}

function isWorse({ verdict, change, name }: LoadChange, limit: number): boolean {
  // The rate gets worse when it falls, everything else when it grows
  return verdict === 'worse' && change !== undefined && (name === 'rps' ? -change : change) > limit;
}
