import { type Command as CommanderCommand, InvalidArgumentError } from 'commander';
import { UserError } from '../../errors.ts';
import { byteSize, number } from '../options/values.ts';

/** Options of `heap` that concern snapshots. */
export interface HeapViewOptions {
  readonly dominators?: boolean;
  readonly retainers?: number;
  readonly strings?: boolean;
  readonly minPercent?: number;
  readonly redact?: boolean;
  readonly failOnGrowth?: number;
}

/** Each is a view of its own. */
const VIEWS = ['dominators', 'retainers', 'strings', 'redact'] as const;

export function addHeapViewOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Snapshots (.heapsnapshot); without any of these: what there is by constructor, and what stands out:')
    .option('--dominators', 'a tree of what holds what alone')
    .option('--retainers <@id>', 'why the object with this id is alive: the ways to it from a root', objectId)
    .option('--strings', 'strings that are there more than once')
    .option('--min-percent <percent>', 'leave out parts of the tree below this (1)', number({ min: 0, max: 100 }))
    .option(
      '--redact',
      'write the snapshot (-o), or record it, with lengths and hashes in the place of all that strings hold',
    )
    .option(
      '--fail-on-growth <size>',
      'of diff and leak: exit code 1 where the heap (leak: what is suspected) grew by more: 0, 100KiB, 5MiB',
      byteSizeOrNone,
    );
}

/** Reads `@123` or `123`. */
function objectId(text: string): number {
  if (/^@?\d{1,15}$/.test(text)) return Number(text.replace('@', ''));
  throw new InvalidArgumentError('It must be the id of an object, as reports have it: @123.');
}

function byteSizeOrNone(text: string): number {
  return /^0+(?:[a-z]*)$/i.test(text) ? 0 : byteSize(text);
}

/** Views that were asked for, as options are spelt. */
export function askedViews(options: HeapViewOptions): string[] {
  return VIEWS.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
}

/**
 * @param snapshots whether snapshots are recorded
 * @throws {UserError} a view of a snapshot, where something is recorded
 */
export function checkNoViews(options: HeapViewOptions, snapshots: boolean): void {
  const view = askedViews(options).find((name) => name !== '--redact');
  if (view !== undefined) {
    throw new UserError(`${view} is a view of a snapshot`, {
      hint: 'record with --snapshot first, then give the file',
    });
  }
  if (options.redact && !snapshots) throw new UserError('--redact goes with snapshots', { hint: 'add --snapshot' });
  if (options.failOnGrowth !== undefined) {
    throw new UserError('--fail-on-growth compares snapshots', { hint: 'pforge-prof heap leak -- node app.js' });
  }
}
