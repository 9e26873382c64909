import { type Command as CommanderCommand, InvalidArgumentError } from 'commander';
import { UserError } from '../../errors.ts';
import { addWorkloadOptions, seconds, type WorkloadOptions } from '../load/options.ts';
import { splitWords } from '../options/split-words.ts';
import { number } from '../options/values.ts';
import type { HeapCommandOptions } from './options.ts';
import type { HeapViewOptions } from './view-options.ts';

/** Options of `heap leak`. */
export interface HeapLeakOptions extends HeapCommandOptions, HeapViewOptions, WorkloadOptions {
  readonly action?: readonly string[];
  /** Seconds. */
  readonly interval?: number;
  readonly rounds?: number;
  readonly keep?: string;
  readonly allocationStacks?: boolean;
}

/** Options that only `heap leak` can heed. */
const LEAK_OPTIONS = ['action', 'interval', 'rounds', 'keep', 'allocationStacks'] as const;

export function addHeapLeakOptions(command: CommanderCommand): CommanderCommand {
  command
    .optionsGroup(
      'Leaks (heap leak): warm up, snapshot, the same again, snapshot, the same again, snapshot; with --load:',
    )
    .option('--action <command>', 'run this between snapshots instead of a load; no shell', actionWords)
    .option('--interval <time>', 'or let the program run so long between snapshots (10s)', positive)
    .option('--rounds <n>', 'how often the same is done (2)', number({ min: 2, max: 100, whole: true }))
    .option('--keep <folder>', 'keep the snapshots there; with --redact without what strings hold')
    .option('--allocation-stacks', 'track who allocates: suspects get their stacks, and the program gets slower');
  return addWorkloadOptions(command);
}

function positive(text: string): number {
  const time = seconds(text);
  if (time > 0) return time;
  throw new InvalidArgumentError('It must be more than nothing.');
}

function actionWords(text: string): readonly string[] {
  return splitWords(text);
}

/** @throws {UserError} an option of `heap leak` without it */
export function checkLeakOptions(options: HeapLeakOptions): void {
  const unheard = LEAK_OPTIONS.find((name) => options[name] !== undefined);
  if (unheard === undefined) return;
  const option = `--${unheard.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UserError(`${option} is for leaks`, { hint: 'pforge-prof heap leak ... -- node app.js' });
}
